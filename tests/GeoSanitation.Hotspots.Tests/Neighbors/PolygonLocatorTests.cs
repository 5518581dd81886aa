using System.Numerics;
using CsCheck;
using GeoSanitation.Hotspots.Neighbors;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Neighbors;

public class PolygonLocatorTests
{
    // Corners on a small lattice: many points fall exactly on corners, edges and on the lines through them.
    private static readonly Gen<double[]> LatticeRing = Gen.Int[0, 12].Array[6, 20].Select(v => v.Take(v.Length / 2 * 2).Select(c => (double)c).ToArray());

    [Fact]
    public void Inside_outside_and_border_of_a_square_with_a_hole()
    {
        var locator = new PolygonLocator([new PolygonRings([[0, 0, 10, 0, 10, 10, 0, 10, 0, 0], [4, 4, 4, 6, 6, 6, 6, 4, 4, 4]])]);
        Assert.Equal(0, locator.Locate(1, 1));
        Assert.Equal(0, locator.Locate(0, 0));
        Assert.Equal(0, locator.Locate(10, 10));
        Assert.Equal(0, locator.Locate(5, 10));
        Assert.Equal(-1, locator.Locate(5, 5));
        Assert.Equal(0, locator.Locate(4, 5));
        Assert.Equal(0, locator.Locate(6, 6));
        Assert.Equal(-1, locator.Locate(10.000001, 5));
        Assert.Equal(-1, locator.Locate(5, -1e-300));
        Assert.Equal(-1, locator.Locate(double.NaN, 5));
        Assert.Equal(-1, locator.Locate(double.PositiveInfinity, 5));
    }

    [Fact]
    public void A_shared_border_belongs_to_the_first_polygon_and_a_nested_one_wins_when_it_comes_first()
    {
        var inner = new PolygonRings([[2, 2, 4, 2, 4, 4, 2, 4]]);
        var west = new PolygonRings([[0, 0, 5, 0, 5, 10, 0, 10]]);
        var east = new PolygonRings([[5, 0, 10, 0, 10, 10, 5, 10]]);
        var locator = new PolygonLocator([inner, west, east]);
        Assert.Equal(0, locator.Locate(3, 3));
        Assert.Equal(0, locator.Locate(2, 3));
        Assert.Equal(1, locator.Locate(1, 1));
        Assert.Equal(1, locator.Locate(5, 5));
        Assert.Equal(2, locator.Locate(5.0000001, 5));
        Assert.Equal(1, new PolygonLocator([east, west]).Locate(1, 1));
        Assert.Equal(0, new PolygonLocator([east, west]).Locate(5, 5));
    }

    [Fact]
    public void A_point_on_a_slanted_border_is_decided_exactly()
    {
        // 0.1 + 0.2 is not 0.3 in doubles: (0.3, 0.3) is on the diagonal, (0.3, 0.1 + 0.2) is one bit above it.
        var below = new PolygonRings([[0, 0, 1, 0, 1, 1]]);
        var locator = new PolygonLocator([below]);
        Assert.Equal(0, locator.Locate(0.3, 0.3));
        Assert.Equal(-1, locator.Locate(0.3, 0.1 + 0.2));
        Assert.Equal(0, locator.Locate(0.3, Math.BitDecrement(0.3)));
    }

    [Fact]
    public void No_polygons_an_empty_one_and_a_flat_one_are_fine()
    {
        Assert.Equal(-1, new PolygonLocator([]).Locate(0, 0));
        Assert.Equal(-1, new PolygonLocator([new PolygonRings([])]).Locate(0, 0));
        var flat = new PolygonLocator([new PolygonRings([[0, 1, 5, 1, 9, 1]])]);
        Assert.Equal(0, flat.Locate(3, 1));
        Assert.Equal(-1, flat.Locate(3, 1.1));
    }

