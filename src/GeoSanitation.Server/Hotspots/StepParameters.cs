using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Into which steps time is cut.</summary>
internal static class StepParameters
{
    internal const int MostSteps = 1_000;

    internal static readonly Parameter<(string Text, TimeStep Step)> Step = new(
        "step", "Length of a time step on the city's clock: day, week (from Monday), month, or P<n>D for n days. Month when left out",
        Parameter.Pattern(@"^(day|week|month|P\d{1,4}D)$"), "week", StepOf);

    /// <summary>The steps that the issues fill: from the first to the last report, or over the period of the filter.</summary>
    internal static TimeSteps Cut(AnalysisInput input, TimeStep step, int? most, Explain explain)
    {
        if (input.Rows.Length == 0)
        {
            explain.Parameter("steps", 0);
            return new TimeSteps([], false, false);
        }
        var reports = input.Rows.Select(i => input.Issues.ReportedAt[i]);
        var from = input.Filter.ReportedFrom ?? TimeSteps.StartOfDay(DateTimeOffset.FromUnixTimeSeconds(reports.Min()), input.Zone);
        var before = input.Filter.ReportedBefore ?? TimeSteps.EndOfDay(DateTimeOffset.FromUnixTimeSeconds(reports.Max()), input.Zone);
        var steps = TimeSteps.Cut(step, from, before, most ?? MostSteps, input.Zone);
        if (most is null || steps.Count < most)
        {
            explain.Chosen("steps", steps.Count, "whole-steps", $"Whole steps from {(input.Filter.ReportedFrom is null ? "the first report" : "the start of the period")} to {(input.Filter.ReportedBefore is null ? "the end of the day of the last one" : "its end")}.");
        }
        else
        {
            explain.Parameter("steps", steps.Count);
        }
        if (most > steps.Count)
        {
            explain.Warn($"The issues fill only {steps.Count} whole steps of the {most} asked for.");
        }
        if (steps.PartialAtStart || steps.PartialAtEnd)
        {
            explain.Warn($"The step at the {(steps is { PartialAtStart: true, PartialAtEnd: true } ? "start and the one at the end" : steps.PartialAtEnd ? "end" : "start")} of the period is not complete and was left out.");
        }
        explain.Root["time_zone"] = input.Zone.Id;
        if (steps.Count > 0)
        {
            explain.Root["from"] = Column.InstantOf(new DateTimeOffset(steps.EdgesUtc[0]).ToUnixTimeSeconds());
            explain.Root["before"] = Column.InstantOf(new DateTimeOffset(steps.EdgesUtc[^1]).ToUnixTimeSeconds());
        }
        return steps;
    }

    private static (string Text, TimeStep Step) StepOf(string? text)
        => TimeStep.Parse(text ?? "month") is { } step ? (text ?? "month", step)
            : throw new BadParameterException("step", text, $"day, week, month, or P<n>D with n from 1 to {TimeStep.MostDays}");
}
