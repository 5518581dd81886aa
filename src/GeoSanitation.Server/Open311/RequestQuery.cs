using System.Globalization;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Open311;

/// <summary>Which requests are asked for, and how much of each.</summary>
/// <param name="Filter">Which.</param>
/// <param name="Offset">So many are passed over.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="Extensions">Whether ward, severity, history and more are asked for too.</param>
internal sealed record RequestQuery(IssueFilter Filter, long Offset, int Limit, bool Extensions)
{
    private const int MostRequests = 1000;
    private const int UsualRadiusMeters = 500;

    /// <summary>The protocol's span where no other is asked for.</summary>
    private static readonly TimeSpan UsualSpan = TimeSpan.FromDays(90);

    private static readonly string[] OpenStatuses = ["reported", "accepted", "dispatched", "resolved"];
    private static readonly string[] ClosedStatuses = ["closed", "rejected"];

    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    internal static readonly Parameter<bool> Extended = Parameter.Flag("extensions", "Adds extended_attributes (ward, severity, relapse ...) and notes, the history");

    private static readonly Parameter<long[]> Ids = new(
        "service_request_id", "Numbers of requests with commas between; nothing else is asked then", Parameter.Pattern(@"^[0-9]+(,[0-9]+)*$"), "1024,1025", IdsOf);

    private static readonly Parameter<string[]> Services = new(
        "service_code", "Codes of services with commas between; what belongs to their groups is meant too", Parameter.Pattern("^.{1,500}$"), "exposed_rubbish", text => Words("service_code", text));

    private static readonly Parameter<DateTimeOffset?> Start = Time("start_date", "Earliest requested_datetime; when it is left out, 90 days before end_date, or before now");
    private static readonly Parameter<DateTimeOffset?> End = Time("end_date", "Latest requested_datetime; when it is left out, 90 days after start_date");
    private static readonly Parameter<DateTimeOffset?> Updated = Time("updated_after", "Earliest updated_datetime; no 90 days are meant beside it");

    private static readonly Parameter<string[]> Status = new(
        "status", "open (until it was checked that it is done), closed (rejected ones too), or both with a comma between", Parameter.Pattern("^(open|closed)(,(open|closed))*$"), "open", StatusesOf);

    private static readonly Parameter<double?> Lat = Parameter.Number("lat", -90, 90, "degrees", "Latitude of the middle of a circle, beside long", 32.43);
    private static readonly Parameter<double?> Long = Parameter.Number("long", -180, 180, "degrees", "Longitude of the middle of a circle, beside lat", 112.68);
    private static readonly Parameter<double?> Radius = Parameter.Number("radius", 1, 100_000, "meters", $"Radius of the circle; {UsualRadiusMeters} when left out", 500);
    private static readonly Parameter<int?> Page = Parameter.Whole("page", 1, 10_000, "Number of the page, from 1", 1);
    private static readonly Parameter<int?> PageSize = Parameter.Whole("page_size", 1, MostRequests, $"Requests on a page; {MostRequests} when left out", 50);

    /// <summary>What a list of requests takes.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } = [Ids, Services, Start, End, Updated, Status, CommonParameters.Bbox, Lat, Long, Radius, Page, PageSize, Extended];

    /// <summary>Reads the query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="now">The time now; the usual span begins at a whole hour, so that an answer can be known again.</param>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    internal static RequestQuery Parse(IQueryCollection query, DateTimeOffset now)
    {
        var limit = PageSize.Read(query) ?? MostRequests;
        var (start, end, updated) = (Start.Read(query), End.Read(query), Updated.Read(query));
        if (end < start)
        {
            throw new BadParameterException(End.Name, query[End.Name], "a time that is not before start_date");
        }
        if (updated is null)
        {
            (start, end) = (start ?? (end ?? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerHour))) - UsualSpan, end ?? start + UsualSpan);
        }
        var filter = new IssueFilter
        {
            Categories = Services.Read(query),
            ReportedFrom = start,
            // The end belongs to the span.
            ReportedBefore = end?.AddTicks(TimeSpan.TicksPerMicrosecond),
            UpdatedFrom = updated,
            Statuses = Status.Read(query),
            Boxes = CommonParameters.Bbox.Read(query),
            Near = Circle(query),
        };
        return new RequestQuery(Ids.Read(query) is { Length: > 0 } ids ? new IssueFilter { Ids = ids } : filter, ((Page.Read(query) ?? 1) - 1L) * limit, limit, Extended.Read(query));
    }

    private static Parameter<DateTimeOffset?> Time(string name, string description)
        => new(name, description + "; RFC 3339 with its zone", Parameter.Pattern(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"), "2025-03-01T00:00:00+08:00", text => text is null ? null
            : DateTimeOffset.TryParseExact(CommonParameters.WithPlus(text), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.UtcDateTime.Year is >= 1900 and < 2100 ? time
            : throw new BadParameterException(name, text, "an RFC 3339 time with its zone, between 1900 and 2099, such as 2025-03-01T08:15:00+08:00"));

    private static long[] IdsOf(string? text)
    {
        var words = Words("service_request_id", text);
        return [.. words.Select(word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw new BadParameterException("service_request_id", text, $"at most {MostRequests} whole numbers with commas between")).Distinct()];
    }

    private static string[] Words(string name, string? text)
    {
        string[] words = text is null ? [] : [.. text.Split(',').Select(word => word.Trim())];
        return words.Length <= MostRequests && words.All(word => word.Length is > 0 and <= Parameter.LongestText && !word.Contains('\0', StringComparison.Ordinal))
            ? words
            : throw new BadParameterException(name, text, $"at most {MostRequests} words with commas between");
    }

    private static string[] StatusesOf(string? text) => [.. Words("status", text).Distinct().SelectMany(word => word switch
    {
        "open" => OpenStatuses,
        "closed" => ClosedStatuses,
        _ => throw new BadParameterException("status", text, "open, closed, or open,closed"),
    })];

    /// <summary>Whether the protocol calls a status closed.</summary>
    internal static bool IsClosed(string status) => ClosedStatuses.Contains(status);

    private static (double LonDegrees, double LatDegrees, double RadiusMeters)? Circle(IQueryCollection query) => (Lat.Read(query), Long.Read(query), Radius.Read(query)) switch
    {
        ({ } lat, { } lon, var radius) => (lon, lat, radius ?? UsualRadiusMeters),
        (null, null, null) => null,
        (null, _, _) => throw new BadParameterException(Lat.Name, null, "a latitude, beside long"),
        _ => throw new BadParameterException(Long.Name, null, "a longitude, beside lat"),
    };
}
