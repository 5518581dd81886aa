using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Runs;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Webhooks;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Ogc.Processes;

/// <summary>Executes processes and answers about jobs: what <c>/api/hotspots</c> and <c>/api/runs</c> do, in the words of OGC API Processes.</summary>
internal static class ProcessEndpoints
{
    private const int LongestBody = 1 << 18;
    private const string Exceptions = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/";

    /// <summary>The process of a name.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal static HotspotMethod MethodOf(string name) => HotspotMethod.All.FirstOrDefault(m => m.Name == name) ?? throw new NotFoundException("process", name) { Type = Exceptions + "no-such-process" };

    /// <summary>Executes a process: answers with its result, or, where the client prefers that, with the job that it is.</summary>
    internal static async Task PostExecution(HttpContext context, string process, string root)
    {
        var (services, cancellation) = (context.RequestServices, context.RequestAborted);
        var method = MethodOf(process);
        var body = await JsonBody.ReadAsync(context.Request, LongestBody, "application/json");
        var request = RequestOf(method, body);
        var isAsync = context.Request.Headers["Prefer"].Any(p => p?.Contains("respond-async", StringComparison.OrdinalIgnoreCase) == true);
        var isDocument = IsDocument(body);
        var callback = body.TryGetProperty("subscriber", out var subscriber) ? ProcessCallback.Read(subscriber, services.GetRequiredService<CallbackHosts>(), root, isDocument) : null;
        if (callback is not null && !isAsync)
        {
            throw new BadParameterException("subscriber", JsonBody.Shown(subscriber), "left out without the header Prefer: respond-async, as the result is then in the answer");
        }
        if (isAsync)
        {
            context.User.Demand("keeping a job", Roles.Inspector);
            var jobs = services.GetRequiredService<RunJobs>();
            // Whoever fetches the result gets it in the form that was asked for here.
            var said = callback ?? (isDocument ? new ProcessCallback(null, null, null, root, isDocument) : null);
            var id = await jobs.StartAsync(request, null, context.User.Name(), cancellation, said?.ToJson());
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.Location = $"{root}/jobs/{id}";
            context.Response.Headers["Preference-Applied"] = "respond-async";
            context.Response.ContentType = OgcAnswer.Json;
            var run = (await new RunStore(services.GetRequiredService<Database>()).FindAsync(id, cancellation))!;
            await context.Response.WriteAsync(StatusOf(run, jobs, root).ToJsonString(JsonForm.Options), cancellation);
            return;
        }
        var version = (await services.GetRequiredService<DataSnapshots>().CurrentAsync(cancellation)).Version;
        var job = services.GetRequiredService<AnalysisJobs>().Join(request, version);
        try
        {
            var result = await job.Result.WaitAsync(cancellation);
            context.Response.Headers["X-Data-Version"] = result.DataVersion;
            context.Response.ContentType = isDocument ? OgcAnswer.Json : FeatureWriter.MediaType;
            if (isDocument)
            {
                await context.Response.WriteAsync($"{{\"{ProcessDocuments.Output}\":", cancellation);
            }
            await context.Response.Body.WriteAsync(result.GeoJson, cancellation);
            if (isDocument)
            {
                await context.Response.WriteAsync("}", cancellation);
            }
        }
        finally
        {
            job.Leave();
        }
    }

    /// <summary>The list of jobs.</summary>
    internal static async Task<JsonObject> JobsAsync(HttpContext context, string root)
    {
        var (query, jobs) = (JobQuery.Of(context.Request.Query), context.RequestServices.GetRequiredService<RunJobs>());
        var runs = await new RunStore(context.RequestServices.GetRequiredService<Database>()).ListAsync(query.Selection with { Most = query.Limit + 1 }, context.RequestAborted);
        var links = new JsonArray([.. OgcAnswer.SelfAndPage(context.Request)]);
        if (runs.Count > query.Limit)
        {
            links.Add(Links.Of("next", JobQuery.PageAfter(context.Request, runs[query.Limit - 1].Id), OgcAnswer.Json, "Earlier jobs"));
        }
        return new JsonObject
        {
            ["jobs"] = new JsonArray([.. runs.Take(query.Limit).Select(run => StatusOf(run, jobs, root)).Where(query.Shows)]),
            ["links"] = links,
        };
    }

