using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Wards;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace GeoSanitation.Server.Imports;

/// <summary>Finds the level that new wards are parts of, when no property says so.</summary>
internal static class Nesting
{
    // A polygon is part of another when this much of its area lies in it (borders of two surveys never meet exactly) ...
    private const double PartOfArea = 0.9;

    // ... and a level nests in another when this many of its polygons are part of one of the other's.
    private const double PartOfPolygons = 0.9;

    /// <summary>The parent's code of each ward, or null: of the levels that the wards nest in the one with the smallest polygons.</summary>
    internal static string?[] ParentsOf(IReadOnlyList<StagedWard> wards, IReadOnlyList<WardShape> existing)
    {
        var own = wards.Select(w => w.Code).ToHashSet();
        var levels = wards.Select(w => w.Level).ToHashSet();
        var best = new string?[wards.Count];
        var bestArea = double.PositiveInfinity;
        foreach (var level in existing.Where(w => !levels.Contains(w.Level) && !own.Contains(w.Code)).GroupBy(w => w.Level).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var shapes = level.ToList();
            var area = shapes.Average(w => w.Geometry.Area);
            var largerThanOurs = area > wards.Average(w => w.Geometry.Area);
            if (area >= bestArea || !largerThanOurs || ParentsIn(wards, shapes) is not { } parents)
            {
                continue;
            }
            (best, bestArea) = (parents, area);
        }
        return best;
    }

    private static string?[]? ParentsIn(IReadOnlyList<StagedWard> wards, List<WardShape> level)
    {
        var tree = new STRtree<WardShape>();
        foreach (var shape in level)
        {
            tree.Insert(shape.Geometry.EnvelopeInternal, shape);
        }
        var parents = new string?[wards.Count];
        var found = 0;
        for (var i = 0; i < parents.Length; i++)
        {
            var ward = wards[i].Geometry;
            parents[i] = tree.Query(ward.EnvelopeInternal).OrderBy(s => s.Code, StringComparer.Ordinal).FirstOrDefault(s => SharedArea(s.Geometry, ward) >= PartOfArea * ward.Area)?.Code;
            found += parents[i] is null ? 0 : 1;
        }
        return found >= PartOfPolygons * parents.Length ? parents : null;
    }

    private static double SharedArea(Geometry one, Geometry other)
        => NetTopologySuite.Operation.OverlayNG.OverlayNGRobust.Overlay(one, other, NetTopologySuite.Operation.Overlay.SpatialFunction.Intersection).Area;
}
