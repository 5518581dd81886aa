namespace GeoSanitation.Hotspots.Scan;

/// <summary>How a scan goes about it; what is left out is SaTScan's default.</summary>
public sealed record ScanOptions
{
    /// <summary>A circle holds at most this share: of the expected counts summed over time (Poisson), or of the cases (permutation).</summary>
    public double MaxShare { get; init; } = 0.5;

    /// <summary>Greatest radius of a circle, meters; null for no limit but <see cref="MaxShare"/>.</summary>
    public double? MaxRadiusMeters { get; init; }

    /// <summary>Longest interval, steps; null for half of the steps, rounded down, at least one.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Fewest cases of a cluster.</summary>
    public int MinCases { get; init; } = 2;

    /// <summary>Looks only for clusters that are alive in the last step.</summary>
    public bool Prospective { get; init; }

    /// <summary>Random data sets that the real one is compared with; 99, 999 or 9999 make p a round number.</summary>
    public int Replications { get; init; } = 999;

    /// <summary>Names the random data: the same seed gives the same p, on any number of threads.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads to use.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>A circle, and a time, in which more cases occurred than were expected.</summary>
/// <param name="Center">Location in its middle.</param>
/// <param name="Locations">Locations in it, ascending.</param>
/// <param name="RadiusMeters">Distance of the farthest of them; 0 for one place.</param>
/// <param name="Start">First step, from 0.</param>
/// <param name="End">Last step.</param>
/// <param name="Observed">Cases in it.</param>
/// <param name="Expected">Cases expected in it.</param>
/// <param name="LogLikelihoodRatio">How much better the data fit a cluster here than none at all.</param>
/// <param name="P">Share of the data sets, the real one among them, whose strongest cluster is at least as strong; NaN without replications.</param>
/// <param name="RelativeRisk">(observed / expected) inside over the same outside; infinite when all cases are inside.</param>
public sealed record ScanCluster(
    int Center, int[] Locations, double RadiusMeters, int Start, int End, int Observed, double Expected, double LogLikelihoodRatio, double P, double RelativeRisk);

/// <summary>What a scan found.</summary>
/// <param name="Cases">All cases.</param>
/// <param name="Clusters">Strongest first; no two share a location.</param>
/// <param name="SpaceTimeClusters">Strongest first; those that share a location are apart in time, and a center may have several (SaTScan 10.3).
/// The same as <paramref name="Clusters"/> for one step, and prospectively.</param>
public sealed record ScanResult(int Cases, IReadOnlyList<ScanCluster> Clusters, IReadOnlyList<ScanCluster> SpaceTimeClusters);
