using System.Globalization;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Runs;
using GeoSanitation.Store.Runs;
using NetTopologySuite.Geometries;
using Xunit;

namespace GeoSanitation.Server.Tests.Runs;

public sealed class RunComparisonTests
{
    private const string ClusterColumns = """[{"name": "cluster", "type": "whole"}, {"name": "area_m2", "type": "number"}]""";

    [Fact]
    public void Cells_are_told_apart_by_their_ids()
    {
        var before = Cells("gi-star", ("h500:0:0", 3, 4.0), ("h500:1:0", 2, 3.0), ("h500:2:0", 1, 2.0), ("h500:3:0", 0, 0.1), ("h500:4:0", 3, 5.0), ("h500:5:0", -2, -3.0));
        var after = Cells("gi-star", ("h500:0:0", 3, 5.0), ("h500:1:0", 1, 2.0), ("h500:2:0", 0, 1.0), ("h500:3:0", 2, 3.0), ("h500:4:0", 3, 5.0));

        var changes = RunComparison.Compare(before, after);

        Assert.Equal(
            [("grew", "h500:0:0"), ("shrank", "h500:1:0"), ("vanished", "h500:2:0"), ("appeared", "h500:3:0"), ("unchanged", "h500:4:0")],
            changes.Select(c => (c.Change, c.After.Concat(c.Before).First())));
        Assert.Equal((4.0, 5.0), (changes[0].ValueBefore, changes[0].ValueAfter));
        Assert.Equal(((double?)null, 3.0), (changes[3].ValueBefore, changes[3].ValueAfter));
        Assert.Equal("z", changes[0].Measure);
    }

    [Fact]
    public void Clusters_that_overlap_are_one_also_where_one_has_become_two()
    {
        var before = Clusters(("0", 50, Box(0, 0, 4, 2)), ("1", 20, Box(10, 0, 12, 2)), ("2", 9, Box(20, 0, 22, 2)), ("3", 5, Box(30, 0, 32, 2)));
        var after = Clusters(("0", 30, Box(0, 0, 1, 2)), ("1", 30, Box(3, 0, 5, 2)), ("2", 15, Box(11, 1, 13, 3)), ("3", 7, Box(32, 0, 34, 2)));

        var changes = RunComparison.Compare(before, after);

        Assert.Equal(["grew 0>0,1", "shrank 1>2", "vanished 2>", "vanished 3>", "appeared >3"],
            changes.Select(c => $"{c.Change} {string.Join(',', c.Before)}>{string.Join(',', c.After)}"));
        Assert.Equal((50.0, 60.0), (changes[0].ValueBefore, changes[0].ValueAfter));
        Assert.Equal(2 + 4, changes[0].Geometry.Area, 1e-9);
        // Turned around, what appeared has vanished.
        Assert.Equal(["shrank", "grew", "vanished", "appeared", "appeared"], RunComparison.Compare(after, before).Select(c => c.Change));
    }

    [Fact]
    public void What_is_no_cell_of_the_other_run_is_not_compared()
    {
        Assert.Throws<ConflictException>(() => RunComparison.Compare(Cells("gi-star", ("h500:0:0", 3, 4)), Cells("gi-star", ("h250:0:0", 3, 4))));
        Assert.Throws<ConflictException>(() => RunComparison.Compare(Cells("gi-star", ("h500:0:0", 3, 4)), Cells("emerging", ("h500:0:0", 3, 4))));
        Assert.Throws<ConflictException>(() => RunComparison.Compare(Cells("gi-star"), Clusters()));
        Assert.Throws<ConflictException>(() => RunComparison.Compare(Cells("density"), Cells("density")));
        Assert.Empty(RunComparison.Compare(Clusters(), Clusters()));
    }

    private static (RunRecord, IReadOnlyList<RunFeature>) Cells(string method, params (string Id, int Class, double Z)[] cells)
        => (Run(method, "[]"), [.. cells.Select((c, i) => new RunFeature(i + 1, c.Id, string.Create(CultureInfo.InvariantCulture, $$"""{"cell": "{{c.Id}}", "class": {{c.Class}}, "z": {{c.Z}}}"""), Box(i, 0, i + 1, 1)))]);

    private static (RunRecord, IReadOnlyList<RunFeature>) Clusters(params (string Id, int Count, Geometry Shape)[] clusters)
        => (Run("dbscan", ClusterColumns), [.. clusters.Select((c, i) => new RunFeature(i + 1, c.Id, $$"""{"cluster": {{c.Id}}, "count": {{c.Count}}}""", c.Shape))]);

    private static RunRecord Run(string method, string columns)
        => new(1, null, method, 1, "{}", "{}", "v", "test", "done", 1, "{}", columns, 0, null, default, null, null, null);

    private static Geometry Box(double west, double south, double east, double north) => new GeometryFactory(new PrecisionModel(), 4326).ToGeometry(new Envelope(west, east, south, north));
}
