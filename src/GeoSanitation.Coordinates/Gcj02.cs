namespace GeoSanitation.Coordinates;

/// <summary>
/// GCJ-02, the coordinates that maps published in mainland China must use: WGS 84 moved by some 300 to 700 meters.
/// Outside mainland China (<see cref="MainlandChina"/>) it is WGS 84 itself.
/// </summary>
/// <remarks>
/// <para>The formula was never published by its authority; the one here is the reconstruction in general use (first public in 2010 as
/// EvilTransform), which agrees with the maps to a meter or so. Its constants are the Krasovsky 1940 ellipsoid and polynomials with sines around
/// 105 E, 35 N.</para>
/// <para><b>At the border.</b> The shift starts abruptly at the edge of the polygon, so GCJ-02 leaves a sliver there that no place maps to,
/// and covers another twice. <see cref="ToWgs84(LonLat)"/> then prefers the place inside: every place in the polygon makes the round trip exactly,
/// and so does every place outside, except within one shift (under 1 km) of the edge. A GCJ-02 coordinate in the sliver is returned as it is.</para>
/// </remarks>
public static class Gcj02
{
    private const double SemiMajorMeters = 6_378_245.0;
    private const double EccentricitySquared = 0.00669342162296594323;

    /// <summary>WGS 84 to GCJ-02.</summary>
    public static LonLat FromWgs84(LonLat place) => MainlandChina.Contains(place) ? Shift(place) : place;

    /// <summary>GCJ-02 to WGS 84, exact to less than 0.1 mm.</summary>
    public static LonLat ToWgs84(LonLat gcj)
    {
        if (!MainlandChina.IsNear(gcj))
        {
            return gcj;
        }

        var place = Unshift(gcj);
        return MainlandChina.Contains(place) ? place : gcj;
    }

    internal static void FromWgs84(Span<double> lon, Span<double> lat)
    {
        for (int i = 0; i < lon.Length; i++)
        {
            (lon[i], lat[i]) = FromWgs84(new LonLat(lon[i], lat[i]));
        }
    }

    internal static void ToWgs84(Span<double> lon, Span<double> lat)
    {
        for (int i = 0; i < lon.Length; i++)
        {
            (lon[i], lat[i]) = ToWgs84(new LonLat(lon[i], lat[i]));
        }
    }

    /// <summary>The shift wherever the place is; meaningful within some tens of degrees of China only.</summary>
    internal static LonLat Shift(LonLat place)
    {
        var (lon, lat) = place;
        double x = lon - 105, y = lat - 35;
        double root = Math.Sqrt(Math.Abs(x));
        double ripple = 20 * Math.Sin(6 * Math.PI * x) + 20 * Math.Sin(2 * Math.PI * x);
        double northMeters = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
            + (ripple
               + 20 * Math.Sin(Math.PI * y) + 40 * Math.Sin(Math.PI * y / 3)
               + 160 * Math.Sin(Math.PI * y / 12) + 320 * Math.Sin(Math.PI * y / 30)) * 2 / 3;
        double eastMeters = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
            + (ripple
               + 20 * Math.Sin(Math.PI * x) + 40 * Math.Sin(Math.PI * x / 3)
               + 150 * Math.Sin(Math.PI * x / 12) + 300 * Math.Sin(Math.PI * x / 30)) * 2 / 3;

        var (sinLat, cosLat) = Math.SinCos(lat * Math.PI / 180);
        double w2 = 1 - EccentricitySquared * sinLat * sinLat;
        double w = Math.Sqrt(w2);
        double metersPerRadianNorth = SemiMajorMeters * (1 - EccentricitySquared) / (w2 * w);
        double metersPerRadianEast = SemiMajorMeters / w * cosLat;
        return new LonLat(
            lon + eastMeters / metersPerRadianEast * 180 / Math.PI,
            lat + northMeters / metersPerRadianNorth * 180 / Math.PI);
    }

    /// <summary>Inverse of <see cref="Shift"/> by fixed-point iteration.</summary>
    internal static LonLat Unshift(LonLat shifted)
    {
        // The shift changes by less than 1 % of the distance moved, so each step gains two digits.
        const double closeEnoughDegrees = 1e-9; // the last correction, 0.1 mm; what is left after it is a hundredth of it
        const int enoughSteps = 20;
        var place = shifted;
        for (int step = 0; step < enoughSteps; step++)
        {
            var seen = Shift(place);
            double lonError = shifted.LonDegrees - seen.LonDegrees, latError = shifted.LatDegrees - seen.LatDegrees;
            place = new LonLat(place.LonDegrees + lonError, place.LatDegrees + latError);
            if (Math.Abs(lonError) < closeEnoughDegrees && Math.Abs(latError) < closeEnoughDegrees)
            {
                break;
            }
        }

        return place;
    }
}
