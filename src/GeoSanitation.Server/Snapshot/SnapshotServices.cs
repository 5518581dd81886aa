namespace GeoSanitation.Server.Snapshot;

/// <summary>The services of this folder.</summary>
internal static class SnapshotServices
{
    internal static void AddSnapshots(this IServiceCollection services)
        => services.AddSingleton<DataSnapshots>().AddSingleton<PointSnapshots>().AddSingleton<WardSnapshots>().AddSingleton<VersionedAnswers>().AddHostedService<FeedWatch>();
}
