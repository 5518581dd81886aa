using System.Text.Json.Nodes;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Runs;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoSanitation.Server.Runs;

/// <summary>A hotspot of two runs, or of one of them.</summary>
/// <param name="Change"><c>appeared</c>, <c>vanished</c>, <c>grew</c>, <c>shrank</c> or <c>unchanged</c>.</param>
/// <param name="Before">Its features in the earlier run.</param>
/// <param name="After">Its features in the later run.</param>
/// <param name="Measure">What is compared: <c>z</c> of a cell, <c>count</c> of a cluster ...</param>
/// <param name="ValueBefore">The measure before; null when it was not there.</param>
/// <param name="ValueAfter">The measure after; null when it is not there.</param>
/// <param name="Geometry">Where it is, or was.</param>
internal sealed record HotspotChange(
    string Change, IReadOnlyList<string> Before, IReadOnlyList<string> After, string Measure, double? ValueBefore, double? ValueAfter, Geometry Geometry);

/// <summary>What has changed from one run to another: cells by their id, clusters by where they overlap.</summary>
internal static class RunComparison
{
    internal static readonly string[] Changes = ["appeared", "vanished", "grew", "shrank", "unchanged"];

    // Areas that share less than this part of the smaller one only touch.
    private const double LeastShare = 0.01;

    /// <summary>Compares two runs.</summary>
    /// <param name="before">The earlier run and its features.</param>
    /// <param name="after">The later run and its features.</param>
    /// <exception cref="ConflictException">They cannot be compared.</exception>
    internal static IReadOnlyList<HotspotChange> Compare((RunRecord Run, IReadOnlyList<RunFeature> Features) before, (RunRecord Run, IReadOnlyList<RunFeature> Features) after)
    {
        var kind = KindOf(before.Run);
        if (kind != KindOf(after.Run))
        {
            throw new ConflictException($"a run of {before.Run.Method} cannot be compared with one of {after.Run.Method}: compare cells with cells of the same method, or clusters with clusters");
        }
        var (was, isNow) = (Hotspots(kind, before.Features), Hotspots(kind, after.Features));
        return kind.IsCells ? OfCells(kind, was, isNow, before.Features, after.Features) : OfAreas(kind, was, isNow);
    }

    private static Kind KindOf(RunRecord run) => run.Method switch
    {
        "gi-star" => new Kind(run.Method, true, "z", p => (double?)p["class"] > 0),
        "local-moran" => new Kind(run.Method, true, "z", p => (string?)p["quadrant"] == "HH"),
        "emerging" => new Kind(run.Method, true, "z", p => ((string?)p["pattern"])?.EndsWith("hot spot", StringComparison.Ordinal) == true && (string?)p["pattern"] != "historical hot spot"),
        "dbscan" or "st-dbscan" or "hdbscan" when !run.ColumnsJson.Contains("\"area_m2\"", StringComparison.Ordinal)
            => throw new ConflictException($"run {run.Id} holds issues, not clusters; only clusters can be compared"),
        "dbscan" or "st-dbscan" or "hdbscan" => new Kind("clusters", false, "count", _ => true),
        _ => throw new ConflictException($"runs of {run.Method} cannot be compared"),
    };

    private static Dictionary<string, Hotspot> Hotspots(Kind kind, IReadOnlyList<RunFeature> features)
        => features.Select(f => (Feature: f, Properties: JsonNode.Parse(f.PropertiesJson)!.AsObject())).Where(f => kind.IsHot(f.Properties))
            .ToDictionary(f => f.Feature.Key, f => new Hotspot(f.Feature.Key, (double?)f.Properties[kind.Measure] ?? 0, f.Feature.Geometry));

