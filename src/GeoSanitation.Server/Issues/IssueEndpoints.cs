using System.Buffers;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Issues;

/// <summary>Issues: lists, single ones, their lives and their histories.</summary>
internal static class IssueEndpoints
{
    private const int LongestMove = 1 << 16;

    /// <summary>Number of an issue, in the path.</summary>
    internal static readonly Parameter Id = new("id", "Number of the issue", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" }, 1024);

    private static readonly Parameter IfMatch = new(
        "If-Match", "ETag of the version that is meant, as the last answer gave it", new OpenApiSchema { Type = JsonSchemaType.String }, "\"4-3q2xlH0fV1oGZ8yQm7bKsw\"")
    { InHeader = true };

    /// <exception cref="InvalidOperationException">The settings do not say when the city works.</exception>
    internal static void AddIssues(this IServiceCollection services, Settings settings)
    {
        WorkClock.Check(settings.City);
        services.AddSingleton<IssueListing>().AddSingleton<IssueChanges>();
        IssueSummaryEndpoint.AddTo(services);
    }

    internal static void MapIssues(this IEndpointRouteBuilder routes)
    {
        var issues = routes.MapGroup("/api/issues").WithTags("Issues");
        issues.MapGet("", (HttpContext context, IssueListing listing) => listing.RespondAsync(context, IssueFilterQuery.Parse(context.Request.Query)))
            .WithName("GetIssues").Takes(IssueListing.Parameters).WithSummary("Issues of a filter, page by page")
            .WithDescription("A GeoJSON FeatureCollection, written while the rows are read. The next page is where the link next leads, in the body and in the Link header; "
                + "nothing is shown twice or left out while issues are added. Who reported an issue is shown to keys of inspectors, handlers and administrators only.")
            .Produces<IssueFeatureCollection>(200, FeatureWriter.MediaType).Produces(304).ProducesProblem(400);
        issues.MapGet("/{id}", GetIssue).WithName("GetIssue").Takes(Id, CommonParameters.Crs, CommonParameters.GeoJson).WithSummary("One issue by its number")
            .WithDescription("Its ETag names its version; a change gives it back in If-Match.")
            .Produces<IssueFeature>(200, FeatureWriter.MediaType).Produces(304).ProducesProblem(400).ProducesProblem(404);
        issues.MapPost("", PostIssue).WithName("PostIssue").RequireRole(Roles.Inspector).Takes(CommonParameters.BodyCrs).WithSummary("Report an issue")
            .WithDescription("It is given its ward (the deepest at its place), who answers for it, its department, and the closed issue it is a relapse of, by the same rules as issues of a file. "
                + "The source and its external id together name an issue once: the same again is refused (409).")
            .Accepts<NewIssue>(FeatureWriter.MediaType, "application/json")
            .Produces<IssueFeature>(201, FeatureWriter.MediaType).ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415);
        issues.MapPatch("/{id}", PatchIssue).WithName("PatchIssue").RequireRole(Roles.Inspector).Takes(Id, CommonParameters.BodyCrs, IfMatch).WithSummary("Edit an issue")
            .WithDescription("A JSON merge patch of the Feature: what is left out stays, null removes. A new point moves the issue to the ward there. Status and times change by transitions.")
            .Accepts<IssuePatch>(IssueBody.MergePatch, FeatureWriter.MediaType, "application/json")
            .Produces<IssueFeature>(200, FeatureWriter.MediaType)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(412).ProducesProblem(413).ProducesProblem(415).ProducesProblem(428);
        issues.MapDelete("/{id}", DeleteIssue).WithName("DeleteIssue").RequireRole(Roles.Administrator).Takes(Id, IfMatch).WithSummary("Delete an issue with its history and attachments")
            .WithDescription("For what should never have been there. An issue that needs no action is rejected instead.")
            .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(412).ProducesProblem(428);
        issues.MapPost("/{id}/transitions", PostTransition).WithName("PostTransition").RequireRole(Roles.Inspector, Roles.Handler).Takes(Id, IfMatch)
            .WithSummary("Move an issue on in its life")
            .WithDescription("reported > accepted > dispatched > resolved > closed; rejected, with a reason, from reported or accepted; back to dispatched from resolved or closed, which counts as reopened. "
                + "Handlers resolve, inspectors do everything else. The dispatch starts the clock of the category's deadline. Any other move is refused (409) with those that are allowed. If-Match is heeded when it is there.")
            .Accepts<IssueTransition>("application/json")
            .Produces<IssueFeature>(200, FeatureWriter.MediaType).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(413).ProducesProblem(415);
        issues.MapGet("/{id}/transitions", GetTransitions).WithName("GetTransitions").Takes(Id).WithSummary("Where an issue can go from here")
            .WithDescription("Every move that its life knows from its status, whose keys make it, and whether the caller's does.")
            .Produces<IssueMoves>().HasTag().ProducesProblem(404);
        issues.MapGet("/{id}/events", GetEvents).WithName("GetIssueEvents").Takes(Id).WithSummary("History of an issue, oldest first")
            .WithDescription("Every change since the issue came in; nothing of it can be changed or removed.")
            .Produces<IssueHistory>().HasTag().ProducesProblem(404);
        issues.MapAttachments();
    }

    /// <summary>The number of an issue or of something of it.</summary>
    /// <exception cref="NotFoundException">It is no number, so there is no such thing.</exception>
    internal static long NumberOf(string text, string kind)
        => long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : throw new NotFoundException(kind, text);

