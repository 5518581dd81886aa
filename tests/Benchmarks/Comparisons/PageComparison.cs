using System.Globalization;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare page</c>: the planners' map in Chromium, with a million issues on the server: first picture, change of a filter, panning.</summary>
internal static class PageComparison
{
    private const int Issues = 1_000_000;
    private const int Visits = 6;
    private const int Changes = 10;

    public static async Task RunAsync(Report report, string folder)
    {
        await using var data = await CityDatabase.CreateAsync(Issues);
        using var server = await GeosanProcess.StartAsync(data.ConnectionString);
        var answer = await new Peer(folder).RunAsync("page.mjs", ["playwright-core"], server.Address, Visits, Changes);
        if (answer is null)
        {
            return;
        }
        double Milliseconds(string name) => answer.Values[name];
        string Said(string name) => Report.Time(Milliseconds(name) / 1e3);
        report.Note($"{Issues:N0} issues of the synthetic city in its 40 wards, on a server of its own that has just said it is ready; the page as it is built, in {answer.Version} without a window, 1400 x 880. "
            + "There is no graphics card: WebGL is drawn by software (SwiftShader) on the same two processors as all else.");
        foreach (var (visit, said) in (ReadOnlySpan<(string, string)>)[("first", "First visit, of a browser with an empty page and a server just started"), ("later", $"Later visits, nothing in the browser's cache, median of {Visits - 1}")])
        {
            report.Note($"{said}: numbers after {Said($"{visit}-numbers")}, all tiles of the heatmap as plain pictures after {Said($"{visit}-plain")}, WebGL ready after {Said($"{visit}-canvas")}, all tiles drawn by the map after {Said($"{visit}-heatmap")}, "
                + $"hot areas, clusters, wards and backdrop too after {Said($"{visit}-all")}. "
                + $"Of this WebGL's start, its shaders and textures, by software here, took {Said($"{visit}-graphics")} of the page's own thread before the heatmap was drawn.");
            report.AtMost($"first useful picture (numbers, and the heatmap), {visit} visit", Milliseconds($"{visit}-picture") / 1e3, 2, "s");
        }
        report.Note($"{Changes} clicks, a second apart or more, that each add a category: the first picture of the heatmap is answered {Said("change-answers")} after it is asked for (median); the longest change took {Said("change-longest")}; until the screen had it and the frame behind it, by software, {Said("change-shown")} (median).");
        report.AtMost($"from the click to the new heatmap, median of {Changes}", Milliseconds("change-median"), 300, "ms");
        report.Note(string.Create(CultureInfo.InvariantCulture,
            $"Panning four times: {Milliseconds("pan-tasks"):0} tasks of more than 50 ms, the longest {Milliseconds("pan-longest-task"):0} ms; in all of it the page's own files ran for {Milliseconds("pan-own"):0} ms and the map library for {Milliseconds("pan-library"):0} ms; the rest is the browser's, WebGL by software most of all."));
        report.AtMost("panning: time of the page's own files in all, so of any task", Milliseconds("pan-own"), 200, "ms");
        report.AtMost("panning: the longest task, whoever's", Milliseconds("pan-longest-task"), 200, "ms");
    }
}
