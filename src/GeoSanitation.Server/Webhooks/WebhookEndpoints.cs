using GeoSanitation.Server.Http;
using GeoSanitation.Server.Live;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Webhooks;

/// <summary>Addresses that are told of changes: added, looked at, taken up again, removed by administrators.</summary>
internal static class WebhookEndpoints
{
    /// <summary>Where one subscribes.</summary>
    internal const string Path = "/api/webhooks";

    private const int MostFailed = 200;

    private static readonly Parameter<int> Id = new(
        "id", "Number of the webhook", new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" }, 3, text => int.TryParse(text, out var id) ? id : throw new NotFoundException("webhook", text ?? ""));

    internal static void AddWebhooks(this IServiceCollection services)
        => services.AddSingleton<CallbackHosts>().AddSingleton<CallbackSender>().AddSingleton<Outbox>().AddHostedService<WebhookJobs>();

    internal static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        // Read at the start, so that a host that is none is said then.
        routes.ServiceProvider.GetRequiredService<CallbackHosts>();
        var hooks = routes.MapGroup(Path).WithTags("Webhooks").RequireRole(Roles.Administrator);
        AsyncApiEndpoint.Map(routes);
        hooks.MapPost("", PostWebhook).WithName("PostWebhook").WithSummary("Have an address told of changes")
            .WithDescription("""
                Each event is sent by POST as a CloudEvent 1.0 (application/cloudevents+json), in order, from now on; what it holds is said in /asyncapi.json. It counts as taken when it is answered with a status of 2xx; else it is sent
                again after growing waits, and after the setting callbacks.maxFailures in a row the webhook is dead until it is resumed; it then goes on after what it took last, as long as changes are kept (seven days).
                An event may come twice, with the same id. Messages are signed as Standard Webhooks has it: webhook-signature is v1, and the base64 of the HMAC-SHA256 of webhook-id.webhook-timestamp.body under the secret,
                which the answer shows once. Only hosts that the setting callbacks.hosts names are called.
                """)
            .Accepts<WebhookBody>("application/json").Produces<Webhook>(201).ProducesProblem(400).ProducesProblem(413).ProducesProblem(415);
        hooks.MapGet("", GetWebhooks).WithName("GetWebhooks").WithSummary("Addresses that are told of changes, and what did not arrive").Produces<WebhookList>();
        hooks.MapGet("/{id}", GetWebhook).WithName("GetWebhook").Takes(Id).WithSummary("An address that is told of changes, and how that goes").Produces<Webhook>().ProducesProblem(404);
        hooks.MapPost("/{id}/resume", PostResume).WithName("ResumeWebhook").Takes(Id).WithSummary("Take up again an address that was given up, or that waits").Produces<Webhook>().ProducesProblem(404);
        hooks.MapDelete("/{id}", DeleteWebhook).WithName("DeleteWebhook").Takes(Id).WithSummary("Tell an address nothing any more").Produces(204).ProducesProblem(404);
    }

    private static async Task<Created<Webhook>> PostWebhook(HttpContext context, Database database, CallbackHosts hosts, LiveFeed feed, CancellationToken cancellation)
    {
        var wanted = await WebhookBody.ReadAsync(context.Request, hosts, Links.Root(context.Request));
        var (_, moment) = await feed.BeginAsync(null, cancellation);
        var codes = moment.View.Tables.Wards.Select(w => w.Code).ToHashSet();
        if (wanted.Wards.FirstOrDefault(code => !codes.Contains(code)) is { } unknown)
        {
            throw new BadParameterException("wards", unknown, "codes of wards; there is none of this one");
        }
        var store = new SubscriptionStore(database);
        var id = await store.AddAsync(wanted, $"{moment.Cursor}", context.User.Name(), cancellation);
        var hook = Webhook.Of((await store.FindAsync(id, cancellation))!) with { Secret = wanted.Secret };
        return TypedResults.Created($"{context.Request.PathBase}{Path}/{id}", hook);
    }

    private static async Task<Ok<WebhookList>> GetWebhooks(HttpContext context, Database database, CallbackHosts hosts)
        => TypedResults.Ok(new WebhookList(
            [.. (await new SubscriptionStore(database).ListAsync(context.RequestAborted)).Select(Webhook.Of)], hosts.Any,
            [.. (await new DeliveryStore(database).ListFailingAsync(MostFailed, context.RequestAborted)).Select(FailedDelivery.Of)]));

    private static async Task<Ok<Webhook>> GetWebhook(string id, HttpContext context, Database database) => TypedResults.Ok(await FindAsync(Id.Read(id), database, context.RequestAborted));

    private static async Task<Ok<Webhook>> PostResume(string id, HttpContext context, Database database, FeedTurns turns)
    {
        var number = Id.Read(id);
        await new SubscriptionStore(database).ResumeAsync(number, context.User.Name(), context.RequestAborted);
        var hook = await FindAsync(number, database, context.RequestAborted);
        turns.Next();
        return TypedResults.Ok(hook);
    }

    private static async Task<NoContent> DeleteWebhook(string id, HttpContext context, Database database)
    {
        var number = Id.Read(id);
        return await new SubscriptionStore(database).DeleteAsync(number, context.User.Name(), context.RequestAborted) ? TypedResults.NoContent() : throw new NotFoundException("webhook", $"{id}");
    }

    private static async Task<Webhook> FindAsync(int id, Database database, CancellationToken cancellation)
        => Webhook.Of(await new SubscriptionStore(database).FindAsync(id, cancellation) ?? throw new NotFoundException("webhook", $"{id}"));
}
