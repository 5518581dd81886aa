using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Filters;

/// <summary>Functions of CQL2, by name, for both of its forms (OGC 21-065r2, clauses 7 and 8).</summary>
internal static class Cql2Words
{
    /// <summary>All functions, for people.</summary>
    internal static string Functions { get; } = string.Join(", ", (string[])
    [
        "CASEI", "DATE", "TIMESTAMP", "INTERVAL",
        .. Enum.GetNames<SpatialRelation>().Select(n => "S_" + n.ToUpperInvariant()),
        .. Enum.GetNames<TemporalRelation>().Select(n => "T_" + n.ToUpperInvariant()),
        .. Enum.GetNames<ListRelation>().Select(n => "A_" + n.ToUpperInvariant()),
    ]);

    internal static SpatialRelation? SpatialOf(string function) => Of<SpatialRelation>("S_", function);

    internal static TemporalRelation? TemporalOf(string function) => Of<TemporalRelation>("T_", function);

    internal static ListRelation? ListOf(string function) => Of<ListRelation>("A_", function);

    internal static Predicate Relate(SpatialRelation relation, Geometry? first, Geometry? second)
    {
        // The database refuses collections in all relations but one.
        if (relation != SpatialRelation.Intersects && (first ?? second) is GeometryCollection and not (MultiPoint or MultiLineString or MultiPolygon))
        {
            throw new FilterException("a collection of shapes can only be asked for with S_INTERSECTS");
        }
        return new Spatial(relation, first, second);
    }

    /// <summary>A period from one end to another; a day as its end counts to its last moment.</summary>
    internal static Period Interval((Operand? Moment, bool IsDay) start, (Operand? Moment, bool IsDay) end)
    {
        foreach (var (moment, _) in new[] { start, end })
        {
            if (moment is { Kind: not ColumnKind.Time })
            {
                throw new FilterException("the ends of an interval are times");
            }
        }
        var last = end.IsDay ? PredicateBuilder.Moment(end.Moment!, true).End : end.Moment;
        return start.Moment is Literal { Value: DateTime from } && last is Literal { Value: DateTime to } && from > to
            ? throw new FilterException("an interval ends before it starts")
            : new Period(start.Moment, last);
    }

    private static T? Of<T>(string prefix, string function)
        where T : struct, Enum
        => function.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && Enum.TryParse<T>(function[prefix.Length..], ignoreCase: true, out var relation)
            && char.IsAsciiLetter(function[prefix.Length]) ? relation : null;
}
