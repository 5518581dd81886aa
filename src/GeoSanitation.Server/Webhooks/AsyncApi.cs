using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using GeoSanitation.Server.Documents;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Live;
using GeoSanitation.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Webhooks;

/// <summary>Where the description of the events is.</summary>
internal static class AsyncApiEndpoint
{
    internal const string Path = "/asyncapi.json";

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, (HttpContext context, CancellationToken _)
            => SmallAnswers.SendAsync(context, AsyncApi.MediaType, JsonSerializer.SerializeToUtf8Bytes(AsyncApi.Of(new Uri(Links.Root(context.Request))), JsonForm.Options)))
        .WithTags("Documents").WithName("GetAsyncApi").OpenToAll().WithSummary("Description of the events: of /api/live and of webhooks (AsyncAPI 3.0)").Produces<JsonObject>(200, AsyncApi.MediaType).Produces(304);
}

/// <summary>The events that this server sends, as AsyncAPI 3.0 describes them. Schemas are those of what is written, so that the two cannot differ.</summary>
internal static class AsyncApi
{
    internal const string MediaType = "application/asyncapi+json";

    private const string Bindings = "0.3.0";

    private static readonly JsonSerializerOptions Written = new(JsonForm.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <param name="Name">Name in the document.</param>
    /// <param name="Title">What it is called.</param>
    /// <param name="Summary">What it says.</param>
    /// <param name="Types">Values of <c>type</c>.</param>
    /// <param name="Data">What its data are.</param>
    private sealed record Message(string Name, string Title, string Summary, string[] Types, Type Data);

    private static readonly Message Item = new("issueChanged", "Issue changed", "An issue was created, updated or deleted; also when the change takes it out of the filter",
        [.. ((string[])["create", "update", "delete"]).Select(op => CloudEvent.ItemType + op)], typeof(ChangedItem));

    private static readonly Message Replaced = new("collectionReplaced", "Collection replaced", "Wards, categories, rounds or working days were changed, or another run of hotspots is the one published last: what shows them is read again",
        [CloudEvent.ReplaceType], typeof(ChangedItem));

    private static readonly Message Lost = new("streamReset", "Read again", "What has changed is not told one by one, as after an import of very many rows: all is to be read again", [CloudEvent.StreamType + "reset"], typeof(Reset));

    private static readonly Message Begun = new("streamStarted", "Stream started", "From here on every change is told", [CloudEvent.StreamType + "start"], typeof(Start));

    private static readonly Message Ended = new("jobEnded", "Job ended", "An analysis that was kept is done, failed or was cancelled", [CloudEvent.JobType], typeof(EndedJob));

    /// <summary>The document.</summary>
    /// <param name="root">Address of the server as its caller sees it.</param>
    internal static JsonObject Of(Uri root)
    {
        Message[] live = [Begun, Item, Replaced, Lost], hooks = [Item, Replaced, Lost, Ended];
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "GeoSanitation events",
                ["version"] = DocumentEndpoints.Version,
                ["description"] = "What becomes of sanitation issues, wards and hotspots, as CloudEvents 1.0 in JSON: as a stream that anybody may listen to, or sent to addresses that an administrator subscribed.",
            },
            ["servers"] = new JsonObject { ["this"] = new JsonObject { ["host"] = root.Authority, ["protocol"] = root.Scheme, ["pathname"] = root.AbsolutePath.TrimEnd('/') + "/" } },
            ["defaultContentType"] = CloudEvent.MediaType,
            ["channels"] = new JsonObject
            {
                ["live"] = Channel("/api/live", "Server-sent events: each has its name, an id to go on from (Last-Event-ID) and, with f=cloudevents, one of these messages as its data. A comment comes at least every Heartbeat-Seconds (a header of the answer).", live),
                ["webhook"] = Channel(null, $"The address that was given to {WebhookEndpoints.Path}. A message counts as taken when it is answered with a status of 2xx; else it comes again, with the same id.", hooks),
            },
            ["operations"] = new JsonObject
            {
                ["tellListeners"] = Operation("live", "Tells whoever listens", "GET", live, new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject
                    {
                        ["f"] = new JsonObject { ["type"] = "string", ["const"] = "cloudevents" },
                        ["collections"] = new JsonObject { ["type"] = "string", ["description"] = "Of what, commas between: " + string.Join(", ", CloudEvent.Collections) },
                        ["wards"] = new JsonObject { ["type"] = "string", ["description"] = "Codes of wards, commas between; the whole filter of issues is taken too, see the OpenAPI document" },
                    },
                    ["required"] = new JsonArray("f"),
                }),
                ["tellSubscribers"] = Operation("webhook", "Tells addresses that were subscribed", "POST", hooks, null),
            },
            ["components"] = new JsonObject
            {
                ["messages"] = new JsonObject(live.Union(hooks).Select(m => KeyValuePair.Create<string, JsonNode?>(m.Name, Describe(m)))),
                ["schemas"] = new JsonObject(new[] { typeof(ChangedItem), typeof(Reset), typeof(Start), typeof(EndedJob) }.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Name, SchemaOf(t)))),
                ["messageTraits"] = new JsonObject
                {
                    ["signed"] = new JsonObject
                    {
                        ["description"] = "Standard Webhooks: the signature is the base64 of the HMAC-SHA256 of webhook-id.webhook-timestamp.body under the webhook's secret. The stream has no such headers.",
                        ["headers"] = new JsonObject
                        {
                            ["type"] = "object",
                            ["properties"] = new JsonObject
                            {
                                ["webhook-id"] = new JsonObject { ["type"] = "string" },
                                ["webhook-timestamp"] = new JsonObject { ["type"] = "string", ["description"] = "Seconds since 1970" },
                                ["webhook-signature"] = new JsonObject { ["type"] = "string", ["pattern"] = "^v1,[A-Za-z0-9+/]{43}=$" },
                            },
                        },
                    },
                },
            },
        };
    }

    private static JsonObject Channel(string? address, string description, IEnumerable<Message> messages) => new()
    {
        ["address"] = address,
        ["description"] = description,
        ["messages"] = new JsonObject(messages.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Name, Reference($"#/components/messages/{m.Name}")))),
    };

    private static JsonObject Operation(string channel, string summary, string method, IEnumerable<Message> messages, JsonObject? query)
    {
        var http = new JsonObject { ["method"] = method, ["bindingVersion"] = Bindings };
        if (query is not null)
        {
            http["query"] = query;
        }
        return new JsonObject
        {
            ["action"] = "send",
            ["channel"] = Reference($"#/channels/{channel}"),
            ["summary"] = summary,
            ["messages"] = new JsonArray([.. messages.Select(m => (JsonNode)Reference($"#/channels/{channel}/messages/{m.Name}"))]),
            ["bindings"] = new JsonObject { ["http"] = http },
        };
    }

    private static JsonObject Describe(Message message) => new()
    {
        ["name"] = message.Name,
        ["title"] = message.Title,
        ["summary"] = message.Summary,
        ["contentType"] = CloudEvent.MediaType,
        ["traits"] = new JsonArray(Reference("#/components/messageTraits/signed")),
        ["payload"] = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("specversion", "id", "source", "type", "subject", "datacontenttype", "data"),
            ["properties"] = new JsonObject
            {
                ["specversion"] = new JsonObject { ["const"] = "1.0" },
                ["id"] = Text("Tells it from other events of its source; the same when it comes once more"),
                ["source"] = Text("Address of the server"),
                ["type"] = new JsonObject { ["enum"] = new JsonArray([.. message.Types.Select(t => (JsonNode)t)]) },
                ["subject"] = Text("What it is about"),
                ["time"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
                ["datacontenttype"] = new JsonObject { ["const"] = "application/json" },
                ["data"] = Reference($"#/components/schemas/{message.Data.Name}"),
            },
        },
    };

    /// <summary>The schema of what is written. A type that occurs twice in it is a reference from the schema's own root, which leads nowhere within the document: it is written out.</summary>
    private static JsonNode SchemaOf(Type type)
    {
        var root = Written.GetJsonSchemaAsNode(type);
        return Copy(root)!;

        JsonNode? Copy(JsonNode? node) => node switch
        {
            JsonObject { Count: 1 } reference when reference["$ref"] is { } path => Copy(((string)path!).Split('/').Skip(1).Aggregate(root, (at, name) => at is JsonArray array ? array[int.Parse(name, CultureInfo.InvariantCulture)]! : at[name]!)),
            JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Copy(m.Value)))),
            JsonArray items => new JsonArray([.. items.Select(Copy)]),
            _ => node?.DeepClone(),
        };
    }

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Reference(string to) => new() { ["$ref"] = to };
}
