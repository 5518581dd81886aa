using System.Text.Json.Nodes;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Ogc.Processes;

/// <summary>Which jobs a request lists (OGC 18-062r2, class job-list).</summary>
/// <param name="Selection">Which runs they are.</param>
/// <param name="Limit">How many are on a page at most.</param>
/// <param name="Statuses">The statuses that are wanted; null for all.</param>
internal sealed record JobQuery(RunSelection Selection, int Limit, IReadOnlyList<string>? Statuses)
{
    private const int MostListed = 1_000;
    private const int UsuallyListed = 100;

    /// <summary>Statuses of jobs, each with the states of runs that may be shown so: one that is on record as queued may have begun.</summary>
    private static readonly Dictionary<string, string[]> States = new()
    {
        ["accepted"] = ["queued"],
        ["running"] = ["queued", "running"],
        ["successful"] = ["done"],
        ["failed"] = ["failed"],
        ["dismissed"] = ["cancelled"],
    };

    private static readonly Parameter<string[]?> Type = List("type", "Kinds of jobs with commas between: there is one", "process");
    private static readonly Parameter<string[]?> Process = new(
        "processID", "Only jobs of these processes, with commas between", ArrayOf(new OpenApiSchema { Type = JsonSchemaType.String }), new JsonArray("gi-star"), text => text?.Split(','));

    private static readonly Parameter<string[]?> Status = List("status", "Only jobs of these statuses, with commas between", [.. States.Keys]);
    private static readonly Parameter<(DateTimeOffset? From, DateTimeOffset? Before)> Datetime = IssueFilterQuery.Interval("datetime", "When the job was asked for: a time or an interval");
    private static readonly Parameter<int?> MinDuration = Parameter.Whole("minDuration", 0, int.MaxValue, "Only jobs that took, or have been at work for, so many seconds or more", 1);
    private static readonly Parameter<int?> MaxDuration = Parameter.Whole("maxDuration", 0, int.MaxValue, "Only jobs that took, or have been at work for, so many seconds or less", 60);
    private static readonly Parameter<int?> Most = Parameter.Whole("limit", 1, MostListed, $"Jobs in the list, the latest first; {UsuallyListed} when left out", 20);

    private static readonly Parameter<long?> Before = new(
        "before", "Only jobs that were asked for before this one, as links to earlier jobs say it", new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" }, 17,
        text => text is null ? null
            : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) && id > 0 ? id
            : throw new BadParameterException("before", text, "the id of a job"));

    /// <summary>What the list takes.</summary>
    internal static Parameter[] Parameters { get; } = [Type, Process, Status, Datetime, MinDuration, MaxDuration, Most, Before];

    /// <summary>Reads a request.</summary>
    /// <exception cref="BadParameterException">A parameter is not what it may be.</exception>
    internal static JobQuery Of(IQueryCollection query)
    {
        Type.Read(query);
        var (statuses, (from, before), limit) = (Status.Read(query), Datetime.Read(query), Most.Read(query) ?? UsuallyListed);
        var selection = new RunSelection(limit)
        {
            Before = Before.Read(query),
            Methods = Process.Read(query),
            States = statuses?.SelectMany(status => States[status]).Distinct().ToList(),
            CreatedFrom = from,
            CreatedBefore = before,
            ShortestSeconds = MinDuration.Read(query),
            LongestSeconds = MaxDuration.Read(query),
        };
        return new JobQuery(selection, limit, statuses);
    }

    /// <summary>Whether a job is meant as it is shown.</summary>
    internal bool Shows(JsonObject job) => Statuses?.Contains((string)job["status"]!) != false;

    /// <summary>Address of the same list from behind a job on.</summary>
    internal static string PageAfter(HttpRequest request, long job)
        => Links.Root(request) + request.Path.ToUriComponent() + new QueryBuilder(request.Query.Where(p => p.Key != Before.Name)) { { Before.Name, $"{job}" } };

    private static Parameter<string[]?> List(string name, string description, params string[] words) => new(
        name, description, ArrayOf(new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] }), new JsonArray(words[0]),
        text => text is null ? null
            : text.Split(',') is var given && given.All(words.Contains) ? given
            : throw new BadParameterException(name, text, $"some of {string.Join(", ", words)} with commas between"));

    private static OpenApiSchema ArrayOf(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };
}
