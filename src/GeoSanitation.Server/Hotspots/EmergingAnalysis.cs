using System.Text.Json.Nodes;
using GeoSanitation.Hotspots.Emerging;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>How cells came to be hot or cold over time: Esri's emerging hot spot analysis.</summary>
internal static class EmergingAnalysis
{
    /// <summary>Fewer steps tell little of a pattern (Esri asks for ten).</summary>
    private const int FewSteps = 10;
    private const int DefaultTimeLag = 1;
    private const double DefaultTrendAlpha = 0.10;

    private static readonly Parameter<int?> Steps = Parameter.Whole("steps", 2, StepParameters.MostSteps, "How many steps, the last ones; all that the issues fill when left out", 12);
    private static readonly Parameter<int?> TimeLag = Parameter.Whole("time_lag", 0, 100, "How many steps back a bin's neighbors reach; 1 when left out", 1);
    private static readonly Parameter<double?> TrendAlpha = Parameter.Number("trend_alpha", 1e-9, 0.5, "p of Mann-Kendall", "Level at which a trend of the z scores counts", 0.1);

    internal static HotspotMethod Method { get; } = new(
        "emerging", 1, "How cells came to be hot or cold: the 17 patterns of Esri's emerging hot spot analysis, with the trend of their z scores",
        [.. CellParameters.All, RateParameters.OfSteps, StepParameters.Step, Steps, TimeLag, TrendAlpha, CellTable.Output], Parse);

    private static Analysis Parse(IQueryCollection values)
    {
        var (cells, (stepText, step), most, significantOnly) = (CellParameters.Read(values), StepParameters.Step.Read(values), Steps.Read(values), CellTable.SignificantOnly(values));
        var rate = RateParameters.ReadOfSteps(values, cells);
        var (timeLag, trendAlpha) = (TimeLag.Read(values) ?? DefaultTimeLag, TrendAlpha.Read(values) ?? DefaultTrendAlpha);
        return (input, explain, work) =>
        {
            var units = CellUnits.Of(input, cells, explain, rate);
            explain.Parameter("step", stepText);
            var steps = StepParameters.Cut(input, step, most, explain);
            explain.Parameter("time_lag", timeLag);
            explain.Parameter("trend_alpha", trendAlpha);
            if ((long)units.Count * steps.Count > input.Limits.MaxBins)
            {
                throw new BadParameterException("steps", most?.ToString(), $"fewer, or the cells larger: {units.Count} cells times {steps.Count} steps are more than {input.Limits.MaxBins} bins");
            }
            if (steps.Count < FewSteps && input.Rows.Length > 0)
            {
                explain.Warn($"Only {steps.Count} steps: patterns over fewer than {FewSteps} tell little{(steps.Count < 4 ? ", and no trend is significant" : "")}.");
            }
            if (steps.Count == 0)
            {
                return CellTable.Empty(input, units, ColumnsOf([], 0));
            }
            work.ThrowIfCancelled();
            var edges = steps.EdgesUtc.Select(e => (e - DateTime.UnixEpoch).TotalSeconds / AnalysisInput.SecondsPerDay).ToArray();
            var cube = SpaceTimeCube.Count(input.Points, units.CellOfPoint, units.Count, edges);
            if (units.Exposures is { } exposures)
            {
                cube = cube.Per(exposures);
            }
            var result = units.Band(cells, explain) is { } band
                ? EmergingHotspots.Analyze(cube, band, timeLag, trendAlpha) : EmergingHotspots.Analyze(cube, units.Neighbors(cells, explain), timeLag, trendAlpha);
            work.ThrowIfCancelled();
            Describe(input, result, edges, explain);
            return TableOf(input, units, cube, result, significantOnly, explain);
        };
    }

    private static void Describe(AnalysisInput input, EmergingResult result, double[] edges, Explain explain)
    {
        var within = 0;
        foreach (var day in input.Points.TimeDays)
        {
            within += day >= edges[0] && day < edges[^1] ? 1 : 0;
        }
        explain.Root["issues_in_steps"] = within;
        explain.Root["bins"] = result.Z.Length;
        explain.Root["mean"] = result.Mean;
        explain.Root["deviation"] = result.Deviation;
        explain.Root["correction"] = "fdr over all bins";
        explain.Root["patterns"] = new JsonObject(Enum.GetValues<Pattern>().Select(pattern => KeyValuePair.Create(Patterns.Name(pattern), (JsonNode?)result.Places.Count(p => p.Pattern == pattern))));
    }

    private static FeatureTable TableOf(AnalysisInput input, CellUnits units, SpaceTimeCube cube, EmergingResult result, bool? significantOnly, Explain explain)
    {
        var patterns = Enumerable.Range(0, units.Count).Where(i => result.Places[i].Pattern != Pattern.None).ToHashSet();
        explain.Root["significant"] = patterns.Count;
        return CellTable.Of(input, units, patterns, significantOnly, explain, ColumnsOf(result.Places, cube.Steps));
    }

    private static Column[] ColumnsOf(EmergingPlace[] places, double steps) =>
        [
            Column.Text("pattern", i => Patterns.Name(places[i].Pattern)),
            Column.Number("z", i => places[i].FinalZ),
            Column.Number("trend_z", i => places[i].Trend.Count == 0 ? double.NaN : places[i].Trend.Z),
            Column.Number("trend_p", i => places[i].Trend.P),
            Column.Whole("hot_steps", i => places[i].HotSteps),
            Column.Whole("cold_steps", i => places[i].ColdSteps),
            Column.Number("hot_share", i => Math.Round(places[i].HotSteps / steps, 6)),
            Column.Number("count_trend_z", i => places[i].ValueTrend.Z),
            Column.Number("count_trend_p", i => places[i].ValueTrend.P),
        ];
}