    [Fact]
    public void Rings_that_are_no_rings_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new PolygonRings([[0, 0, 1, 1]]));
        Assert.Throws<ArgumentException>(() => new PolygonRings([[0, 0, 1, 1, 2]]));
        Assert.Throws<ArgumentException>(() => new PolygonRings([[0, 0, 1, 1, 2, double.NaN]]));
    }

    [Fact]
    public void Lattice_points_agree_with_exact_arithmetic_over_all_polygons_in_order()
    {
        Gen.Select(LatticeRing.Array[1, 2].Array[1, 5], Gen.Select(Gen.Int[-1, 13], Gen.Int[-1, 13]).Array[40]).Sample((polygons, places) =>
        {
            var locator = new PolygonLocator([.. polygons.Select(rings => new PolygonRings(rings))]);
            foreach (var (x, y) in places)
            {
                Assert.Equal(ByDefinition(polygons, x, y), locator.Locate(x, y));
            }
        }, iter: 3000);
    }

    [Fact]
    public void Loose_points_agree_with_exact_arithmetic_also_far_from_the_origin()
    {
        var ring = Gen.Double[0, 1000].Array[20].Select(v => v.Select((c, i) => c + (i % 2 == 0 ? 500_000.1 : 4_500_000.3)).ToArray());
        Gen.Select(ring.Array[1, 2].Array[1, 4], Gen.Double[0, 1]).Sample((polygons, share) =>
        {
            var locator = new PolygonLocator([.. polygons.Select(rings => new PolygonRings(rings))]);
            foreach (var edges in polygons.SelectMany(p => p))
            {
                for (var i = 0; i + 3 < edges.Length; i += 2)
                {
                    // Corners, and places as near to an edge as doubles allow.
                    Assert.Equal(ByDefinition(polygons, edges[i], edges[i + 1]), locator.Locate(edges[i], edges[i + 1]));
                    var (x, y) = (edges[i] + share * (edges[i + 2] - edges[i]), edges[i + 1] + share * (edges[i + 3] - edges[i + 1]));
                    foreach (var near in new[] { y, Math.BitIncrement(y), Math.BitDecrement(y) })
                    {
                        Assert.Equal(ByDefinition(polygons, x, near), locator.Locate(x, near));
                    }
                }
            }
        }, iter: 200);
    }

    [Fact]
    public void Every_point_of_a_gap_free_partition_is_found_and_many_at_once_equal_one_by_one()
    {
        var tiles = new List<PolygonRings>();
        for (var row = 0; row < 30; row++)
        {
            for (var column = 0; column < 30; column++)
            {
                var (w, s, e, n) = (column / 3.0, row / 7.0, (column + 1) / 3.0, (row + 1) / 7.0);
                tiles.Add(new PolygonRings([[w, s, e, s, e, n, w, n, w, s]]));
            }
        }
        var locator = new PolygonLocator(tiles);
        var random = new Random(7);
        var x = Enumerable.Range(0, 20_000).Select(i => i % 4 == 0 ? random.Next(31) / 3.0 : random.NextDouble() * 10).ToArray();
        var y = Enumerable.Range(0, 20_000).Select(i => i % 5 == 0 ? random.Next(31) / 7.0 : random.NextDouble() * 30 / 7).ToArray();
        var found = new int[x.Length];
        locator.Locate(x, y, found);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = tiles.FindIndex(t => x[i] >= t.Rings[0][0] && x[i] <= t.Rings[0][2] && y[i] >= t.Rings[0][1] && y[i] <= t.Rings[0][5]);
            Assert.Equal(expected, found[i]);
            Assert.Equal(found[i], locator.Locate(x[i], y[i]));
        }
        Assert.DoesNotContain(-1, found);
    }

    [Fact]
    public void Many_threads_get_the_answers_of_one()
    {
        var random = new Random(3);
        var polygons = Enumerable.Range(0, 50).Select(_ => new PolygonRings([[.. Enumerable.Range(0, 40).Select(_ => random.NextDouble())]])).ToArray();
        var locator = new PolygonLocator(polygons);
        var places = Enumerable.Range(0, 20_000).Select(_ => (X: random.NextDouble(), Y: random.NextDouble())).ToArray();
        var one = places.Select(p => locator.Locate(p.X, p.Y)).ToArray();
        var many = new int[places.Length];
        Parallel.For(0, places.Length, i => many[i] = locator.Locate(places[i].X, places[i].Y));
        Assert.Equal(one, many);
    }

    private static int ByDefinition(double[][][] polygons, double x, double y) => Array.FindIndex(polygons, rings => Covers(rings, x, y));

    /// <summary>Ray to the right over all edges of all rings, with fractions of whole numbers.</summary>
    private static bool Covers(double[][] rings, double x, double y)
    {
        var inside = false;
        foreach (var ring in rings)
        {
            for (int i = 0, j = ring.Length - 2; i < ring.Length; j = i, i += 2)
            {
                var (x1, y1, x2, y2) = (ring[j], ring[j + 1], ring[i], ring[i + 1]);
                var turn = ((Exact(x1) - Exact(x)) * (Exact(y2) - Exact(y)) - (Exact(y1) - Exact(y)) * (Exact(x2) - Exact(x))).Sign;
                if (turn == 0 && x >= Math.Min(x1, x2) && x <= Math.Max(x1, x2) && y >= Math.Min(y1, y2) && y <= Math.Max(y1, y2))
                {
                    return true;
                }
                inside ^= y1 > y != y2 > y && turn > 0 == y2 > y1;
            }
        }
        return inside;
    }

    private static BigInteger Exact(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        return value == 0 ? 0 : new BigInteger(bits < 0 ? -mantissa : mantissa) << (exponent - 900);
    }
}
