using System.Text.Json.Nodes;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Runs;

/// <summary>Kept analyses: asked for, looked at, published.</summary>
internal static class RunEndpoints
{
    private const int UsuallyListed = 50;

    private static readonly Parameter<long> Id = new("id", "Id of the run", IdSchema, 17, text => long.TryParse(text, out var id) ? id : throw new NotFoundException("run", text ?? ""));
    private static readonly Parameter<long> Other = new("other", "Id of the later run", IdSchema, 18, text => long.TryParse(text, out var id) ? id : throw new NotFoundException("run", text ?? ""));
    private static readonly Parameter<int?> Limit = Parameter.Whole("limit", 1, 500, $"Runs on a page; {UsuallyListed} when left out", 20);
    private static readonly Parameter<long?> Before = new(
        "before", "Only runs before this one, by id", IdSchema, 17, text => text is null ? null : long.TryParse(text, out var id) ? id : throw new BadParameterException("before", text, "the id of a run"));

    private static readonly Parameter<string?> Method = Parameter.Choice("method", "Only runs of this method", [.. HotspotMethod.All.Select(m => m.Name)]);
    private static readonly Parameter<string?> State = Parameter.Choice("state", "Only runs in this state", "queued", "running", "done", "failed", "cancelled");
    private static readonly Parameter<bool?> Published = Parameter.Switch("published", "Only published runs, or only others");

    private static OpenApiSchema IdSchema => new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" };

    internal static void AddRuns(this IServiceCollection services)
        => services.AddSingleton<PublishedRuns>().AddSingleton<RunJobs>().AddHostedService(provider => provider.GetRequiredService<RunJobs>());