    private static List<HotspotChange> OfCells(
        Kind kind, Dictionary<string, Hotspot> before, Dictionary<string, Hotspot> after, IReadOnlyList<RunFeature> allBefore, IReadOnlyList<RunFeature> allAfter)
    {
        // The id of a cell begins with the grid; wards have no grid.
        if (allBefore.Count > 0 && allAfter.Count > 0 && GridOf(allBefore[0].Key) is var grid && grid != GridOf(allAfter[0].Key))
        {
            throw new ConflictException("the runs have different cells; compare runs of the same cell and size");
        }
        return
        [
            .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal).Select(key =>
            {
                var (was, isNow) = (before.GetValueOrDefault(key), after.GetValueOrDefault(key));
                return new HotspotChange(
                    Word(was?.Value, isNow?.Value), was is null ? [] : [key], isNow is null ? [] : [key], kind.Measure, was?.Value, isNow?.Value, (isNow ?? was)!.Geometry);
            }),
        ];
    }

    private static string GridOf(string key) => key.Split(':') is [var grid, _, _] ? grid : "";

    /// <summary>Areas that overlap are one hotspot, also where one has become two or two have become one.</summary>
    private static List<HotspotChange> OfAreas(Kind kind, Dictionary<string, Hotspot> before, Dictionary<string, Hotspot> after)
    {
        Hotspot[] was = [.. before.Values], isNow = [.. after.Values];
        var parent = Enumerable.Range(0, was.Length + isNow.Length).ToArray();
        var index = new STRtree<int>();
        for (var b = 0; b < was.Length; b++)
        {
            index.Insert(was[b].Geometry.EnvelopeInternal, b);
        }
        for (var a = 0; a < isNow.Length; a++)
        {
            foreach (var b in index.Query(isNow[a].Geometry.EnvelopeInternal))
            {
                if (Overlap(was[b].Geometry, isNow[a].Geometry))
                {
                    var (low, high) = (Root(b), Root(was.Length + a));
                    parent[Math.Max(low, high)] = Math.Min(low, high);
                }
            }
        }
        return
        [
            .. Enumerable.Range(0, parent.Length).GroupBy(Root).OrderBy(g => g.Key).Select(group =>
            {
                Hotspot[] old = [.. group.Where(i => i < was.Length).Select(i => was[i])], now = [.. group.Where(i => i >= was.Length).Select(i => isNow[i - was.Length])];
                double? valueBefore = old.Length == 0 ? null : old.Sum(h => h.Value), valueAfter = now.Length == 0 ? null : now.Sum(h => h.Value);
                var shapes = (now.Length > 0 ? now : old).Select(h => h.Geometry).ToArray();
                return new HotspotChange(
                    Word(valueBefore, valueAfter), [.. old.Select(h => h.Key)], [.. now.Select(h => h.Key)], kind.Measure, valueBefore, valueAfter,
                    shapes.Length == 1 ? shapes[0] : OverlayNGRobust.Union(shapes, shapes[0].Factory));
            }),
        ];

        int Root(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i];
            }
            return i;
        }
    }

    private static bool Overlap(Geometry a, Geometry b)
        => a.Intersects(b) && OverlayNGRobust.Overlay(a, b, NetTopologySuite.Operation.Overlay.SpatialFunction.Intersection).Area >= LeastShare * Math.Min(a.Area, b.Area);

    private static string Word(double? before, double? after) => (before, after) switch
    {
        (null, _) => "appeared",
        (_, null) => "vanished",
        var (was, isNow) when isNow > was => "grew",
        var (was, isNow) when isNow < was => "shrank",
        _ => "unchanged",
    };

    private sealed record Hotspot(string Key, double Value, Geometry Geometry);

    /// <param name="Name">What both runs must be.</param>
    /// <param name="IsCells">Whether features are told apart by their ids, or by where they are.</param>
    /// <param name="Measure">The property that grows and shrinks.</param>
    /// <param name="IsHot">Whether a feature is a hotspot.</param>
    private sealed record Kind(string Name, bool IsCells, string Measure, Func<JsonObject, bool> IsHot)
    {
        public bool Equals(Kind? other) => other?.Name == Name;

        public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
    }
}
