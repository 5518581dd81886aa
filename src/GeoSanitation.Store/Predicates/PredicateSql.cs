using System.Globalization;
using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Predicates;

/// <summary>Writes a <see cref="Predicate"/> as SQL over the tables of its layer. Names come from the layer, values go into parameters.</summary>
internal sealed class PredicateSql(Layer layer, NpgsqlParameterCollection parameters)
{
    private readonly HashSet<LayerColumn> _columns = [];

    /// <summary>The condition; its values are added to the command as parameters.</summary>
    /// <param name="predicate">The condition.</param>
    /// <param name="layer">The layer whose features it is about.</param>
    /// <param name="parameters">Those of the command.</param>
    /// <param name="columns">The attributes that it names.</param>
    internal static string Where(Predicate predicate, Layer layer, NpgsqlParameterCollection parameters, out IReadOnlySet<LayerColumn> columns)
    {
        var writer = new PredicateSql(layer, parameters);
        columns = writer._columns;
        return writer.Of(predicate);
    }

    private string Of(Predicate predicate) => predicate switch
    {
        All { Parts: [] } => "TRUE",
        AnyOf { Parts: [] } => "FALSE",
        All all => $"({string.Join(" AND ", all.Parts.Select(Of))})",
        AnyOf any => $"({string.Join(" OR ", any.Parts.Select(Of))})",
        Not not => $"(NOT {Of(not.Part)})",
        Holds holds => Of(holds.Flag),
        Comparison { Operator: var op } c => $"({Of(c.Left)} {SignOf(op)} {Of(c.Right)})",
        Like like => $"({Of(like.Text)} LIKE {Of(like.Pattern)})",
        Between between => $"({Of(between.Value)} BETWEEN {Of(between.Lowest)} AND {Of(between.Highest)})",
        OneOf one => $"({Of(one.Value)} IN ({string.Join(", ", one.Values.Select(Of))}))",
        IsNull { Value: null } => $"({layer.Geometry} IS NULL)",
        IsNull isNull => $"({Of(isNull.Value!)} IS NULL)",
        Spatial spatial => Of(spatial),
        Nearby nearby => Of(nearby),
        BoxesMeet { Shape.Envelope: var box } => $"({layer.Geometry} && {Value(box)} AND ST_Intersects(ST_Envelope({layer.Geometry}), {Value(box)}))",
        Temporal temporal => Of(temporal),
        // Lists are sets: their order says nothing.
        Lists { Relation: ListRelation.Equals } same => $"({Of(same.First)} @> {Of(same.Second)} AND {Of(same.First)} <@ {Of(same.Second)})",
        Lists lists => $"({Of(lists.First)} {lists.Relation switch { ListRelation.Contains => "@>", ListRelation.ContainedBy => "<@", _ => "&&" }} {Of(lists.Second)})",
        _ => throw new InvalidOperationException($"no SQL for {predicate.GetType().Name}"),
    };

    private string Of(Operand scalar) => scalar switch
    {
        ColumnValue value => Named(value.Column),
        Literal { Value: string text } => Value(text, NpgsqlDbType.Text),
        Literal { Value: long whole } => Value(whole, NpgsqlDbType.Bigint),
        Literal { Value: double number } => Value(number, NpgsqlDbType.Double),
        Literal { Value: bool flag } => flag ? "TRUE" : "FALSE",
        Literal { Value: DateTime time } => Value(time, NpgsqlDbType.TimestampTz),
        CaseInsensitive folded => $"lower({Of(folded.Text)})",
        Cased cased => $"{(cased.Upper ? "upper" : "lower")}({Of(cased.Text)})",
        FlagAsNumber flag => $"({Of(flag.Flag)})::int",
        JoinedTexts joined => joined.Column.JoinedSql,
        StatisticValue value => value.Statistic.Sql(parameters),
        Arithmetic arithmetic => Of(arithmetic),
        _ => throw new InvalidOperationException($"no SQL for {scalar.GetType().Name}"),
    };