    private static async Task GetIssue(string id, HttpContext context, Database database, Settings settings, CancellationToken cancellation)
    {
        var crs = CommonParameters.Crs.Read(context.Request.Query);
        CommonParameters.GeoJson.Read(context.Request.Query);
        var issue = await new IssueStore(database).FindAsync(NumberOf(id, "issue"), cancellation) ?? throw new NotFoundException("issue", id);
        await WriteAsync(context, issue, crs, database, settings);
    }

    private static async Task PostIssue(HttpContext context, IssueChanges changes, Database database, Settings settings, CancellationToken cancellation)
    {
        var body = await IssueBody.ReadNewAsync(context.Request, CommonParameters.BodyCrs.Read(context.Request.Query));
        var issue = await changes.AddAsync(body, context.User.Name(), cancellation);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"{context.Request.PathBase}/api/issues/{issue.Id}";
        await WriteAsync(context, issue, body.Crs, database, settings);
    }

    private static async Task PatchIssue(string id, HttpContext context, IssueChanges changes, Database database, Settings settings, CancellationToken cancellation)
    {
        var number = NumberOf(id, "issue");
        var isVersion = EntityTags.VersionsOf(context.Request) ?? throw new NoVersionException();
        var body = await IssueBody.ReadPatchAsync(context.Request, CommonParameters.BodyCrs.Read(context.Request.Query));
        var issue = await changes.EditAsync(number, isVersion, body, context.User.Name(), cancellation) ?? throw new NotFoundException("issue", id);
        await WriteAsync(context, issue, body.Crs, database, settings);
    }

    private static async Task DeleteIssue(string id, HttpContext context, IssueChanges changes, CancellationToken cancellation)
    {
        var isVersion = EntityTags.VersionsOf(context.Request) ?? throw new NoVersionException();
        if (!await changes.DeleteAsync(NumberOf(id, "issue"), isVersion, context.User.Name(), cancellation))
        {
            throw new NotFoundException("issue", id);
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task PostTransition(string id, HttpContext context, IssueChanges changes, Database database, Settings settings, CancellationToken cancellation)
    {
        var number = NumberOf(id, "issue");
        var isVersion = EntityTags.VersionsOf(context.Request) ?? (_ => true);
        var body = await JsonBody.ReadAsync(context.Request, LongestMove, "application/json");
        JsonBody.RefuseUnknown(body, "", "to", "note");
        var to = body.TryGetProperty("to", out var member) ? JsonBody.Text(member, "to", IssueLimits.Word) : null;
        if (!IssuePoints.Statuses.Contains(to))
        {
            throw new BadParameterException("to", to, "one of accepted, dispatched, resolved, closed, rejected");
        }
        var note = body.TryGetProperty("note", out var said) ? JsonBody.Text(said, "note", IssueLimits.Description) : null;
        context.User.Demand($"moving an issue to {to}", Lifecycle.RoleFor(to!));
        var issue = await changes.MoveAsync(number, isVersion, to!, note, context.User.Name(), cancellation) ?? throw new NotFoundException("issue", id);
        await WriteAsync(context, issue, CrsRegistry.Crs84, database, settings);
    }

    private static async Task<IResult> GetTransitions(string id, HttpContext context, Database database, CancellationToken cancellation)
    {
        var issue = await new IssueStore(database).FindAsync(NumberOf(id, "issue"), cancellation) ?? throw new NotFoundException("issue", id);
        context.Response.DependsOnCaller();
        var moves = Lifecycle.From(issue.Status).Select(to => new IssueMove(to, Lifecycle.RoleFor(to), context.User.Is(Lifecycle.RoleFor(to)), Lifecycle.NeedsNote(to)));
        return TypedResults.Ok(new IssueMoves(issue.Status, context.User.Name(), [.. moves]));
    }

    private static async Task<IResult> GetEvents(string id, Database database, CancellationToken cancellation)
    {
        var events = await new IssueStore(database).EventsAsync(NumberOf(id, "issue"), cancellation) ?? throw new NotFoundException("issue", id);
        return TypedResults.Ok(new IssueHistory([.. events.Select(e => new IssueHistoryEvent(
            e.Id, e.At, e.Actor, e.Kind, e.FromStatus, e.ToStatus, e.Note, e.PayloadJson is { } payload ? JsonNode.Parse(payload) : null))]));
    }

    /// <summary>Writes an issue with its ETag, or says that the caller has it.</summary>
    private static async Task WriteAsync(HttpContext context, Issue issue, Crs crs, Database database, Settings settings)
    {
        var (response, cancellation) = (context.Response, context.RequestAborted);
        var clock = new WorkClock(settings.City, await IntakeReference.LoadDaysAsync(database, cancellation));
        var body = new ArrayBufferWriter<byte>(1 << 11);
        using (var writer = new FeatureWriter(body, crs))
        {
            writer.Write(issue.Id, new LonLat(issue.LonDegrees, issue.LatDegrees), new IssueProperties(issue, context.User.MaySeeReporters(), clock), alone: true);
            writer.Flush();
        }
        response.DependsOnCaller();
        response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        if (EntityTags.IsNotModified(context, EntityTags.OfVersion(issue.Version, body.WrittenSpan)))
        {
            return;
        }
        response.ContentType = FeatureWriter.MediaType;
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, cancellation);
    }
}
