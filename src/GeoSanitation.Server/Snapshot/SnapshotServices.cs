using GeoSanitation.Server.Security;
using Microsoft.AspNetCore.Builder;

namespace GeoSanitation.Server.Snapshot;

/// <summary>The services of this folder.</summary>
internal static class SnapshotServices
{
    internal static void AddSnapshots(this IServiceCollection services)
        => services.AddSingleton<DataSnapshots>().AddSingleton<FeedTurns>().AddSingleton<PointSnapshots>().AddSingleton<WardSnapshots>().AddSingleton<VersionedAnswers>().AddHostedService<FeedWatch>();

    /// <summary>Lets whoever wrote through this server find it in its next answer.</summary>
    internal static void UseOwnWrites(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        using var writing = context.OnlyReads() ? null : context.RequestServices.GetRequiredService<DataSnapshots>().Writing();
        await next(context);
    });
}