    /// <summary>A job.</summary>
    internal static async Task<JsonObject> JobAsync(HttpContext context, string job, string root)
        => StatusOf(await FindAsync(context, job), context.RequestServices.GetRequiredService<RunJobs>(), root);

    /// <summary>The result of a job; as a page, the first of its features.</summary>
    internal static async Task GetResults(HttpContext context, string job, string root)
    {
        OgcAnswer.RefuseUnknown(context.Request, [OgcAnswer.Form.Name]);
        var isHtml = OgcAnswer.WantsHtml(context.Request, OgcAnswer.Form.Read(context.Request.Query));
        var run = await FindAsync(context, job);
        if (run.State != "done")
        {
            var failed = run.State is "failed" or "cancelled";
            await WriteExceptionAsync(context, failed ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound, failed ? "job-results-failed" : "result-not-ready",
                failed ? $"job {run.Id} has no result: {run.Error}" : $"job {run.Id} is not done yet");
            return;
        }
        var store = new RunStore(context.RequestServices.GetRequiredService<Database>());
        var isDocument = await store.CallbackAsync(run.Id, context.RequestAborted) is { } said && ProcessCallback.Of(said).IsDocument;
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        context.Response.Headers["X-Data-Version"] = run.DataVersion;
        if (isHtml)
        {
            await OgcAnswer.WriteHtmlAsync(context, await PageAsync(run, store, isDocument ? OgcAnswer.Json : FeatureWriter.MediaType, root, context.RequestAborted), $"Result of job {run.Id}");
            return;
        }
        context.Response.Headers.CacheControl = "no-cache";
        if (EntityTags.IsNotModified(context, EntityTags.Of("job", $"{run.Id}", $"{run.FinishedAt:O}")))
        {
            return;
        }
        context.Response.ContentType = isDocument ? OgcAnswer.Json : FeatureWriter.MediaType;
        await WriteResultAsync(run, store.FeaturesAsync(run.Id, context.RequestAborted), isDocument, context.Response.BodyWriter, context.RequestAborted);
    }

    private static async Task<JsonObject> PageAsync(RunRecord run, RunStore store, string mediaType, string root, CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        var output = PipeWriter.Create(text, new StreamPipeWriterOptions(leaveOpen: true));
        await RunResultWriter.WriteAsync(run, store.FeaturesAsync(run.Id, cancellation).Take(HtmlPage.MostRows), CrsRegistry.Crs84, output, cancellation);
        await output.CompleteAsync();
        var page = JsonNode.Parse(text.ToArray())!.AsObject();
        page["links"] = new JsonArray(
            Links.Of("alternate", $"{root}/jobs/{run.Id}/results?f=json", mediaType, $"The whole result ({run.Features} features)"),
            Links.Of("up", $"{root}/jobs/{run.Id}", OgcAnswer.Json, "The job"));
        return page;
    }

    /// <summary>Writes the result of a job.</summary>
    /// <param name="run">The job, which is done.</param>
    /// <param name="features">Its features.</param>
    /// <param name="isDocument">Whether it stands in a document, by its name.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static async Task WriteResultAsync(RunRecord run, IAsyncEnumerable<RunFeature> features, bool isDocument, PipeWriter output, CancellationToken cancellation)
    {
        if (isDocument)
        {
            output.Write(Encoding.UTF8.GetBytes($"{{\"{ProcessDocuments.Output}\":"));
        }
        await RunResultWriter.WriteAsync(run, features, CrsRegistry.Crs84, output, cancellation);
        if (isDocument)
        {
            output.Write("}"u8);
            await output.FlushAsync(cancellation);
        }
    }

