using CsCheck;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Hotspots.Neighbors;
using NetTopologySuite.Geometries;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Density;

public class ContoursTests
{
    // Few different values: many cells equal a level exactly, and many saddles.
    private static readonly Gen<Raster> Rough = Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9]).SelectMany((columns, rows) =>
        Gen.Int[0, 6].Array[columns * rows].Select(values => new Raster(new RasterFrame(500_000, 4_500_000, 10, columns, rows), [.. values.Select(v => (double)v)])));

    [Fact]
    public void One_peak_worked_by_hand()
    {
        // A single cell of 2 at (5, 5) among zeros one cell of 10 away: the line at 1 is a diamond half way, of area 2 * 5^2 = 50.
        var bands = Contours.Bands(new Raster(new RasterFrame(0, 0, 10, 1, 1), [2]), [1]);
        var band = Assert.Single(bands);
        Assert.Equal((1, double.PositiveInfinity), (band.Lower, band.Upper));
        var ring = Assert.Single(Assert.Single(band.Polygons));
        Assert.Equal(10, ring.Length);
        Assert.Equal(50, ConvexHull.SignedArea(ring), 1e-3);
    }

    [Fact]
    public void A_dip_in_a_plateau_is_a_hole()
    {
        double[] values = [4, 4, 4, 4, 0, 4, 4, 4, 4];
        var bands = Contours.Bands(new Raster(new RasterFrame(0, 0, 10, 3, 3), values), [2]);
        var polygon = Assert.Single(bands[0].Polygons);
        Assert.Equal(2, polygon.Count);
        Assert.True(ConvexHull.SignedArea(polygon[0]) > 0);
        Assert.Equal(-50, ConvexHull.SignedArea(polygon[1]), 1e-3);
    }

    [Fact]
    public void Bands_are_valid_do_not_overlap_and_add_up()
    {
        Rough.Sample(raster =>
        {
            var bands = Contours.Bands(raster, [1, 2, 2.5, 4]);
            var shapes = bands.Select(ToGeometry).ToArray();
            foreach (var (shape, band) in shapes.Zip(bands))
            {
                Assert.True(shape.IsValid, shape.ToString());
                Assert.All(band.Polygons.SelectMany(p => p), ring => Assert.Equal(ring[..2], ring[^2..]));
                Assert.All(band.Polygons, polygon => Assert.True(ConvexHull.SignedArea(polygon[0]) > 0));
                Assert.All(band.Polygons, polygon => Assert.All(polygon.Skip(1), hole => Assert.True(ConvexHull.SignedArea(hole) < 0)));
            }
            for (var k = 0; k < shapes.Length; k++)
            {
                // All bands from k up together are the band of level k alone, open upwards.
                var alone = ToGeometry(Contours.Bands(raster, [bands[k].Lower])[0]);
                Golden.AssertClose(alone.Area, shapes.Skip(k).Sum(s => s.Area), 1e-9, 1e-6, "area");
                for (var other = k + 1; other < shapes.Length; other++)
                {
                    Assert.False(shapes[k].Overlaps(shapes[other]));
                    Assert.False(shapes[k].Contains(shapes[other]));
                }
            }
        }, iter: 400);
    }

    [Fact]
    public void A_cell_center_lies_in_the_band_of_its_value()
    {
        Rough.Sample(raster =>
        {
            double[] levels = [1.5, 2.5, 4.5];
            var bands = Contours.Bands(raster, levels);
            var locators = bands.Select(b => new PolygonLocator([.. b.Polygons.Select(p => new PolygonRings(p))])).ToArray();
            for (var row = 0; row < raster.Frame.Rows; row++)
            {
                for (var column = 0; column < raster.Frame.Columns; column++)
                {
                    var (x, y) = raster.Frame.Center(column, row);
                    var expected = levels.Count(level => raster[column, row] >= level) - 1;
                    Assert.Equal(expected, Array.FindIndex(locators, locator => locator.Locate(x, y) >= 0));
                }
            }
        }, iter: 300);
    }

    [Fact]
    public void The_contours_of_a_real_surface_are_valid()
    {
        var points = KernelDensityTests.Clumps(5_000, 2);
        var raster = KernelDensity.Gaussian(points, RasterFrame.Around(points, 25, 500, 1_000_000), 120);
        var bands = Contours.Bands(raster, Contours.EqualLevels(raster, 8));
        Assert.Equal(8, bands.Count);
        Assert.All(bands, band => Assert.True(ToGeometry(band).IsValid && band.Polygons.Count > 0));
    }

    [Fact]
    public void Levels_that_do_not_ascend_from_above_zero_are_refused_and_nothing_gives_nothing()
    {
        var raster = new Raster(new RasterFrame(0, 0, 1, 2, 2), [0, 0, 0, 0]);
        Assert.Throws<ArgumentException>(() => Contours.Bands(raster, []));
        Assert.Throws<ArgumentException>(() => Contours.Bands(raster, [0]));
        Assert.Throws<ArgumentException>(() => Contours.Bands(raster, [2, 2]));
        Assert.Throws<ArgumentException>(() => Contours.Bands(raster, [double.NaN]));
        Assert.Empty(Contours.Bands(raster, [1])[0].Polygons);
        Assert.Empty(Contours.EqualLevels(raster, 3));
        Assert.Equal([1, 2, 3], Contours.EqualLevels(new Raster(new RasterFrame(0, 0, 1, 1, 1), [4]), 3));
    }

    private static MultiPolygon ToGeometry(ContourBand band)
    {
        var factory = new GeometryFactory();
        return factory.CreateMultiPolygon([.. band.Polygons.Select(rings => factory.CreatePolygon(
            ToRing(factory, rings[0]), [.. rings.Skip(1).Select(ring => ToRing(factory, ring))]))]);
    }

    private static LinearRing ToRing(GeometryFactory factory, double[] ring)
        => factory.CreateLinearRing([.. Enumerable.Range(0, ring.Length / 2).Select(i => new Coordinate(ring[2 * i], ring[2 * i + 1]))]);
}
