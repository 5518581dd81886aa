using System.Globalization;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Filters;

/// <summary>The issue filter as query parameters, the same on every endpoint that reads issues.</summary>
internal static class IssueFilterQuery
{
    /// <summary>The parameters of the filter.</summary>
    internal static readonly string[] Names =
    [
        "bbox", "datetime", "ward", "category", "status", "severity", "overdue", "relapse", "round", "source", "department", "near", "radius", "q",
    ];

    private const int MaxValues = 200;
    private const int MaxTextLength = 500;
    private const double MaxRadiusMeters = 1_000_000;

    private static readonly string[] OpenStatuses = ["reported", "accepted", "dispatched", "resolved"];

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", "yyyy-MM-dd'T'HH:mmK",
    ];

    /// <summary>Reads the filter; parameters that are not part of it are left to others.</summary>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    internal static IssueFilter Parse(IQueryCollection query)
    {
        var (from, before) = Times(Single(query, "datetime"));
        var (lowest, highest) = Severities(Single(query, "severity"));
        return new IssueFilter
        {
            Boxes = Boxes(Single(query, "bbox")),
            ReportedFrom = from,
            ReportedBefore = before,
            Wards = Texts(query, "ward"),
            Categories = Texts(query, "category"),
            Statuses = Statuses(query),
            SeverityFrom = lowest,
            SeverityTo = highest,
            Overdue = Flag(query, "overdue"),
            Relapse = Flag(query, "relapse"),
            Rounds = Texts(query, "round"),
            Sources = Texts(query, "source"),
            Departments = Texts(query, "department"),
            Near = Near(query),
            Text = Single(query, "q") is { } text ? Checked("q", text) : null,
        };
    }

    private static Envelope[] Boxes(string? text)
    {
        if (text is null)
        {
            return [];
        }
        var edges = text.Split(',').Select(Degrees).ToArray();
        if (edges is not [{ } west, { } south, { } east, { } north] || Math.Abs(west) > 180 || Math.Abs(east) > 180 || south < -90 || north > 90 || south > north)
        {
            throw new BadParameterException("bbox", text, "west,south,east,north in degrees, south not above north; west is greater than east where it crosses the antimeridian");
        }
        return west <= east ? [new(west, east, south, north)] : [new(west, 180, south, north), new(-180, east, south, north)];
    }

    /// <summary>An instant, a day, or two of them with a slash between; ".." or nothing for an open end. Both ends belong to it, a day with all its hours (UTC).</summary>
    private static (DateTimeOffset? From, DateTimeOffset? Before) Times(string? text)
    {
        if (text is null)
        {
            return default;
        }
        var parts = text.Split('/');
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
            return DateTimeOffset.TryParseExact(part, TimeFormats, CultureInfo.InvariantCulture, utc, out var time) && time.Year < 9999
                ? (time, time.AddMicroseconds(1))
                : throw Bad();
        }

        BadParameterException Bad() => new(
            "datetime", text, "an RFC 3339 time or a day, or an interval such as 2024-01-01/2024-06-30, 2024-01-01T00:00:00Z/.. or ../2024-06-30, its end not before its start");
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

    private static string[] Statuses(IQueryCollection query)
        => [.. Texts(query, "status").SelectMany(status => status == "open" ? OpenStatuses
            : IssuePoints.Statuses.Contains(status) ? [status]
            : throw new BadParameterException("status", status, "open, " + string.Join(", ", IssuePoints.Statuses))).Distinct()];

    private static (double LonDegrees, double LatDegrees, double RadiusMeters)? Near(IQueryCollection query)
    {
        if (Single(query, "near") is not { } text)
        {
            return null;
        }
        if (text.Split(',').Select(Degrees).ToArray() is not [{ } lon, { } lat] || Math.Abs(lon) > 180 || Math.Abs(lat) > 90)
        {
            throw new BadParameterException("near", text, "longitude,latitude in degrees");
        }
        var radius = Single(query, "radius");
        return double.TryParse(radius, NumberStyles.Float, CultureInfo.InvariantCulture, out var meters) && meters is > 0 and <= MaxRadiusMeters
            ? (lon, lat, meters)
            : throw new BadParameterException("radius", radius, "a number > 0 and <= 1000000 (meters) beside near");
    }

    private static bool? Flag(IQueryCollection query, string name) => Single(query, name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        var other => throw new BadParameterException(name, other, "true or false"),
    };

    private static double? Degrees(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static string[] Texts(IQueryCollection query, string name)
    {
        var values = query[name];
        return values.Count <= MaxValues
            ? [.. values.Select(value => Checked(name, value ?? "")).Distinct()]
            : throw new BadParameterException(name, $"given {values.Count} times", $"given at most {MaxValues} times");
    }

    private static string? Single(IQueryCollection query, string name) => query[name] switch
    {
        [] => null,
        [var text] => text ?? "",
        var several => throw new BadParameterException(name, several.ToString(), "given once"),
    };

    // PostgreSQL takes no NUL in a text.
    private static string Checked(string name, string text)
        => text.Length is > 0 and <= MaxTextLength && !text.Contains('\0')
            ? text
            : throw new BadParameterException(name, text, $"a text of 1 to {MaxTextLength} characters");
}