    private string Of(Arithmetic arithmetic)
    {
        var (left, right) = ($"({Of(arithmetic.Left)})::double precision", $"({Of(arithmetic.Right)})::double precision");
        return arithmetic.Operator switch
        {
            ArithmeticOperator.Add => $"({left} + {right})",
            ArithmeticOperator.Subtract => $"({left} - {right})",
            ArithmeticOperator.Multiply => $"({left} * {right})",
            ArithmeticOperator.Divide => $"({left} / nullif({right}, 0))",
            ArithmeticOperator.WholeDivide => $"trunc({left} / nullif({right}, 0))",
            ArithmeticOperator.Remainder => $"({left} - {right} * trunc({left} / nullif({right}, 0)))",
            _ => $"power({left}, {right})",
        };
    }

    private string Of(Spatial spatial)
    {
        var (first, second) = (spatial.First is { } f ? Value(f) : layer.Geometry, spatial.Second is { } s ? Value(s) : layer.Geometry);
        return $"ST_{spatial.Relation}({first}, {second})";
    }

    private string Of(Nearby nearby)
    {
        var (shape, meters) = ($"{Value(nearby.Shape)}::geography", Value(nearby.Meters, NpgsqlDbType.Double));
        // The box uses the index on the stored geometry; the geodesic distance decides.
        return $"({layer.Geometry} && ST_Expand(ST_Buffer({shape}, {meters} * 1.01)::geometry, 1e-6) AND ST_DWithin({layer.Geometry}::geography, {shape}, {meters}))";
    }

    private string Of(Temporal temporal)
    {
        var (aStart, aEnd) = (Of(temporal.First.Start, "-infinity"), Of(temporal.First.End, "infinity"));
        var (bStart, bEnd) = (Of(temporal.Second.Start, "-infinity"), Of(temporal.Second.End, "infinity"));
        return temporal.Relation switch
        {
            TemporalRelation.After => $"({aStart} > {bEnd})",
            TemporalRelation.Before => $"({aEnd} < {bStart})",
            TemporalRelation.Contains => $"({aStart} < {bStart} AND {aEnd} > {bEnd})",
            TemporalRelation.Disjoint => $"({aStart} > {bEnd} OR {aEnd} < {bStart})",
            TemporalRelation.During => $"({aStart} > {bStart} AND {aEnd} < {bEnd})",
            TemporalRelation.Equals => $"({aStart} = {bStart} AND {aEnd} = {bEnd})",
            TemporalRelation.FinishedBy => $"({aStart} < {bStart} AND {aEnd} = {bEnd})",
            TemporalRelation.Finishes => $"({aStart} > {bStart} AND {aEnd} = {bEnd})",
            TemporalRelation.Intersects => $"({aStart} <= {bEnd} AND {aEnd} >= {bStart})",
            TemporalRelation.Meets => $"({aEnd} = {bStart})",
            TemporalRelation.MetBy => $"({aStart} = {bEnd})",
            TemporalRelation.OverlappedBy => $"({aStart} > {bStart} AND {aStart} < {bEnd} AND {aEnd} > {bEnd})",
            TemporalRelation.Overlaps => $"({aStart} < {bStart} AND {aEnd} > {bStart} AND {aEnd} < {bEnd})",
            TemporalRelation.StartedBy => $"({aStart} = {bStart} AND {aEnd} > {bEnd})",
            _ => $"({aStart} = {bStart} AND {aEnd} < {bEnd})",
        };

        string Of(Operand? moment, string open) => moment is null ? $"'{open}'::timestamptz" : this.Of(moment);
    }

    private string Of(TextList list) => list.Column is { } column ? Named(column) : Value(list.Texts.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

    private string Named(LayerColumn column)
    {
        _columns.Add(column);
        return column.Sql;
    }

    private static string SignOf(ComparisonOperator sign) => sign switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "<>",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };

    private string Value(Geometry geometry)
    {
        geometry.SRID = 4326;
        return Value(geometry, NpgsqlDbType.Geometry);
    }

    private string Value(object value, NpgsqlDbType type)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"w{parameters.Count}");
        parameters.Add(new(name, type) { Value = value });
        return "@" + name;
    }
}
