using System.Globalization;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Scorecards;

/// <summary>What scorecards take: the issue filter, with the period as days of the city too.</summary>
internal static class ScorecardParameters
{
    internal static readonly Parameter<string?> Level = Parameter.OfText("level", "Only the wards of this level", "community", 100);

    internal static readonly Parameter<string> Form = Parameter.Word("f", "Form of the answer; CSV without trends", "json", "csv");

    private static readonly Parameter<DateOnly?> From = Day("from", "First day of the period, in the city's time zone; the first report when left out. It stands instead of datetime", "2026-01-01");
    private static readonly Parameter<DateOnly?> To = Day("to", "Last day of the period, with all its hours, in the city's time zone; the last report when left out. It stands instead of datetime", "2026-06-30");

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Parameter> OfList { get; } = [Level, From, To, Form, .. IssueFilterQuery.Parameters];

    /// <summary>Those for one ward.</summary>
    internal static IReadOnlyList<Parameter> OfWard { get; } = [From, To, .. IssueFilterQuery.Parameters.Where(p => p.Name != "ward")];

    /// <summary>Reads the filter.</summary>
    /// <param name="query">The query.</param>
    /// <param name="zone">The city's time zone.</param>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    internal static IssueFilter Filter(IQueryCollection query, TimeZoneInfo zone)
    {
        var filter = IssueFilterQuery.Parse(query);
        var (from, to) = (From.Read(query), To.Read(query));
        if (from is null && to is null)
        {
            return filter;
        }
        if (query.ContainsKey("datetime"))
        {
            throw new BadParameterException("datetime", query["datetime"].ToString(), "left out beside from and to");
        }
        return to < from
            ? throw new BadParameterException(To.Name, $"{to:yyyy-MM-dd}", $"a day that is not before from ({from:yyyy-MM-dd})")
            : filter with { ReportedFrom = Start(from), ReportedBefore = Start(to?.AddDays(1)) };

        DateTimeOffset? Start(DateOnly? day) => day is { } some ? DateTimeOffset.FromUnixTimeSeconds(TrendSteps.SecondsOf(some, zone)) : null;
    }

    private static Parameter<DateOnly?> Day(string name, string description, string example) => new(
        name, description, new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" }, example, text => text is null ? null
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1000 and < 9999 ? day
            : throw new BadParameterException(name, text, "a day such as 2026-01-31"));
}
