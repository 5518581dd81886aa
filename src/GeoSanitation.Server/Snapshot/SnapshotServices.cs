using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Snapshot;

/// <summary>The services of this folder.</summary>
internal static class SnapshotServices
{
    internal static void AddSnapshots(this IServiceCollection services)
        => services.AddSingleton<DataSnapshots>().AddSingleton<FeedTurns>().AddSingleton<PointSnapshots>().AddSingleton<WardSnapshots>().AddSingleton<VersionedAnswers>().AddHostedService<FeedWatch>();

    /// <summary>Lets whoever wrote through this server find it in its next answer. A request that only reads by POST costs a look at the feed, no more.</summary>
    internal static void UseOwnWrites(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var method = context.Request.Method;
        using var writing = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? null : context.RequestServices.GetRequiredService<DataSnapshots>().Writing();
        await next(context);
    });
}
