using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Hotspots.Tests.LocalStatistics;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Weights;

public class ContiguityTests
{
    [SharedTheory("golden/polygons")]
    [InlineData("queen", true)]
    [InlineData("rook", false)]
    public void County_neighbors_equal_spdep(string name, bool corners)
    {
        var polygons = Counties();
        var pairs = Golden.Table("polygons/nc_sids", $"{name}.csv");
        var expected = GiStarTests.FromPairs(polygons.Count, pairs.Whole("i"), pairs.Whole("j"));
        var weights = Contiguity.Build(polygons, Golden.Case("polygons/nc_sids").GetProperty("snap_m").GetDouble(), corners);
        Assert.Equal(Golden.Case("polygons/nc_sids").GetProperty($"{name}_links").GetInt32(), weights.LinkCount);
        GiStarTests.AssertSameNeighbors(expected, weights);
    }

    [GoldenFact("polygons/nc_sids")]
    public void Counties_hold_their_own_centroids_or_nobody_does()
    {
        var units = Golden.Table("polygons/nc_sids", "units.csv");
        var found = new int[units.Count];
        new PolygonLocator(Counties()).Locate(units.Numbers("cx"), units.Numbers("cy"), found);
        Assert.All(found.Select((polygon, i) => (polygon, i)), pair => Assert.True(pair.polygon == pair.i || pair.polygon == -1));
        Assert.True(found.Count(polygon => polygon >= 0) >= 98);
    }

    [Fact]
    public void A_corner_makes_a_queen_an_edge_makes_a_rook()
    {
        var polygons = new[] { Square(0, 0), Square(1, 0), Square(1, 1), Square(5, 5) };
        Assert.Equal([1, 2], Contiguity.Build(polygons, 0).NeighborsOf(0).ToArray());
        Assert.Equal([1], Contiguity.Build(polygons, 0, corners: false).NeighborsOf(0).ToArray());
        Assert.Equal([0, 2], Contiguity.Build(polygons, 0, corners: false).NeighborsOf(1).ToArray());
        Assert.Equal(1, Contiguity.Build(polygons, 0).IsolatedCount);
    }

    [Fact]
    public void Borders_that_nearly_meet_or_meet_without_common_corners_count()
    {
        var long1 = new PolygonRings([[0, 0, 10, 0, 10, 1, 0, 1]]);
        var small = new PolygonRings([[4, 1.3, 5, 1.3, 5, 2, 4, 2]]);
        Assert.Equal(0, Contiguity.Build([long1, small], 0.2).LinkCount);
        Assert.Equal(2, Contiguity.Build([long1, small], 0.4, corners: false).LinkCount);
    }

    [Fact]
    public void A_negative_tolerance_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Contiguity.Build([], -1));

    private static PolygonRings Square(double x, double y) => new([[x, y, x + 1, y, x + 1, y + 1, x, y + 1, x, y]]);

    private static List<PolygonRings> Counties()
        => [.. Golden.Table("polygons/nc_sids", "polygons.csv", ';').Text("wkt").Select(wkt => new PolygonRings(
            [.. wkt["MULTIPOLYGON (((".Length..^3].Replace(")), ((", "), (").Split("), (")
                .Select(ring => ring.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(double.Parse).ToArray())]))];
}
