using System.Data.Common;
using System.Net.Sockets;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Health;

/// <summary>What a load balancer or a supervisor asks: is it alive, and may it be sent requests.</summary>
internal static class HealthEndpoints
{
    internal static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").WithTags("Health").OpenToAll();
        group.MapGet("/live", () => TypedResults.Ok(new Liveness("live"))).WithName("GetLiveness").WithSummary("The process answers");
        group.MapGet("/ready", GetReadiness).WithName("GetReadiness").WithSummary("The database is reachable, has this program's schema, and its issues are in memory")
            .Produces<Readiness>().Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> GetReadiness(Database database, DataSnapshots data, CancellationToken cancellation)
    {
        var checks = await ChecksAsync(database, data, cancellation);
        return checks.Values.All(c => c == "ok")
            ? TypedResults.Ok(new Readiness("ready", checks))
            : TypedResults.Json(new Readiness("not ready", checks), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Dictionary<string, string>> ChecksAsync(Database database, DataSnapshots data, CancellationToken cancellation)
    {
        try
        {
            var pending = await Migrator.PendingAsync(database, cancellation);
            return new()
            {
                ["database"] = "ok",
                ["schema"] = pending.Count == 0 ? "ok" : $"{pending.Count} migrations pending",
                ["snapshot"] = data.Latest is not null ? "ok" : "not read yet",
            };
        }
        catch (Exception problem) when (problem is DbException or SocketException or TimeoutException or IOException)
        {
            return new() { ["database"] = "unreachable" };
        }
    }

    /// <summary>Answer of <c>/health/live</c>.</summary>
    /// <param name="Status">Always "live".</param>
    internal sealed record Liveness(string Status);

    /// <summary>Answer of <c>/health/ready</c>.</summary>
    /// <param name="Status">"ready" or "not ready".</param>
    /// <param name="Checks">Each thing that must be so: "ok", or what is wrong with it.</param>
    internal sealed record Readiness(string Status, IReadOnlyDictionary<string, string> Checks);
}