    internal static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var reads = routes.MapGroup("/api/runs").WithTags("Runs");
        var writes = routes.MapGroup("/api/runs").WithTags("Runs").RequireRole(Roles.Inspector);
        writes.MapPost("", PostRun).WithName("PostRun").WithSummary("Keep an analysis: it is done in the background, and the answer says where to ask how far it is")
            .Accepts<RunBody>("application/json").Produces<RunState>(StatusCodes.Status202Accepted).ProducesProblem(400).ProducesProblem(413).ProducesProblem(415).ProducesProblem(503);
        reads.MapGet("", GetRuns).WithName("GetRuns").Takes(Limit, Before, Method, State, Published).WithSummary("Runs, latest first").Produces<RunList>().HasTag().ProducesProblem(400);
        reads.MapGet("/{id}", GetRun).WithName("GetRun").Takes(Id).WithSummary("State, progress and explanation of a run").Produces<RunState>().HasTag().ProducesProblem(404);
        reads.MapGet("/{id}/result", GetResult).WithName("GetRunResult").Takes(Id, CommonParameters.Crs).WithSummary("The features of a run, with its explanation")
            .Produces(200, contentType: FeatureWriter.MediaType).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        reads.MapGet("/{id}/compare/{other}", GetComparison).WithName("CompareRuns").Takes(Id, Other, CommonParameters.Crs)
            .WithSummary("Hotspots that appeared, vanished, grew or shrank from one run to another").Produces(200, contentType: FeatureWriter.MediaType).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        writes.MapPost("/{id}/publish", PostPublish).WithName("PublishRun").Takes(Id).WithSummary("Publish a run: the hotspots of every portal are those of the run published last")
            .Produces<RunState>().ProducesProblem(404).ProducesProblem(409);
        writes.MapPost("/{id}/unpublish", PostUnpublish).WithName("UnpublishRun").Takes(Id).WithSummary("Take a published run back").Produces<RunState>().ProducesProblem(404);
        writes.MapPost("/{id}/cancel", PostCancel).WithName("CancelRun").Takes(Id).WithSummary("Stop a run that is at work").Produces<RunState>(202).ProducesProblem(404).ProducesProblem(409);
        writes.MapDelete("/{id}", DeleteRun).WithName("DeleteRun").Takes(Id).WithSummary("Remove a run that has ended, with its result").Produces(204).ProducesProblem(404).ProducesProblem(409);
    }

    /// <summary>Answers that a run is at work (202), and where to ask for it.</summary>
    internal static async Task AcceptAsync(HttpContext context, RunJobs jobs, long id)
    {
        var store = new RunStore(context.RequestServices.GetRequiredService<Database>());
        context.Response.Headers.CacheControl = "no-store";
        await Accepted(await store.FindAsync(id, context.RequestAborted) ?? throw new NotFoundException("run", $"{id}"), jobs).ExecuteAsync(context);
    }

    private static async Task<IResult> PostRun(HttpContext context, Database database, RunJobs jobs, CancellationToken cancellation)
    {
        var body = await RunBody.ReadAsync(context.Request);
        var id = await jobs.StartAsync(body.ToRequest(), body.Name?.Trim(), context.User.Name(), cancellation);
        return Accepted((await new RunStore(database).FindAsync(id, cancellation))!, jobs);
    }

    private static async Task<IResult> GetRuns(HttpContext context, Database database, RunJobs jobs, CancellationToken cancellation)
    {
        var query = context.Request.Query;
        var most = Limit.Read(query) ?? UsuallyListed;
        var runs = await new RunStore(database).ListAsync(Before.Read(query), Method.Read(query), State.Read(query), Published.Read(query), most, cancellation);
        var next = runs.Count == most ? $"/api/runs{QueryString.Create(query.Where(q => q.Key != Before.Name)).Add(Before.Name, $"{runs[^1].Id}")}" : null;
        return TypedResults.Ok(new RunList([.. runs.Select(r => StateOf(r, jobs) with { Explain = null })], next));
    }

    private static async Task<IResult> GetRun(string id, Database database, RunJobs jobs, CancellationToken cancellation)
        => TypedResults.Ok(StateOf(await FindAsync(new RunStore(database), id, cancellation), jobs));

    private static async Task GetResult(string id, HttpContext context, Database database, CancellationToken cancellation)
    {
        var store = new RunStore(database);
        var crs = CommonParameters.Crs.Read(context.Request.Query);
        var run = await FindDoneAsync(store, id, cancellation);
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Data-Version"] = run.DataVersion;
        if (EntityTags.IsNotModified(context, EntityTags.Of("run", $"{run.Id}", $"{run.FinishedAt:O}", crs.Name)))
        {
            return;
        }
        context.Response.ContentType = FeatureWriter.MediaType;
        await RunResultWriter.WriteAsync(run, store.FeaturesAsync(run.Id, cancellation), crs, context.Response.BodyWriter, cancellation);
    }

    private static async Task GetComparison(string id, string other, HttpContext context, Database database, CancellationToken cancellation)
    {
        var store = new RunStore(database);
        var crs = CommonParameters.Crs.Read(context.Request.Query);
        var (before, after) = (await FindDoneAsync(store, id, cancellation), await FindDoneAsync(store, other, cancellation));
        var changes = RunComparison.Compare((before, await store.FeaturesAsync(before.Id, cancellation).ToListAsync(cancellation)), (after, await store.FeaturesAsync(after.Id, cancellation).ToListAsync(cancellation)));
        context.Response.ContentType = FeatureWriter.MediaType;
        await RunResultWriter.WriteAsync(before, after, changes, crs, context.Response.BodyWriter, cancellation);
    }

    private static async Task<IResult> PostPublish(string id, HttpContext context, Database database, RunJobs jobs, CancellationToken cancellation)
    {
        var store = new RunStore(database);
        var run = await FindAsync(store, id, cancellation);
        return await store.PublishAsync(run.Id, cancellation)
            ? TypedResults.Ok(StateOf(await FindAsync(store, id, cancellation), jobs))
            : throw new ConflictException($"run {run.Id} is {run.State}; only one that is done can be published");
    }

    private static async Task<IResult> PostUnpublish(string id, Database database, RunJobs jobs, CancellationToken cancellation)
    {
        var store = new RunStore(database);
        await store.UnpublishAsync((await FindAsync(store, id, cancellation)).Id, cancellation);
        return TypedResults.Ok(StateOf(await FindAsync(store, id, cancellation), jobs));
    }

    private static async Task<IResult> PostCancel(string id, Database database, RunJobs jobs, CancellationToken cancellation)
    {
        var run = await FindAsync(new RunStore(database), id, cancellation);
        var job = jobs.Find(run.Id) ?? throw new ConflictException(
            run.State is "queued" or "running" ? $"run {run.Id} is at work on another server" : $"run {run.Id} is {run.State}; only one at work can be stopped");
        job.Cancel();
        return Accepted(run, jobs);
    }

    private static async Task<IResult> DeleteRun(string id, Database database, CancellationToken cancellation)
    {
        var store = new RunStore(database);
        var run = await FindAsync(store, id, cancellation);
        return await store.DeleteAsync(run.Id, cancellation)
            ? TypedResults.NoContent()
            : throw new ConflictException(run.PublishedAt is not null ? $"run {run.Id} is published; take it back first" : $"run {run.Id} is {run.State}; stop it first");
    }

    private static async Task<RunRecord> FindAsync(RunStore store, string id, CancellationToken cancellation)
        => await store.FindAsync(Id.Read(id), cancellation) ?? throw new NotFoundException("run", id);

    private static async Task<RunRecord> FindDoneAsync(RunStore store, string id, CancellationToken cancellation)
        => await FindAsync(store, id, cancellation) is { State: "done" } run ? run
            : throw new ConflictException($"run {id} is not done; only one that is done has a result");

    private static Accepted<RunState> Accepted(RunRecord run, RunJobs jobs) => TypedResults.Accepted($"/api/runs/{run.Id}", StateOf(run, jobs));

    private static RunState StateOf(RunRecord run, RunJobs jobs)
    {
        var job = run.State is "queued" or "running" ? jobs.Find(run.Id) : null;
        return new RunState(
            run.Id, run.Name, run.Method, run.MethodVersion, JsonNode.Parse(run.ParametersJson), JsonNode.Parse(run.FilterJson),
            job is { HasStarted: true } ? "running" : run.State, Math.Round(job?.Progress ?? run.Progress, 3), run.DataVersion, run.Features, run.Error,
            run.CreatedAt, run.StartedAt, run.FinishedAt, run.PublishedAt, run.ExplainJson is { } explain ? JsonNode.Parse(explain) : null, $"/api/runs/{run.Id}/result");
    }
}

/// <summary>A run and how far it is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Method">The method.</param>
/// <param name="MethodVersion">Its version.</param>
/// <param name="Parameters">Parameters as they were given.</param>
/// <param name="Filter">The issue filter as it was given.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Progress">Part done, 0 to 1.</param>
/// <param name="DataVersion">The data that it is of.</param>
/// <param name="Features">Number of features of the result.</param>
/// <param name="Error">Why there is no result.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="StartedAt">When the work began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="PublishedAt">When it was published, if it is.</param>
/// <param name="Explain">How the result came about; not in lists.</param>
/// <param name="Result">Where the features are, once it is done.</param>
internal sealed record RunState(
    long Id, string? Name, string Method, int MethodVersion, JsonNode? Parameters, JsonNode? Filter, string State, double Progress, string DataVersion, int Features, string? Error,
    DateTime CreatedAt, DateTime? StartedAt, DateTime? FinishedAt, DateTime? PublishedAt, JsonNode? Explain, string Result);

/// <summary>A page of runs.</summary>
/// <param name="Runs">Latest first.</param>
/// <param name="Next">Where the next page is, or null.</param>
internal sealed record RunList(IReadOnlyList<RunState> Runs, string? Next);
