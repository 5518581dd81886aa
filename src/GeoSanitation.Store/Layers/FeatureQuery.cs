using System.Text;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Predicates;
using NetTopologySuite.Geometries;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Layers;

/// <summary>Which features of a layer are meant, and what of them is to be read. Every condition narrows the choice.</summary>
/// <param name="Layer">The layer.</param>
public sealed record FeatureQuery(Layer Layer)
{
    /// <summary>The issue filter; only for <see cref="LayerCatalog.Issues"/>.</summary>
    public IssueFilter Issues { get; init; } = IssueFilter.All;

    /// <summary>A condition of some filter language; null for none.</summary>
    public Predicate? Where { get; init; }

    /// <summary>Lon/lat boxes; a feature touches one of them.</summary>
    public IReadOnlyList<Envelope> Boxes { get; init; } = [];

    /// <summary>Only the features of these ids (values of <see cref="Layer.Id"/>); null for all.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Only the features of these row numbers; null for all.</summary>
    public IReadOnlyList<long>? Numbers { get; init; }

    /// <summary>The attributes to read, in this order.</summary>
    public IReadOnlyList<LayerColumn> Columns { get; init; } = Layer.Columns;

    /// <summary>False leaves the shapes out.</summary>
    public bool Shapes { get; init; } = true;

    /// <summary>The order; by row when null.</summary>
    public RowOrder? Order { get; init; }

    /// <summary>Keys of the last row of the page before; null for the first page.</summary>
    public IReadOnlyList<object>? After { get; init; }

    /// <summary>So many are passed over.</summary>
    public long Offset { get; init; }

    /// <summary>At most so many; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>Whether to count all that are meant, on all pages.</summary>
    public bool Count { get; init; }

    /// <summary>The condition over the tables of the layer; its values are added to the command as parameters.</summary>
    internal string Condition(NpgsqlParameterCollection parameters)
    {
        var sql = new StringBuilder(Layer.Always);
        void And(string condition) => sql.Append("\n  AND ").Append(condition);
        string Value(object value, NpgsqlDbType type)
        {
            var name = $"q{parameters.Count}";
            parameters.Add(new(name, type) { Value = value });
            return "@" + name;
        }

        if (Issues != IssueFilter.All)
        {
            And(IssueFilterSql.Where(Issues with { Where = null }, parameters));
        }
        if (Boxes.Count > 0)
        {
            And("(" + string.Join(" OR ", Boxes.Select(b =>
            {
                var (west, south, east, north) = (Number(b.MinX), Number(b.MinY), Number(b.MaxX), Number(b.MaxY));
                var box = $"ST_MakeEnvelope({west}, {south}, {east}, {north}, 4326)";
                // The index holds boxes of single precision, about a meter wider; the coordinates decide.
                return Layer.Shape == LayerShape.Point
                    ? $"({Layer.Geometry} && {box} AND ST_X({Layer.Geometry}) BETWEEN {west} AND {east} AND ST_Y({Layer.Geometry}) BETWEEN {south} AND {north})"
                    // A box without an area is no polygon; its envelope is the line or point that it is.
                    : $"({Layer.Geometry} && {box} AND ST_Intersects({Layer.Geometry}, ST_Envelope({box})))";
            })) + ")");
        }
        if (Ids is { } ids)
        {
            And(Layer.Id.Kind == ColumnKind.Whole
                ? $"{Layer.Id.Sql} = ANY ({Value(ids.Select(id => long.TryParse(id, out var number) ? number : -1).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint)})"
                : $"{Layer.Id.Sql} = ANY ({Value(ids.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)})");
        }
        if (Numbers is { } numbers)
        {
            And($"{Layer.Number} = ANY ({Value(numbers.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint)})");
        }
        foreach (var where in new[] { Where, Issues.Where }.OfType<Predicate>())
        {
            And(PredicateSql.Where(where, Layer, parameters, out _));
        }
        return sql.ToString();

        string Number(double value) => Value(value, NpgsqlDbType.Double);
    }
}
