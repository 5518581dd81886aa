namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>Everything that can be compared.</summary>
/// <param name="Name">As in <c>compare NAME</c>, and the name of its file of results.</param>
/// <param name="Title">Heading of the file.</param>
/// <param name="RunAsync">Runs it, with a new folder for files.</param>
internal sealed record Comparison(string Name, string Title, Func<Report, string, Task> RunAsync)
{
    public static IReadOnlyList<Comparison> All { get; } =
    [
        new("dbscan", "DBSCAN beside PostGIS, R and scikit-learn", DbscanComparison.RunAsync),
        new("hdbscan", "HDBSCAN beside R", HdbscanComparison.RunAsync),
        new("gi-star", "Gi* beside spdep", GiStarComparison.RunAsync),
        new("density", "Kernel density beside spatstat, scipy and scikit-learn", DensityComparison.RunAsync),
        new("wards", "Points to wards beside PostGIS", WardsComparison.RunAsync),
        new("scan", "Kulldorff's scan beside numpy", ScanComparison.RunAsync),
        new("tiles", "Vector tiles and heatmaps beside PostGIS", TilesComparison.RunAsync),
        new("supercluster", "Clusters of the map beside supercluster", SuperclusterComparison.RunAsync),
        new("geojson", "Issues as GeoJSON beside PostGIS", GeoJsonComparison.RunAsync),
        new("snapshot", "Issues in memory", SnapshotComparison.RunAsync),
        new("page", "The planners' map with a million issues", PageComparison.RunAsync),
        new("start", "The first request after the start", StartComparison.RunAsync),
        new("growth", "How time grows with size", GrowthComparison.RunAsync),
    ];

    /// <summary>Runs comparisons one after the other.</summary>
    /// <param name="names">Their names; none means all.</param>
    /// <returns>The exit code: 0, 1 when a result differed from a peer's, 2 when there is no such comparison.</returns>
    public static async Task<int> RunAllAsync(string[] names)
    {
        var unknown = names.Except(All.Select(c => c.Name)).ToArray();
        if (unknown.Length > 0)
        {
            Console.Error.WriteLine($"there is no comparison {string.Join(", ", unknown)}; there are import, {string.Join(", ", All.Select(c => c.Name))}");
            return 2;
        }
        var exitCode = 0;
        foreach (var comparison in All.Where(c => names.Length == 0 || names.Contains(c.Name)))
        {
            var folder = Directory.CreateTempSubdirectory("geosan-bench-").FullName;
            // PostgreSQL runs under an account of its own.
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            try
            {
                Console.WriteLine($"== {comparison.Title}");
                var report = new Report(comparison.Name, comparison.Title);
                await comparison.RunAsync(report, folder);
                exitCode = Math.Max(exitCode, await report.WriteAsync());
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        return exitCode;
    }
}
