using System.Runtime.Intrinsics;

namespace GeoSanitation.Server.Snapshot;

/// <summary>The square of web map tiles, as fractions: x from 0 in the west to 1 in the east, y from 0 in the north to 1 in the south.</summary>
internal static class WebMercator
{
    /// <summary>Side of the square on the equator, meters.</summary>
    internal const double WorldMeters = 2 * Math.PI * 6378137;

    /// <summary>Where the square ends in the north and the south, degrees.</summary>
    internal const double MaxLatDegrees = 85.05112877980659;

    private const double BelowOne = 1 - 1.0 / (1L << 53);

    /// <summary>The place of a longitude and latitude; beyond the square, its edge.</summary>
    /// <returns>Both in [0, 1).</returns>
    internal static (double X, double Y) FromLonLat(double lonDegrees, double latDegrees)
    {
        var sin = Math.Sin(Math.Clamp(latDegrees, -MaxLatDegrees, MaxLatDegrees) * (Math.PI / 180));
        var y = 0.5 - Math.Log((1 + sin) / (1 - sin)) / (4 * Math.PI);
        return (XOf(lonDegrees), Math.Clamp(y, 0, BelowOne));
    }

    /// <summary>The x of a longitude, in [0, 1).</summary>
    internal static double XOf(double lonDegrees) => Math.Clamp(lonDegrees / 360 + 0.5, 0, BelowOne);

    /// <summary>The x of several longitudes.</summary>
    internal static Vector256<double> XOf(Vector256<double> lonDegrees)
        => Vector256.Min(Vector256.Max(lonDegrees / 360 + Vector256.Create(0.5), Vector256<double>.Zero), Vector256.Create(BelowOne));

    /// <summary>The longitude and latitude of a place.</summary>
    internal static (double LonDegrees, double LatDegrees) ToLonLat(double x, double y)
        => ((x - 0.5) * 360, Math.Atan(Math.Sinh((0.5 - y) * 2 * Math.PI)) * (180 / Math.PI));
}
