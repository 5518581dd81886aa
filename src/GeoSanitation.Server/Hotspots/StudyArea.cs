using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GeoSanitation.Coordinates;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Tiles;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Where issues could have been found: places without any inside it count as zeros.</summary>
/// <param name="Rings">The area in meters of the analysis system.</param>
/// <param name="AreaSquareMeters">Its size.</param>
/// <param name="Bounds">Its outer box, meters.</param>
internal sealed record StudyArea(PolygonRings Rings, double AreaSquareMeters, Envelope Bounds)
{
    /// <summary>Around the hull of the points, as a part of its width: the outermost points are not on the very edge.</summary>
    private const double MarginShare = 0.01;
    private const double LeastMarginMeters = 50;

    private static readonly ConditionalWeakTable<WardSnapshot, ConcurrentDictionary<string, StudyArea>> Known = [];

    /// <summary>The wards of these codes, or all, as one area; null when there is none.</summary>
    /// <param name="wards">The wards.</param>
    /// <param name="codes">Those that are meant; none for all.</param>
    /// <param name="within">Longitude and latitude: only what lies in it; null for no limit.</param>
    /// <param name="crs">The metric plane.</param>
    internal static StudyArea? OfWards(WardSnapshot wards, IReadOnlyList<string> codes, Geometry? within, Crs crs)
    {
        // The outermost wards: those inside them add nothing.
        List<WardOutline> outer = [.. wards.Current.Where(w => codes.Count > 0 ? codes.Contains(w.Code) : w.ParentId is null)];
        if (outer.Count == 0)
        {
            return null;
        }
        return within is null
            ? Known.GetOrCreateValue(wards).GetOrAdd($"{crs.Name} {string.Join('\n', codes)}", _ => Of(PolygonsOf(United([.. outer.Select(w => w.Geometry!)]), crs)))
            : Of(PolygonsOf(United([.. outer.Where(w => w.Geometry!.EnvelopeInternal.Intersects(within.EnvelopeInternal)).Select(w => FilterPlaces.Common(w.Geometry, within)!)]), crs));
    }

    private static Geometry United(List<Geometry> parts) => parts.Count == 1 ? parts[0] : OverlayNGRobust.Union(parts, GeometryFactory.Default);

    /// <summary>The convex hull of the points and a small margin; null without points.</summary>
    internal static StudyArea? OfPoints(Points points)
    {
        if (points.Count == 0)
        {
            return null;
        }
        var hull = ConvexHull.Outline(points.XMeters, points.YMeters, LeastMarginMeters);
        var corners = new Coordinate[hull.Length / 2];
        for (var i = 0; i < corners.Length; i++)
        {
            corners[i] = new Coordinate(hull[2 * i], hull[2 * i + 1]);
        }
        var polygon = new GeometryFactory().CreatePolygon(corners);
        var margin = Math.Max(LeastMarginMeters, MarginShare * Math.Max(polygon.EnvelopeInternal.Width, polygon.EnvelopeInternal.Height));
        return Of(Flat(polygon.Buffer(margin)));
    }

    /// <summary>The rings of a lon/lat geometry in meters.</summary>
    internal static PolygonRings PolygonsOf(Geometry lonLat, Crs crs)
    {
        var flat = Flat(lonLat);
        return new PolygonRings([.. flat.Rings.Select(ring => ProjectedRing(ring, crs))]);
    }

    /// <summary>A lon/lat geometry in meters, polygon by polygon: a shell and its holes.</summary>
    internal static IReadOnlyList<IReadOnlyList<double[]>> Nested(MultiPolygon lonLat, Crs crs)
        => [.. lonLat.Geometries.Select(polygon => PolygonsOf(polygon, crs).Rings)];

    /// <summary>Centers of gravity of wards, meters.</summary>
    internal static Points Centroids(IReadOnlyList<WardOutline> wards, Crs crs)
    {
        var x = wards.Select(w => w.Geometry!.Centroid.X).ToArray();
        var y = wards.Select(w => w.Geometry!.Centroid.Y).ToArray();
        AnalysisCrs.ToMeters(crs, x, y);
        return new Points(x, y);
    }

    /// <summary>Area inside, square meters: shells counter-clockwise, holes clockwise.</summary>
    internal static double AreaOf(PolygonRings polygon)
    {
        var sum = 0.0;
        foreach (var ring in polygon.Rings)
        {
            sum += ConvexHull.SignedArea(ring);
        }
        return sum;
    }

    private static StudyArea Of(PolygonRings rings)
    {
        var bounds = new Envelope();
        foreach (var ring in rings.Rings)
        {
            for (var i = 0; i < ring.Length; i += 2)
            {
                bounds.ExpandToInclude(ring[i], ring[i + 1]);
            }
        }
        return new StudyArea(rings, AreaOf(rings), bounds);
    }

    private static PolygonRings Flat(Geometry geometry)
    {
        var rings = new List<double[]>();
        for (var g = 0; g < geometry.NumGeometries; g++)
        {
            if (geometry.GetGeometryN(g) is Polygon { IsEmpty: false } polygon)
            {
                rings.Add(Directed(polygon.ExteriorRing, counterClockwise: true));
                rings.AddRange(polygon.InteriorRings.Select(ring => Directed(ring, counterClockwise: false)));
            }
        }
        return new PolygonRings(rings);
    }

    private static double[] Directed(LineString line, bool counterClockwise)
    {
        var sequence = line.CoordinateSequence;
        var ring = new double[2 * sequence.Count];
        for (var i = 0; i < sequence.Count; i++)
        {
            (ring[2 * i], ring[2 * i + 1]) = (sequence.GetX(i), sequence.GetY(i));
        }
        if (ConvexHull.SignedArea(ring) > 0 != counterClockwise)
        {
            Array.Reverse(ring);
            for (var i = 0; i < ring.Length; i += 2)
            {
                (ring[i], ring[i + 1]) = (ring[i + 1], ring[i]);
            }
        }
        return ring;
    }

    private static double[] ProjectedRing(double[] ring, Crs crs)
    {
        var (x, y) = (new double[ring.Length / 2], new double[ring.Length / 2]);
        for (var i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = (ring[2 * i], ring[2 * i + 1]);
        }
        AnalysisCrs.ToMeters(crs, x, y);
        for (var i = 0; i < x.Length; i++)
        {
            (ring[2 * i], ring[2 * i + 1]) = (x[i], y[i]);
        }
        return ring;
    }
}
