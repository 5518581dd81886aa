using GeoSanitation.Coordinates;
using GeoSanitation.Hotspots;
using GeoSanitation.Server.Hotspots;

namespace GeoSanitation.Server.FeatureTables;

/// <summary>Features of one kind, as an analysis leaves them: shapes on a metric plane and columns. The forms beside it write them, each in its way.</summary>
internal sealed class FeatureTable
{
    /// <summary>System of the shapes, in meters.</summary>
    internal required Crs Plane { get; init; }

    /// <summary>The rows that are features, in their order.</summary>
    internal required IReadOnlyList<int> Rows { get; init; }

    /// <summary>What tells features apart: text, or a whole number.</summary>
    internal required Column Id { get; init; }

    /// <summary>The attributes.</summary>
    internal required IReadOnlyList<Column> Columns { get; init; }

    /// <summary>Where each row is, meters, when the features are points.</summary>
    internal Points? Places { get; init; }

    /// <summary>When they are areas, the polygons of a row: each a shell and its holes, rings x0, y0, x1, y1 ... in meters, closed, the shell counter-clockwise.</summary>
    internal Func<int, IReadOnlyList<IReadOnlyList<double[]>>>? OutlineOf { get; init; }

    /// <summary>The place of a row in another system; x is east.</summary>
    internal (double X, double Y) PlaceIn(Crs system, int row)
    {
        Span<double> x = [Places!.XMeters[row]], y = [Places.YMeters[row]];
        Convert(system, x, y);
        return (x[0], y[0]);
    }

    /// <summary>The polygons of a row in another system: rings of x and y, x is east.</summary>
    internal IEnumerable<IEnumerable<(double[] X, double[] Y)>> OutlineIn(Crs system, int row) => OutlineOf!(row).Select(polygon => polygon.Select(ring =>
    {
        var (x, y) = (new double[ring.Length / 2], new double[ring.Length / 2]);
        for (var i = 0; i < x.Length; i++)
        {
            (x[i], y[i]) = (ring[2 * i], ring[2 * i + 1]);
        }
        Convert(system, x, y);
        return (x, y);
    }));

    private void Convert(Crs system, Span<double> x, Span<double> y)
    {
        AnalysisCrs.ToDegrees(Plane, x, y);
        system.FromLonLat(x, y, x, y);
    }
}
