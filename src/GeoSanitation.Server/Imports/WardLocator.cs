using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Store.Imports;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Imports;

/// <summary>The ward of a point: the deepest of the tree that covers it; on a shared border the one with the lowest code.</summary>
internal static class WardLocator
{
    /// <summary>A locator over wards in their order of precedence.</summary>
    internal static PolygonLocator Of(IReadOnlyList<WardShape> wards) => new([.. wards.Select(ward => RingsOf(ward.Geometry))]);

    private static PolygonRings RingsOf(Geometry geometry)
    {
        var rings = new List<double[]>();
        for (var i = 0; i < geometry.NumGeometries; i++)
        {
            var polygon = (Polygon)geometry.GetGeometryN(i);
            rings.Add(Flat(polygon.ExteriorRing));
            rings.AddRange(polygon.InteriorRings.Select(Flat));
        }
        return new PolygonRings(rings);
    }

    private static double[] Flat(LineString ring)
    {
        var sequence = ring.CoordinateSequence;
        var flat = new double[2 * sequence.Count];
        for (var i = 0; i < sequence.Count; i++)
        {
            (flat[2 * i], flat[2 * i + 1]) = (sequence.GetX(i), sequence.GetY(i));
        }
        return flat;
    }
}
