using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Filters;

/// <summary>The issue filter as query parameters, the same on every endpoint that reads issues.</summary>
internal static class IssueFilterQuery
{
    private static readonly string[] OpenStatuses = ["reported", "accepted", "dispatched", "resolved"];

    private static readonly Parameter<(DateTimeOffset? From, DateTimeOffset? Before)> Datetime = Interval(
        "datetime", "When it was reported: an RFC 3339 time or a day (UTC), or an interval of two with a slash between; both ends belong to it, .. is an open end");

    private static readonly Parameter<string[]> Ward = Parameter.OfTexts("ward", "Ward code; its descendants are meant too", "990121001");
    private static readonly Parameter<string[]> Category = Parameter.OfTexts("category", "Category code; its children are meant too", "exposed_rubbish");

    private static readonly Parameter<string[]> Status = Parameter<string[]>.Repeated(
        "status", "Status; open means reported, accepted, dispatched or resolved. Repeatable: one of them is enough",
        new() { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. StatusWords.Select(word => (JsonNode)word)] } },
        new JsonArray("open"), values => [.. values.SelectMany(StatusesOf).Distinct()]);

    private static readonly Parameter<(int? Lowest, int? Highest)> Severity = new(
        "severity", "Severity from 1 to 5, or a range of two", Parameter.Pattern(@"^[1-5](\.\.[1-5])?$"), "3..5", Severities);

    private static readonly Parameter<bool?> Overdue = Parameter.Switch("overdue", "Past its deadline and not yet resolved, or not so");
    private static readonly Parameter<bool?> Relapse = Parameter.Switch("relapse", "Came back after an earlier one was closed, or not so");
    private static readonly Parameter<string[]> Round = Parameter.OfTexts("round", "Code of an inspection round", "2025-covert-1");
    private static readonly Parameter<string[]> Source = Parameter.OfTexts("source", "How it was found", "covert");
    private static readonly Parameter<string[]> Department = Parameter.OfTexts("department", "Department in charge", "市场监督管理局");

    private static readonly Parameter<(double LonDegrees, double LatDegrees)?> Near = new(
        "near", "Middle of a circle: longitude,latitude (degrees, WGS 84), beside radius", Parameter.Numbers(2), new JsonArray(112.68, 32.43), Place);

    private static readonly Parameter<double?> Radius = Parameter.Number("radius", 0.001, 1_000_000, "meters", "Radius of the circle, beside near", 500);
    private static readonly Parameter<string?> Text = Parameter.OfText("q", "Text in title, description, address or external id; upper and lower case are alike", "市场");

    /// <summary>Parameters of the filter that the columns in memory can tell, without the database.</summary>
    internal static IReadOnlyList<Parameter> ColumnParameters { get; } = [CommonParameters.Bbox, Datetime, Ward, Category, Status, Severity, Overdue, Relapse, Round, Source, Department];

    /// <summary>The parameters of the filter.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } = [.. ColumnParameters, Near, Radius, Text, .. FilterLanguage.Parameters];

    private static string[] StatusWords => ["open", .. IssuePoints.Statuses];

    /// <summary>Whether a query names any part of the filter.</summary>
    internal static bool IsGiven(IQueryCollection query) => Parameters.Any(p => query.ContainsKey(p.Name));

    /// <summary>The parameters of the filter alone.</summary>
    internal static IQueryCollection Only(IQueryCollection query) => new QueryCollection(query.Where(p => Parameters.Any(f => f.Name == p.Key)).ToDictionary());

    /// <summary>Reads the filter; parameters that are not part of it are left to others.</summary>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    internal static IssueFilter Parse(IQueryCollection query)
    {
        var (from, before) = Datetime.Read(query);
        var (lowest, highest) = Severity.Read(query);
        return new IssueFilter
        {
            Boxes = CommonParameters.Bbox.Read(query),
            ReportedFrom = from,
            ReportedBefore = before,
            Wards = Ward.Read(query),
            Categories = Category.Read(query),
            Statuses = Status.Read(query),
            SeverityFrom = lowest,
            SeverityTo = highest,
            Overdue = Overdue.Read(query),
            Relapse = Relapse.Read(query),
            Rounds = Round.Read(query),
            Sources = Source.Read(query),
            Departments = Department.Read(query),
            Near = Circle(query),
            Text = Text.Read(query),
            Where = FilterLanguage.Read(query, LayerCatalog.Issues),
        };
    }

    /// <summary>A parameter that is an interval of time, written as <c>datetime</c> is; both ends are open when it is left out.</summary>
    internal static Parameter<(DateTimeOffset? From, DateTimeOffset? Before)> Interval(string name, string description)
        => new(name, description, Parameter.Pattern(@"^[^/]+(/[^/]*)?$|^/[^/]+$"), "2025-01-01/2025-06-30", text => Times(name, text));

    /// <summary>An instant, a day, or two of them with a slash between; ".." or nothing for an open end. Both ends belong to it, a day with all its hours (UTC).</summary>
    private static (DateTimeOffset? From, DateTimeOffset? Before) Times(string name, string? text)
    {
        if (text is null)
        {
            return default;
        }
        var parts = CommonParameters.WithPlus(text).Split('/');
        if (parts.Length > 2 || (parts.Length == 1 && IsOpen(parts[0])))
        {
            throw Bad();
        }
        DateTimeOffset? from = IsOpen(parts[0]) ? null : Period(parts[0]).From;
        DateTimeOffset? before = IsOpen(parts[^1]) ? null : Period(parts[^1]).Before;
        return before <= from ? throw Bad() : (from, before);

        static bool IsOpen(string part) => part is "" or "..";

        (DateTimeOffset From, DateTimeOffset Before) Period(string part)
        {
            const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            if (DateTimeOffset.TryParseExact(part, "yyyy-MM-dd", CultureInfo.InvariantCulture, utc, out var day) && day.Year < 9999)
            {
                return (day, day.AddDays(1));
            }
            return DateTimeOffset.TryParseExact(part, CommonParameters.TimeFormats, CultureInfo.InvariantCulture, utc, out var time) && time.Year < 9999
                ? (time, time.AddMicroseconds(1))
                : throw Bad();
        }

        BadParameterException Bad() => new(
            name, text, "an RFC 3339 time or a day, or an interval such as 2024-01-01/2024-06-30, 2024-01-01T00:00:00Z/.. or ../2024-06-30, its end not before its start");
    }

    private static (int? Lowest, int? Highest) Severities(string? text)
    {
        if (text is null)
        {
            return default;
        }
        return text.Split("..").Select(Whole).ToArray() switch
        {
            [int one and >= 1 and <= 5] => (one, one),
            [int low and >= 1, int high and <= 5] when low <= high => (low, high),
            _ => throw new BadParameterException("severity", text, "a whole number from 1 to 5, or a range such as 3..5"),
        };
        static int? Whole(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static string[] StatusesOf(string? word)
        => word == "open" ? OpenStatuses
            : IssuePoints.Statuses.Contains(word) ? [word!]
            : throw new BadParameterException("status", word, string.Join(", ", StatusWords));

    private static (double LonDegrees, double LatDegrees)? Place(string? text)
        => text is null ? null
            : CommonParameters.Degrees(text) is [{ } lon, { } lat] && Math.Abs(lon) <= 180 && Math.Abs(lat) <= 90 ? (lon, lat)
            : throw new BadParameterException("near", text, "longitude,latitude in degrees");

    private static (double LonDegrees, double LatDegrees, double RadiusMeters)? Circle(IQueryCollection query) => (Near.Read(query), Radius.Read(query)) switch
    {
        (null, null) => null,
        ({ } place, { } meters) => (place.LonDegrees, place.LatDegrees, meters),
        (null, _) => throw new BadParameterException(Near.Name, null, "longitude,latitude in degrees, beside radius"),
        _ => throw new BadParameterException(Radius.Name, null, "a number > 0 and <= 1000000 (meters) beside near"),
    };
}
