using CsCheck;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Neighbors;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Clustering;

public class ConvexHullTests
{
    [Fact]
    public void The_hull_of_a_square_with_points_on_its_sides_is_its_corners()
        => Assert.Equal([0, 0, 2, 0, 2, 2, 0, 2, 0, 0], ConvexHull.Corners([1, 0, 2, 2, 0, 1, 1], [1, 0, 0, 2, 2, 0, 2]));

    [Fact]
    public void Degenerate_sets_give_a_line_a_place_or_nothing()
    {
        Assert.Equal([0, 0, 3, 3], ConvexHull.Corners([1, 3, 0, 2], [1, 3, 0, 2]));
        Assert.Equal([7, 8], ConvexHull.Corners([7, 7, 7], [8, 8, 8]));
        Assert.Empty(ConvexHull.Corners([], []));
    }

    [Fact]
    public void The_outline_of_a_place_is_a_square_and_of_a_line_a_rectangle()
    {
        var square = ConvexHull.Outline([7, 7], [8, 8], 5);
        Assert.Equal(100, ConvexHull.SignedArea(square), 1e-9);
        var rectangle = ConvexHull.Outline([0, 30, 15], [0, 40, 20], 5);
        Assert.Equal(60 * 10, ConvexHull.SignedArea(rectangle), 1e-9);
        Assert.Equal(rectangle[..2], rectangle[^2..]);
        Assert.Equal([0, 0, 1, 0, 0, 1, 0, 0], ConvexHull.Outline([0, 1, 0], [0, 0, 1], 5));
        // Three places in a line but for the last bit are a line, not a sliver without area.
        Assert.Equal(10 * (10 + Math.Sqrt(0.08)), ConvexHull.SignedArea(ConvexHull.Outline([0.1, 0.30000000000000004, 0.2], [0.2, 0, 0.1], 5)), 1e-9);
        Assert.Throws<ArgumentException>(() => ConvexHull.Outline([], [], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConvexHull.Outline([1], [1], 0));
    }

    [Fact]
    public void Every_point_lies_inside_and_every_corner_is_a_point_with_a_true_left_turn()
    {
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 12]).Array[1, 40].Sample(places =>
        {
            var x = places.Select(p => p.Item1 * 0.1).ToArray();
            var y = places.Select(p => p.Item2 * 0.1).ToArray();
            var ring = ConvexHull.Corners(x, y);
            if (ring.Length <= 4)
            {
                return;
            }
            Assert.Equal(ring[..2], ring[^2..]);
            // Turns are exact, the area is not: of three places almost in a line it may round to nothing.
            Assert.InRange(ConvexHull.SignedArea(ring), -1e-15, 1.44 + 1e-12);
            Assert.True(ConvexHull.SignedArea(ConvexHull.Outline(x, y, 0.1)) > 0);
            var inside = new PolygonLocator([new PolygonRings([ring])]);
            for (var i = 0; i < x.Length; i++)
            {
                Assert.Equal(0, inside.Locate(x[i], y[i]));
            }
            for (var i = 0; i < ring.Length; i += 2)
            {
                Assert.Contains(Enumerable.Range(0, x.Length), k => x[k] == ring[i] && y[k] == ring[i + 1]);
            }
        });
    }
}
