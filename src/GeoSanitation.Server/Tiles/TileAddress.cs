using System.Globalization;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Tiles;

/// <summary>A tile of the web map (XYZ: rows from the north).</summary>
/// <param name="Zoom">0 to <see cref="MaxZoom"/>.</param>
/// <param name="X">Column from the west, 0 to 2^zoom - 1.</param>
/// <param name="Y">Row from the north, 0 to 2^zoom - 1.</param>
internal readonly record struct TileAddress(int Zoom, int X, int Y)
{
    /// <summary>Deepest zoom that is served.</summary>
    internal const int MaxZoom = 22;

    /// <summary>The parts of a path.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Whole("z", 0, MaxZoom, "Zoom: the map is 2^z tiles wide", 12),
        Parameter.Whole("x", 0, (1 << MaxZoom) - 1, "Column from the west, below 2^z", 3330),
        Parameter.Whole("y", 0, (1 << MaxZoom) - 1, "Row from the north, below 2^z", 1657),
    ];

    /// <summary>Reads the parts of a path.</summary>
    /// <exception cref="BadParameterException">One of them is not a whole number within its bounds.</exception>
    internal static TileAddress Parse(string z, string x, string y)
    {
        var zoom = Whole("z", z, MaxZoom);
        var last = (1 << zoom) - 1;
        return new TileAddress(zoom, Whole("x", x, last), Whole("y", y, last));
    }

    /// <summary>The lon/lat box of the tile and a margin around it.</summary>
    /// <param name="margin">Margin as a part of the tile's side.</param>
    internal Envelope LonLatBox(double margin)
    {
        var side = Math.ScaleB(1, -Zoom);
        var (west, north) = WebMercator.ToLonLat((X - margin) * side, (Y - margin) * side);
        var (east, south) = WebMercator.ToLonLat((X + 1 + margin) * side, (Y + 1 + margin) * side);
        // The first and the last row take in what lies beyond the web map's square.
        return new Envelope(west, east, Y + 1 == 1 << Zoom ? -90 : south, Y == 0 ? 90 : north);
    }

    /// <summary>The squares of a finer zoom that lie around the tile, those in its corners too.</summary>
    /// <param name="finer">How many zooms finer.</param>
    /// <returns>Column and row of each at zoom + finer, without those beyond the world.</returns>
    internal IEnumerable<(int X, int Y)> Rim(int finer)
    {
        var (side, last) = (1L << finer, (1L << (Zoom + finer)) - 1);
        var (west, north) = (X * side - 1, Y * side - 1);
        for (long step = 0; step <= side; step++)
        {
            // The four sides, each with the corner that it begins at.
            foreach (var (x, y) in ((long, long)[])[(west + step, north), (west + side + 1, north + step), (west + side + 1 - step, north + side + 1), (west, north + side + 1 - step)])
            {
                if (x >= 0 && y >= 0 && x <= last && y <= last)
                {
                    yield return ((int)x, (int)y);
                }
            }
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Zoom}/{X}/{Y}");

    private static int Whole(string name, string text, int last)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= last
            ? value
            : throw new BadParameterException(name, text, $"a whole number from 0 to {last}");
}
