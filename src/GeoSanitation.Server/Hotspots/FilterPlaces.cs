using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Predicates;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Where the issues of a filter can lie, by its boxes, circles and shapes: elsewhere there are none because none were asked for, which is not the same as none being there.</summary>
/// <param name="Within">Longitude and latitude: where all of them lie; null for anywhere.</param>
/// <param name="IsTold">False where the filter says something about places that no area can tell: beside another condition with "or", by lines, or by borders.</param>
internal sealed record FilterPlaces(Geometry? Within, bool IsTold)
{
    // A circle is drawn a little too large: as a polygon, and in a plane that is right in its middle, it must lose no issue at its rim.
    private const double CircleMargin = 1.001;
    private const double CircleMarginPerMeter = 5e-7;
    private const int CircleSegments = 32;
    private const double MetersPerDegree = 110_574;

    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    /// <summary>What the study area is that keeps to these places, in words.</summary>
    internal string StudyArea => Within is null ? "wards" : "wards, within the places of the filter";

    /// <summary>The places of a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="around">Longitude and latitude: what is outside of it does not matter.</param>
    internal static FilterPlaces Of(IssueFilter filter, Envelope around)
    {
        var world = Polygons(Factory.ToGeometry(around));
        List<Limit> limits = [];
        if (filter.Boxes.Count > 0)
        {
            limits.Add(Either([.. filter.Boxes.Select(box => Limit.Just(Polygons(Factory.ToGeometry(box))))]));
        }
        if (filter.Near is { } near)
        {
            limits.Add(Limit.Just(Around(Factory.CreatePoint(new Coordinate(near.LonDegrees, near.LatDegrees)), near.RadiusMeters)));
        }
        if (filter.Where is { } where)
        {
            limits.Add(Of(where, world));
        }
        var all = Both(limits);
        return new FilterPlaces(all.Within is null ? null : Overlaid(all.Within, world, SpatialFunction.Intersection), all.IsTold);
    }

    /// <summary>What two polygonal shapes have in common; null is everywhere.</summary>
    internal static Geometry? Common(Geometry? one, Geometry? other)
        => one is null || other is null ? one ?? other : Overlaid(one, other, SpatialFunction.Intersection);

    private static Limit Of(Predicate predicate, Geometry world) => predicate switch
    {
        All all => Both([.. all.Parts.Select(part => Of(part, world))]),
        AnyOf any => Either([.. any.Parts.Select(part => Of(part, world))]),
        Not not => Of(not.Part, world) switch
        {
            { IsJustThat: true, Within: { } area } => Limit.Just(Overlaid(world, area, SpatialFunction.Difference)),
            { Within: null, IsTold: true } => Limit.None,
            _ => Limit.Untold,
        },
        Spatial { First: null, Second: { } shape } spatial => Of(spatial.Relation, shape, world),
        Spatial { First: { } shape, Second: null } spatial => Of(FromTheOther(spatial.Relation), shape, world),
        Nearby nearby => Limit.Just(Around(nearby.Shape, nearby.Meters)),
        BoxesMeet { Shape: var shape } => Limit.Just(Polygons(Factory.ToGeometry(shape.EnvelopeInternal))),
        _ => Limit.None,
    };

    /// <summary>The same relation, from the second shape to the first.</summary>
    private static SpatialRelation FromTheOther(SpatialRelation relation) => relation switch
    {
        SpatialRelation.Contains => SpatialRelation.Within,
        SpatialRelation.Within => SpatialRelation.Contains,
        _ => relation,
    };

    /// <summary>How an issue, which is a point, lies to a shape.</summary>
    private static Limit Of(SpatialRelation relation, Geometry shape, Geometry world) => (relation, shape) switch
    {
        (SpatialRelation.Intersects or SpatialRelation.Within, IPolygonal) => Limit.Just(shape),
        (SpatialRelation.Disjoint, IPolygonal) => Limit.Just(Overlaid(world, shape, SpatialFunction.Difference)),
        _ => Limit.Untold,
    };

    private static Limit Both(IReadOnlyList<Limit> parts)
        => new(parts.Select(p => p.Within).Aggregate((Geometry?)null, Common), parts.All(p => p.IsJustThat), parts.All(p => p.IsTold));

    private static Limit Either(IReadOnlyList<Limit> parts)
    {
        if (parts.All(p => p.Within is not null))
        {
            var within = parts.Select(p => p.Within!).Aggregate((Geometry)Factory.CreateMultiPolygon(), (one, other) => Overlaid(one, other, SpatialFunction.Union));
            return new Limit(within, parts.All(p => p.IsJustThat), parts.All(p => p.IsTold));
        }
        return parts.All(p => p is { Within: null, IsTold: true }) ? Limit.None : Limit.Untold;
    }

    private static Geometry Around(Geometry shape, double meters)
    {
        var narrower = Math.Cos(shape.EnvelopeInternal.Centre.Y * Math.PI / 180);
        var flat = AffineTransformation.ScaleInstance(MetersPerDegree * narrower, MetersPerDegree).Transform(shape);
        var grown = flat.Buffer(meters * (CircleMargin + meters * CircleMarginPerMeter), CircleSegments);
        return AffineTransformation.ScaleInstance(1 / (MetersPerDegree * narrower), 1 / MetersPerDegree).Transform(grown);
    }

    private static MultiPolygon Overlaid(Geometry one, Geometry other, SpatialFunction how) => Polygons(OverlayNGRobust.Overlay(one, other, how));

    /// <summary>What has an area: of a box without width, nothing.</summary>
    private static MultiPolygon Polygons(Geometry geometry) => Factory.CreateMultiPolygon([.. PolygonExtracter.GetPolygons(geometry).Cast<Polygon>()]);

    /// <summary>What a condition says about places.</summary>
    /// <param name="Within">Where it can hold; null for anywhere.</param>
    /// <param name="IsJustThat">Whether it says nothing else: it holds everywhere there.</param>
    /// <param name="IsTold">Whether that is all it says about places.</param>
    private sealed record Limit(Geometry? Within, bool IsJustThat, bool IsTold)
    {
        internal static readonly Limit None = new(null, false, true);
        internal static readonly Limit Untold = new(null, false, false);

        internal static Limit Just(Geometry within) => new(within, true, true);
    }
}
