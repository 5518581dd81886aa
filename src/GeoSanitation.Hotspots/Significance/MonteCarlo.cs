namespace GeoSanitation.Hotspots.Significance;

/// <summary>p by comparison with random data sets.</summary>
internal static class MonteCarlo
{
    // Sums in another order may differ in their last digits, and must tie.
    private const double Tie = 1e-9;

    /// <summary>(1 + data sets at least as strong) / (R + 1): a tie counts against what was observed, so p is never 0.</summary>
    /// <param name="simulated">Strengths of R random data sets, each &gt;= 0, in ascending order.</param>
    /// <param name="observed">Strength of what was observed, &gt;= 0.</param>
    /// <returns>NaN without any data set.</returns>
    internal static double P(double[] simulated, double observed)
    {
        if (simulated.Length == 0)
        {
            return double.NaN;
        }
        var weaker = Array.FindIndex(simulated, s => s >= observed * (1 - Tie));
        return (1.0 + (weaker < 0 ? 0 : simulated.Length - weaker)) / (simulated.Length + 1);
    }
}
