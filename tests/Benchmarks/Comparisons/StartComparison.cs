using System.Diagnostics;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare start</c>: the first request of each kind to a server that has just said it is ready, with a million issues.</summary>
internal static class StartComparison
{
    private const int Issues = 1_000_000;
    private const int Rounds = 3;

    private static readonly (string What, string Path)[] Requests =
    [
        ("the planners' map", ""),
        ("numbers of all issues", "api/issues/summary"),
        ("100 issues", "api/issues?limit=100"),
        ("a vector tile", "tiles/issues/12/2930/1898.mvt"),
        ("a tile of the heatmap", "tiles/heatmap/11/1465/949.png"),
        ("collections of OGC API", "ogc/collections"),
        ("100 issues by OGC API with a filter", "ogc/collections/issues/items?limit=100&filter=severity%3E3"),
        ("100 issues by the FeatureServer", "arcgis/rest/services/GeoSanitation/FeatureServer/0/query?where=severity%3E3&outFields=*&resultRecordCount=100&f=json"),
        ("capabilities of WMS", "wms?service=WMS&request=GetCapabilities"),
    ];

    public static async Task RunAsync(Report report, string folder)
    {
        await using var data = await CityDatabase.CreateAsync(Issues);
        List<double> starts = [];
        report.Note($"{Issues:N0} issues of the synthetic city in its 40 wards. Each request is the first one that a process of its own answers, once it has said that it is ready; median of {Rounds} processes.");
        foreach (var (what, path) in Requests)
        {
            List<double> seconds = [];
            var isAnswered = true;
            for (var round = 0; round < Rounds; round++)
            {
                var started = Stopwatch.StartNew();
                using var server = await GeosanProcess.StartAsync(data.ConnectionString);
                starts.Add(started.Elapsed.TotalSeconds);
                using var client = new HttpClient { BaseAddress = server.Address };
                started.Restart();
                using var answer = await client.GetAsync(path);
                _ = await answer.Content.ReadAsByteArrayAsync();
                seconds.Add(started.Elapsed.TotalSeconds);
                isAnswered &= answer.IsSuccessStatusCode;
            }
            report.Check($"answered: {what}", isAnswered);
            report.AtMost($"first request: {what}", Timing.Median(seconds), 1, "s");
        }
        report.Note($"From the start of the process until it is ready, with all issues in memory: {Report.Time(Timing.Median(starts))}.");
    }
}
