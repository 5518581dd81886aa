using GeoSanitation.Coordinates;

namespace GeoSanitation.Server.FeatureTables;

/// <summary>The shape of a row in the system that it is written in.</summary>
/// <param name="Polygons">Each a shell and its holes, as x0, y0, x1, y1 ...; of a point one place.</param>
internal sealed record Shape(IReadOnlyList<IReadOnlyList<double[]>> Polygons)
{
    internal static Shape Of(FeatureTable table, Crs output, int row)
    {
        if (table.Places is not null)
        {
            var (x, y) = table.PlaceIn(output, row);
            return new Shape([[[x, y]]]);
        }
        return new Shape([.. table.OutlineIn(output, row).Select(polygon => polygon.Select(ring => ring.X.Zip(ring.Y).SelectMany(p => (double[])[p.First, p.Second]).ToArray()).ToArray())]);
    }

    /// <summary>Least x, least y, greatest x, greatest y; of no shapes least above greatest.</summary>
    internal static double[] BoundsOf(IEnumerable<Shape> shapes)
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
}
