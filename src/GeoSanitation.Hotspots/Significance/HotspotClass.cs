namespace GeoSanitation.Hotspots.Significance;

/// <summary>The one place where numbers become the words hotspot and coldspot.</summary>
public static class HotspotClass
{
    /// <summary>Largest p or q that is significant at all.</summary>
    internal const double LeastSignificant = 0.10;

    /// <summary>Class of a unit: 3, 2, 1 for a hotspot at 99, 95, 90 % confidence, the negatives for a coldspot, 0 when not significant or undefined.</summary>
    /// <param name="z">z score; its sign tells hot from cold.</param>
    /// <param name="pOrQ">Two-sided p, or q after the correction for multiple testing; significant when &lt;= 0.01, 0.05, 0.10.</param>
    public static int Of(double z, double pOrQ)
    {
        var confidence = pOrQ switch
        {
            <= 0.01 => 3,
            <= 0.05 => 2,
            <= LeastSignificant => 1,
            _ => 0,
        };
        return z switch
        {
            > 0 => confidence,
            < 0 => -confidence,
            _ => 0,
        };
    }
}
