using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>The shape of a feature in the system that it is written in.</summary>
/// <param name="Polygons">Each a shell and its holes, closed, as x0, y0, x1, y1 ...; x is east. Of a point one place; empty where there is no shape.</param>
/// <param name="IsPoint">Whether it is a point.</param>
internal readonly record struct Rings(IReadOnlyList<IReadOnlyList<double[]>> Polygons, bool IsPoint)
{
    /// <summary>Of a feature.</summary>
    internal static Rings Of(FeatureRow row, Crs output)
    {
        if (row.Place is { } place)
        {
            var (x, y) = output.FromLonLat(new LonLat(place.LonDegrees, place.LatDegrees));
            return new Rings([[[x, y]]], true);
        }
        return new Rings(row.Shape switch
        {
            null => [],
            Polygon polygon => [OfPolygon(polygon, output)],
            GeometryCollection several => [.. several.Geometries.Cast<Polygon>().Select(polygon => OfPolygon(polygon, output))],
            var other => throw new ArgumentException($"no layer has a {other.GeometryType}"),
        }, false);
    }

    /// <summary>Of a row of a table.</summary>
    internal static Rings Of(FeatureTable table, Crs output, int row)
    {
        if (table.Places is not null)
        {
            var (x, y) = table.PlaceIn(output, row);
            return new Rings([[[x, y]]], true);
        }
        return new Rings([.. table.OutlineIn(output, row).Select(polygon => polygon.Select(ring => Flat(ring.X, ring.Y)).ToArray())], false);
    }

    /// <summary>Least x, least y, greatest x, greatest y; of nothing least above greatest.</summary>
    internal double[] Bounds() => BoundsOf([this]);

    /// <summary>The same of several shapes.</summary>
    internal static double[] BoundsOf(IEnumerable<Rings> shapes)
    {
        double[] bounds = [double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity];
        foreach (var ring in shapes.SelectMany(s => s.Polygons).SelectMany(p => p))
        {
            for (var i = 0; i < ring.Length; i++)
            {
                bounds[i % 2] = Math.Min(bounds[i % 2], ring[i]);
                bounds[2 + i % 2] = Math.Max(bounds[2 + i % 2], ring[i]);
            }
        }
        return bounds;
    }

    private static double[][] OfPolygon(Polygon polygon, Crs output) => [OfRing(polygon.Shell, output), .. polygon.Holes.Select(hole => OfRing(hole, output))];

    private static double[] OfRing(LinearRing ring, Crs output)
    {
        var places = ring.CoordinateSequence;
        var (x, y) = (new double[places.Count], new double[places.Count]);
        for (var i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = (places.GetX(i), places.GetY(i));
        }
        output.FromLonLat(x, y, x, y);
        return Flat(x, y);
    }

    private static double[] Flat(double[] x, double[] y)
    {
        var flat = new double[2 * x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            (flat[2 * i], flat[2 * i + 1]) = (x[i], y[i]);
        }
        return flat;
    }
}
