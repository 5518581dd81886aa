namespace GeoSanitation.Coordinates;

/// <summary>
/// BD-09, the coordinates of Baidu's maps: GCJ-02 moved once more, by about 900 meters. Outside mainland China
/// (<see cref="MainlandChina"/>) it is WGS 84 itself; at the border the same holds as for <see cref="Coordinates.Gcj02"/>.
/// </summary>
/// <remarks>The formula is the one Baidu's conversion service follows, in the form in general use since about 2012.</remarks>
public static class Bd09
{
    private const double LonOffset = 0.0065;
    private const double LatOffset = 0.006;
    private const double Wave = Math.PI * 3000 / 180;

    /// <summary>WGS 84 to BD-09.</summary>
    public static LonLat FromWgs84(LonLat place)
        => MainlandChina.Contains(place) ? FromGcj02(Coordinates.Gcj02.Shift(place)) : place;

    /// <summary>BD-09 to WGS 84, exact to less than 0.1 mm.</summary>
    public static LonLat ToWgs84(LonLat bd)
    {
        if (!MainlandChina.IsNear(bd))
        {
            return bd;
        }

        var place = Coordinates.Gcj02.Unshift(ToGcj02(bd));
        return MainlandChina.Contains(place) ? place : bd;
    }

    /// <summary>GCJ-02 to BD-09 by formula alone; the caller knows that the place is in mainland China.</summary>
    public static LonLat FromGcj02(LonLat gcj)
    {
        var (x, y) = gcj;
        double radius = Math.Sqrt(x * x + y * y) + 0.00002 * Math.Sin(y * Wave);
        double angle = Math.Atan2(y, x) + 0.000003 * Math.Cos(x * Wave);
        var (sin, cos) = Math.SinCos(angle);
        return new LonLat(radius * cos + LonOffset, radius * sin + LatOffset);
    }

    /// <summary>BD-09 to GCJ-02 by formula alone, exact to less than 0.1 mm; the caller knows that the place is in mainland China.</summary>
    public static LonLat ToGcj02(LonLat bd)
    {
        const double closeEnoughDegrees = 1e-9;
        const int enoughSteps = 50;
        var gcj = new LonLat(bd.LonDegrees - LonOffset, bd.LatDegrees - LatOffset);
        for (int step = 0; step < enoughSteps; step++)
        {
            var seen = FromGcj02(gcj);
            double lonError = bd.LonDegrees - seen.LonDegrees, latError = bd.LatDegrees - seen.LatDegrees;
            gcj = new LonLat(gcj.LonDegrees + lonError, gcj.LatDegrees + latError);
            if (Math.Abs(lonError) < closeEnoughDegrees && Math.Abs(latError) < closeEnoughDegrees)
            {
                break;
            }
        }

        return gcj;
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
}
