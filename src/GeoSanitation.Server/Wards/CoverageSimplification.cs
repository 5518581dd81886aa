using GeoSanitation.Store.Wards;
using NetTopologySuite.Coverage;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;

namespace GeoSanitation.Server.Wards;

/// <summary>Fewer positions for the outlines of a list, so that neighbors still meet.</summary>
internal static class CoverageSimplification
{
    /// <summary>Simplifies wards level by level: a border that two wards of a level share stays shared, and none disappears.</summary>
    /// <param name="wards">Wards with their polygons.</param>
    /// <param name="toleranceMeters">Details smaller than a square of this side go.</param>
    /// <remarks>Visvalingam and Whyatt (1993), The Cartographic Journal 30(1), on the borders between nodes, as NetTopologySuite does it.</remarks>
    internal static IReadOnlyList<Ward> Apply(IReadOnlyList<Ward> wards, double toleranceMeters)
    {
        const double metersPerDegree = 111_320;
        var bounds = new Envelope();
        foreach (var ward in wards)
        {
            bounds.ExpandToInclude(ward.Geometry!.EnvelopeInternal);
        }
        if (bounds.IsNull)
        {
            return wards;
        }
        // A plane on which both axes are meters, near enough to judge details by.
        var (eastMeters, northMeters) = (metersPerDegree * Math.Max(Math.Cos(bounds.Centre.Y * Math.PI / 180), 0.01), metersPerDegree);
        var simplified = wards.ToArray();
        foreach (var level in wards.Select((ward, i) => (ward, i)).GroupBy(w => w.ward.Level))
        {
            var places = level.ToList();
            Geometry[] planar = [.. places.Select(w => AffineTransformation.ScaleInstance(eastMeters, northMeters).Transform(w.ward.Geometry!))];
            var fewer = CoverageSimplifier.Simplify(planar, toleranceMeters);
            for (var k = 0; k < places.Count; k++)
            {
                var back = AffineTransformation.ScaleInstance(1 / eastMeters, 1 / northMeters).Transform(fewer[k]);
                simplified[places[k].i] = places[k].ward with { Geometry = back as MultiPolygon ?? back.Factory.CreateMultiPolygon([(Polygon)back]) };
            }
        }
        return simplified;
    }
}
