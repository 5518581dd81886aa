using CsCheck;

namespace GeoSanitation.Coordinates;

/// <summary>Places for tests, and how far apart they are.</summary>
internal static class Places
{
    public static Gen<LonLat> InChina { get; } =
        Gen.Select(Gen.Double[73.5, 135], Gen.Double[18.1, 53.6], (lon, lat) => new LonLat(lon, lat)).Where(MainlandChina.Contains);

    /// <summary>Meters between two places close to each other.</summary>
    public static double Meters(LonLat a, LonLat b)
    {
        double north = (a.LatDegrees - b.LatDegrees) * 111_320;
        double east = Math.IEEERemainder(a.LonDegrees - b.LonDegrees, 360) * 111_320 * Math.Cos(a.LatDegrees * Math.PI / 180);
        return Math.Sqrt(north * north + east * east);
    }

    /// <summary>Within 0.03 degree of the polygon's edge, where GCJ-02 and BD-09 are not one to one (see <see cref="Gcj02"/>).</summary>
    public static bool IsAtTheEdgeOfChina(LonLat place)
    {
        bool inside = MainlandChina.Contains(place);
        return Enumerable.Range(1, 10).Any(ring => Enumerable.Range(0, 16).Any(i => inside != MainlandChina.Contains(new LonLat(
            place.LonDegrees + 0.003 * ring * Math.Cos(i * Math.PI / 8), place.LatDegrees + 0.003 * ring * Math.Sin(i * Math.PI / 8)))));
    }

    /// <summary>Central meridian of a Gauss-Krueger or UTM system, read from its title.</summary>
    public static double Meridian(Crs crs)
    {
        int number = int.Parse(string.Concat(crs.Title[crs.Title.LastIndexOf(' ')..].Where(char.IsAsciiDigit)));
        return crs.Title.Contains("CM ", StringComparison.Ordinal) ? number
            : crs.Title.Contains("3-degree", StringComparison.Ordinal) ? 3 * number
            : crs.Title.Contains("UTM", StringComparison.Ordinal) ? 6 * number - 183
            : 6 * number - 3;
    }
}
