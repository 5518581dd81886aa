using System.Data.Common;
using System.Globalization;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Live;

/// <summary>Changes as they are committed, as server-sent events.</summary>
internal sealed class LiveEndpoint(LiveFeed feed, Settings settings, IHostApplicationLifetime host)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(3);

    private static readonly Parameter LastEventId = new(
        "Last-Event-ID", "Id of the last event that was received: the events after it come first", new OpenApiSchema { Type = JsonSchemaType.String }, "12345678-42~8140:8140:;gi-star=17")
    { InHeader = true };

    private static readonly Parameter<string[]> Wards = new(
        "wards", "Codes of wards, commas between: the same as ward, given once", new OpenApiSchema { Type = JsonSchemaType.String }, "990121001", text => Words(text));

    private static readonly Parameter<string[]> Collections = new(
        "collections", $"Of what to be told, commas between: {string.Join(", ", CloudEvent.Collections)}; of all when left out", new OpenApiSchema { Type = JsonSchemaType.String }, "issues,hotspots",
        text => Words(text) is var words && words.FirstOrDefault(w => !CloudEvent.Collections.Contains(w)) is { } unknown
            ? throw new BadParameterException("collections", unknown, $"some of {string.Join(", ", CloudEvent.Collections)}, commas between") : words);

    private static readonly Parameter<string?> Form = Parameter.Choice("f", "cloudevents puts each event in the envelope of CloudEvents 1.0, with the tiles and wards that it touches: see /asyncapi.json", "cloudevents");

    private int _listeners;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/events").WithName("GetEvents").WithSummary("The same as /api/live, where clients of change feeds ask");
        Map(routes, "/api/live").WithName("GetLive").WithSummary("Changes as they are committed: server-sent events")
            .WithDescription("""
                A stream that does not end (text/event-stream). Events, with JSON data: **start** when nothing came before it (`data_version`); **issue** for each issue of the filter that was created, updated or deleted, also
                when the change takes it out of the filter (`id`, `change`, `matches`, `ward`, `category`, `status`, `severity`, `lon`, `lat`, and `before` where these were otherwise); **hotspots** when another run of a method
                became the one published last (`method`, `run`, `previous`, `shown_by_portals`, the ids that `appeared` and `vanished`, and where the whole `comparison` is); **table** when wards, categories, rounds or working
                days were changed; **reset** when all must be read again: after an import of very many rows (`many_changes`), or because the Last-Event-ID is older than seven days (`too_old`).
                With `f=cloudevents` the data of each is a CloudEvent (`specversion`, `id`, `source`, `type`, `subject`, `time`) whose `data` are `collection`, `id`, `op`, `version`, `wards`, `tiles` (z/x/y) and `at`, and what the event says otherwise.
                A client that was cut off goes on after its Last-Event-ID, on any server of the same database; nothing is left out or sent twice.
                Where there is nothing to tell, a comment comes at least every Heartbeat-Seconds (a header of the answer): a client that hears nothing for some of them is cut off without being told. An issue that becomes overdue because time passes makes no event.
                """);
    }

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string path)
        => routes.MapGet(path, (HttpContext context, LiveEndpoint live) => live.RespondAsync(context)).WithTags("Live").Takes([.. IssueFilterQuery.ColumnParameters, Wards, Collections, Form, LastEventId])
            .Produces(200, contentType: EventStream.MediaType).ProducesProblem(400).ProducesProblem(503);

    /// <exception cref="BusyException">There are as many listeners as the settings allow.</exception>
    private async Task RespondAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (filter, wanted) = (IssueFilterQuery.Parse(query), Collections.Read(query));
        filter = filter with { Wards = [.. filter.Wards, .. Wards.Read(query)] };
        var source = Form.Read(query) is null ? null : Links.Root(context.Request);
        context.Response.ContentType = EventStream.MediaType;
        context.Response.Headers.CacheControl = "no-store";
        // Proxies that know this header pass each event on as it comes.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.Headers["Heartbeat-Seconds"] = settings.Live.HeartbeatSeconds.ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }
        try
        {
            if (Interlocked.Increment(ref _listeners) > settings.Live.MaxListeners)
            {
                throw new BusyException($"{settings.Live.MaxListeners} clients are listening already; try again in a while");
            }
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
            await TellAsync(new EventStream(context.Response.BodyWriter, source), filter, wanted, context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id, ..] ? id : null, end.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || host.ApplicationStopping.IsCancellationRequested)
        {
            // The client has left, or comes again when the server does.
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    private async Task TellAsync(EventStream stream, IssueFilter filter, string[] wanted, string? lastEventId, CancellationToken cancellation)
    {
        var (found, moment) = await feed.BeginAsync(lastEventId, cancellation);
        var cursor = found ?? moment.Cursor;
        stream.Retry(RetryAfter);
        if (lastEventId is null)
        {
            stream.Event(new LiveEvent("start", cursor, new Start(moment.View.Version), $"{cursor}"), moment.View.Version);
        }
        else if (found is null)
        {
            stream.Event(new LiveEvent("reset", cursor, new Reset("too_old", moment.View.Version), $"{cursor}"), moment.View.Version);
        }
        await stream.SendAsync(cancellation);
        while (true)
        {
            var turn = feed.Now();
            if (await StepAsync(turn, cursor, cancellation) is { } step)
            {
                // Kestrel cuts off who does not read; nothing is lost, as the id of the last event leads on from there.
                var told = cursor;
                foreach (var one in step.EventsFor(filter).Where(one => IsWanted(one, wanted)))
                {
                    told = one.Cursor;
                    stream.Event(one, step.Moment.View.Version);
                }
                if (!step.IsEmpty && told != step.End)
                {
                    stream.Id($"{step.End}");
                }
                await stream.SendAsync(cancellation);
                var isHalf = cursor.Until is not null;
                cursor = step.End;
                if (isHalf)
                {
                    continue;
                }
            }
            try
            {
                await turn.Over.WaitAsync(TimeSpan.FromSeconds(settings.Live.HeartbeatSeconds), cancellation);
            }
            catch (TimeoutException)
            {
                stream.Id($"{cursor}");
                await stream.SendAsync(cancellation);
            }
        }
    }

    private static bool IsWanted(LiveEvent one, string[] wanted) => wanted.Length == 0 || CloudEvent.CollectionOf(one.Data) is not { } collection || wanted.Contains(collection);

    private static string[] Words(string? text) => text is null ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];

    /// <summary>What is to be told; null for nothing, as while the database is away.</summary>
    private static async Task<LiveStep?> StepAsync(LiveFeed.Turn turn, LiveCursor cursor, CancellationToken cancellation)
    {
        try
        {
            return await turn.StepAsync(cursor).WaitAsync(cancellation);
        }
        catch (Exception problem) when (problem is DbException or IOException or TimeoutException)
        {
            return null;
        }
    }
}

/// <summary>The services of this folder.</summary>
internal static class LiveServices
{
    internal static void AddLive(this IServiceCollection services) => services.AddSingleton<LiveFeed>().AddSingleton<LiveEndpoint>();

    internal static void MapLive(this IEndpointRouteBuilder routes) => LiveEndpoint.Map(routes);
}
