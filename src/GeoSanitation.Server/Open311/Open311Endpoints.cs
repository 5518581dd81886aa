using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Open311;

/// <summary>Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), in both directions: issues read as service requests, and service requests that become issues.</summary>
internal static class Open311Endpoints
{
    private const string Root = "/open311/v2";
    private const string Requests = "service_requests";

    // Read and completed so many at a time: with their photos and histories.
    private const int AtOnce = 100;

    private static readonly RowOrder LatestFirst = new(LayerCatalog.Issues, new SortKey(LayerCatalog.Issues.Find("reported_at")!, Descending: true));

    private static readonly Parameter<string?> ApiKey = Parameter.OfText("api_key", "A key of this server; in a header it is safer", "gs_...");
    private static readonly Parameter<string?> Jurisdiction = Parameter.OfText("jurisdiction_id", "The city's name, where discovery gives one", "city.gov");
    private static readonly Parameter Code = new("code", "Code of the service", new OpenApiSchema { Type = JsonSchemaType.String }, "exposed_rubbish");
    private static readonly Parameter Token = new("id", "Token of a request, which is its number", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "1" }, 1024);

    internal static void MapOpen311(this IEndpointRouteBuilder routes)
    {
        foreach (var form in AnswerForm.All)
        {
            var name = char.ToUpperInvariant(form.Name[0]) + form.Name[1..];
            var group = routes.MapGroup(Root).WithTags("Open311").RefusesBy(Root, AnswerForm.RefuseAsync).TakesKeyAs(ApiKey.Name).Takes(ApiKey, Jurisdiction);
            Answers(group.MapGet($"/discovery.{form.Name}", (HttpContext context, Settings settings) => GetDiscovery(form, context, settings)), form)
                .WithName($"GetOpen311Discovery{name}").WithSummary($"Open311: where the services of the city are ({form.Name})").OpenToAll();
            Answers(group.MapGet($"/services.{form.Name}", (HttpContext context, Database database, Settings settings) => GetServices(form, context, database, settings)), form)
                .WithName($"GetOpen311Services{name}").WithSummary($"Open311: what can be asked for ({form.Name})").WithDescription("The categories of the taxonomy.");
            Answers(group.MapGet($"/services/{{code}}.{form.Name}", (string code, HttpContext context, Database database, Settings settings) => GetService(form, code, context, database, settings)), form)
                .WithName($"GetOpen311Service{name}").Takes(Code).WithSummary($"Open311: what a request of a service may carry ({form.Name})");
            Answers(group.MapGet($"/requests.{form.Name}", (HttpContext context, Database database, DataSnapshots data, Settings settings) => GetRequests(form, context, database, data, settings)), form)
                .WithName($"GetOpen311Requests{name}").Takes(RequestQuery.Parameters).WithSummary($"Open311: service requests, latest first ({form.Name})")
                .WithDescription("Those of the last 90 days where no span is asked for, at most 1000 on a page, written while their rows are read.");
            Answers(group.MapGet($"/requests/{{id}}.{form.Name}", (string id, HttpContext context, Database database, Settings settings) => GetRequest(form, id, context, database, settings)), form)
                .WithName($"GetOpen311Request{name}").Takes(IssueEndpoints.Id, RequestQuery.Extended).WithSummary($"Open311: one service request ({form.Name})");
            Answers(group.MapGet($"/tokens/{{id}}.{form.Name}", (string id, HttpContext context, Database database, Settings settings) => GetToken(form, id, context, database, settings)), form)
                .WithName($"GetOpen311Token{name}").Takes(Token).WithSummary($"Open311: the number of a request by its token ({form.Name})")
                .WithDescription("Requests have their numbers at once here; a token is one.");
            Answers(group.MapPost($"/requests.{form.Name}", (HttpContext context, IssueChanges changes, Database database, Settings settings) => PostRequest(form, context, changes, database, settings)), form, 201)
                .WithName($"PostOpen311Request{name}").RequireRole(Roles.Inspector).WithSummary($"Open311: send a service request ({form.Name})")
                .WithDescription("It becomes an issue by the same rules as everywhere. The key stands in a header, or in the field or parameter api_key.")
                .AddOpenApiOperationTransformer((operation, _, _) =>
                {
                    operation.RequestBody = NewServiceRequest.Describe(ApiKey, Jurisdiction);
                    return Task.CompletedTask;
                });
        }
    }

    private static RouteHandlerBuilder Answers(RouteHandlerBuilder route, AnswerForm form, int status = 200)
    {
        foreach (var refusal in (int[])[400, 403, 404])
        {
            route.Produces<JsonArray>(refusal, form.MediaType);
        }
        return status == 200 ? route.Produces<JsonArray>(200, form.MediaType).Produces(304) : route.Produces<JsonArray>(status, form.MediaType);
    }

    private static Task GetDiscovery(AnswerForm form, HttpContext context, Settings settings)
    {
        Check(context.Request, settings);
        var publisher = settings.Publisher;
        // What is said here changes with the program only.
        var changed = JsonForm.Time(File.GetLastWriteTimeUtc(typeof(Open311Endpoints).Assembly.Location));
        return form.RespondAsync(context, "discovery", new JsonObject
        {
            ["changeset"] = changed,
            ["contact"] = string.Join(", ", new[] { publisher.ContactName ?? publisher.Name, publisher.ContactEmail }.OfType<string>()),
            ["key_service"] = $"Keys of role {Roles.Inspector} are given out by {publisher.ContactName ?? publisher.Name}.",
            ["jurisdiction_id"] = publisher.Jurisdiction,
            ["endpoints"] = new JsonArray(new JsonObject
            {
                ["specification"] = "http://wiki.open311.org/GeoReport_v2",
                ["url"] = Links.Root(context.Request) + Root,
                ["changeset"] = changed,
                ["type"] = "production",
                ["formats"] = new JsonArray([.. AnswerForm.All.Select(f => (JsonNode)f.MediaType)]),
            }),
        });
    }

    private static async Task GetServices(AnswerForm form, HttpContext context, Database database, Settings settings)
    {
        Check(context.Request, settings);
        var services = await Service.ListAsync(database, context.RequestAborted);
        await form.RespondAsync(context, "services", new JsonArray([.. services.Values.Select(s => s.ToEntry())]));
    }

    private static async Task GetService(AnswerForm form, string code, HttpContext context, Database database, Settings settings)
    {
        Check(context.Request, settings);
        var service = Service.Find(await Service.ListAsync(database, context.RequestAborted), PathText.Decoded(code));
        await form.RespondAsync(context, "service_definition", service.ToDefinition());
    }

    private static async Task GetRequests(AnswerForm form, HttpContext context, Database database, DataSnapshots data, Settings settings)
    {
        var (request, response, cancellation) = (context.Request, context.Response, context.RequestAborted);
        Check(request, settings);
        var asked = RequestQuery.Parse(request.Query, DateTimeOffset.UtcNow);
        var services = await Service.ListAsync(database, cancellation);
        foreach (var code in asked.Filter.Categories)
        {
            Service.Find(services, code);
        }
        // The query as it was given, and as it was understood: the usual span moves on.
        var representation = $"{form.Name} {Links.Root(request)} {request.QueryString} {asked.Filter.ReportedFrom:O}";
        if (request.Headers.IfNoneMatch.Count > 0 && EntityTags.IsKnown(context, EntityTags.Of((await data.CurrentAsync(cancellation)).Version, representation)))
        {
            return;
        }
        await using var page = await new IssueStore(database).OpenPageAsync(
            new IssuePageRequest(asked.Filter, LatestFirst, null, asked.Limit, Count: false) { Offset = asked.Offset }, cancellation);
        EntityTags.Set(context, EntityTags.Of(page.DataVersion, representation));
        await form.RespondAsync(context, Requests, RecordsAsync(page.ReadAsync(cancellation), services, asked.Extensions, Links.Root(request), database, cancellation));
    }

    private static async Task GetRequest(AnswerForm form, string id, HttpContext context, Database database, Settings settings)
    {
        var cancellation = context.RequestAborted;
        Check(context.Request, settings);
        var extended = RequestQuery.Extended.Read(context.Request.Query);
        var issue = await FindAsync(id, "service request", database, cancellation);
        var records = RecordsAsync(new[] { issue }.ToAsyncEnumerable(), await Service.ListAsync(database, cancellation), extended, Links.Root(context.Request), database, cancellation);
        await form.RespondAsync(context, Requests, new JsonArray(await records.ToArrayAsync(cancellation)));
    }

    private static async Task GetToken(AnswerForm form, string id, HttpContext context, Database database, Settings settings)
    {
        Check(context.Request, settings);
        var issue = await FindAsync(id, "token", database, context.RequestAborted);
        await form.RespondAsync(context, Requests, new JsonArray(new JsonObject { ["service_request_id"] = $"{issue.Id}", ["token"] = $"{issue.Id}" }));
    }

    private static async Task PostRequest(AnswerForm form, HttpContext context, IssueChanges changes, Database database, Settings settings)
    {
        var sent = await FormBody.ReadAsync(context.Request);
        Check(context.Request, settings, sent[Jurisdiction.Name]);
        var (body, service) = NewServiceRequest.Read(sent, await Service.ListAsync(database, context.RequestAborted), ApiKey, Jurisdiction);
        var issue = await changes.AddAsync(body, context.User.Name(), context.RequestAborted);
        context.Response.Headers.Location = $"{context.Request.PathBase}{Root}/requests/{issue.Id}.{form.Name}";
        await form.RespondAsync(
            context, Requests, new JsonArray(new JsonObject { ["service_request_id"] = $"{issue.Id}", ["service_notice"] = service.Notice, ["account_id"] = null }), StatusCodes.Status201Created);
    }

    /// <summary>Issues as requests, some at a time with their photos and histories.</summary>
    private static async IAsyncEnumerable<JsonObject> RecordsAsync(
        IAsyncEnumerable<Issue> issues, IReadOnlyDictionary<string, Service> services, bool extended, string root, Database database, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var some in issues.Chunk(AtOnce).WithCancellation(cancellation))
        {
            var ids = Array.ConvertAll(some, issue => issue.Id);
            var photos = await new AttachmentStore(database).FirstImagesAsync(ids, cancellation);
            var histories = extended ? await new IssueStore(database).EventsAsync(ids, cancellation) : null;
            foreach (var issue in some)
            {
                var photo = photos.TryGetValue(issue.Id, out var number) ? $"{root}/api/issues/{issue.Id}/attachments/{number}" : null;
                var record = ServiceRequest.Of(issue, services.GetValueOrDefault(issue.Category.Code), photo);
                if (histories is not null)
                {
                    ServiceRequest.Extend(record, issue, histories[issue.Id]);
                }
                yield return record;
            }
        }
    }

    private static async Task<Issue> FindAsync(string id, string kind, Database database, CancellationToken cancellation)
        => await new IssueStore(database).FindAsync(IssueEndpoints.NumberOf(id, kind), cancellation) ?? throw new NotFoundException(kind, id);

    /// <summary>What every address takes.</summary>
    /// <exception cref="BadParameterException">It is not what it must be.</exception>
    /// <exception cref="NotFoundException">Another city is meant.</exception>
    private static void Check(HttpRequest request, Settings settings, string? inForm = null)
    {
        ApiKey.Read(request.Query);
        var named = string.IsNullOrEmpty(inForm) ? Jurisdiction.Read(request.Query) : Jurisdiction.Read(inForm);
        if (settings.Publisher.Jurisdiction is { } own && named is not null && !named.Equals(own, StringComparison.OrdinalIgnoreCase))
        {
            throw new NotFoundException("jurisdiction", named);
        }
    }
}