    /// <summary>Stops a job that is at work, or removes one that has ended.</summary>
    /// <exception cref="ConflictException">It is published, or at work on another server.</exception>
    internal static async Task DeleteJob(HttpContext context, string job, string root)
    {
        var (run, jobs) = (await FindAsync(context, job), context.RequestServices.GetRequiredService<RunJobs>());
        if (jobs.Find(run.Id) is { } atWork)
        {
            atWork.Cancel();
        }
        else if (!await new RunStore(context.RequestServices.GetRequiredService<Database>()).DeleteAsync(run.Id, context.RequestAborted))
        {
            throw new ConflictException(run.PublishedAt is not null ? $"job {run.Id} is published; take it back first" : $"job {run.Id} is at work on another server");
        }
        context.Response.ContentType = OgcAnswer.Json;
        await context.Response.WriteAsync(ProcessDocuments.Status(run with { State = "cancelled" }, null, root).ToJsonString(JsonForm.Options), context.RequestAborted);
    }

    /// <summary>Whether the result is wanted in a document rather than raw.</summary>
    /// <exception cref="BadParameterException">It is wanted in a form that there is not.</exception>
    private static bool IsDocument(JsonElement body)
    {
        if (!body.TryGetProperty("response", out var response))
        {
            return false;
        }
        return response.ValueKind == JsonValueKind.String && response.GetString() is "raw" or "document" ? response.ValueEquals("document") : throw new BadParameterException("response", JsonBody.Shown(response), "raw or document");
    }

    private static AnalysisRequest RequestOf(HotspotMethod method, JsonElement body)
    {
        JsonBody.RefuseUnknown(body, "", "inputs", "outputs", "response", "subscriber");
        var (parameters, filter) = (new JsonObject(), new JsonObject());
        if (body.TryGetProperty("inputs", out var inputs))
        {
            if (inputs.ValueKind != JsonValueKind.Object)
            {
                throw new BadParameterException("inputs", JsonBody.Shown(inputs), "an object");
            }
            foreach (var input in inputs.EnumerateObject())
            {
                // A value may stand in an object of its own.
                var value = input.Value.ValueKind == JsonValueKind.Object && input.Value.TryGetProperty("value", out var inner) ? inner : input.Value;
                var target = IssueFilterQuery.Parameters.Any(p => p.Name == input.Name) ? filter : parameters;
                target[input.Name] = JsonNode.Parse(value.GetRawText());
            }
        }
        if (body.TryGetProperty("outputs", out var outputs) && (outputs.ValueKind != JsonValueKind.Object || outputs.EnumerateObject().Any(o => o.Name != ProcessDocuments.Output)))
        {
            throw new BadParameterException("outputs", JsonBody.Shown(outputs), $"left out, or an object with {ProcessDocuments.Output}");
        }
        return new RunBody(method.Name, parameters, filter, null).ToRequest();
    }

    private static JsonObject StatusOf(RunRecord run, RunJobs jobs, string root)
    {
        var job = run.State is "queued" or "running" ? jobs.Find(run.Id) : null;
        return ProcessDocuments.Status(job is { HasStarted: true } ? run with { State = "running" } : run, job?.Progress, root);
    }

    private static async Task<RunRecord> FindAsync(HttpContext context, string job)
        => long.TryParse(job, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id)
            && await new RunStore(context.RequestServices.GetRequiredService<Database>()).FindAsync(id, context.RequestAborted) is { } run ? run : throw new NotFoundException("job", job) { Type = Exceptions + "no-such-job" };

    private static Task WriteExceptionAsync(HttpContext context, int status, string type, string detail)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            new ProblemDetails { Status = status, Type = Exceptions + type, Title = type, Detail = detail, Instance = context.Request.Path }, JsonForm.Options, "application/problem+json", context.RequestAborted);
    }
}
