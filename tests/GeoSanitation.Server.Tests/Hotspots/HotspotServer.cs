using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Hotspots;

/// <summary>A server with a town of 25 communities, scattered issues, three clusters and a crowded default point.</summary>
public sealed class HotspotServer : IAsyncLifetime
{
    internal const int Scattered = 600;
    internal const int DefaultPoints = 150;
    internal const int Usable = Scattered + 60 + 40 + 25;

    internal static IReadOnlyList<PlantedIssue> Issues { get; } =
    [
        .. Enumerable.Range(1, Scattered).Select(i => At(0.0005 + i * 7919 % 10007 / 10007.0 * 0.199, 0.0005 + i * 6007 % 9973 / 9973.0 * 0.199) with { Category = i % 3 == 0 ? "sewage" : "litter" }),
        .. Enumerable.Range(0, 60).Select(i => At(0.07 + (i % 8 - 3.5) * 1e-4, 0.07 + (i / 8 - 3.5) * 1e-4) with
        {
            Ward = "c11", Category = i % 4 == 0 ? "sewage" : "litter", Severity = 4, DueAt = i % 2 == 0 ? "2025-03-20T00:00:00Z" : null, RelapseOf = i % 10 == 0 ? 1 : null,
            ReportedAt = i == 0 ? "2025-01-05T00:00:00Z" : i == 59 ? "2025-03-05T00:00:00Z" : "2025-02-01T00:00:00Z",
        }),
        .. Enumerable.Range(0, 40).Select(i => At(0.15 + i % 8 * 1e-4, 0.05 + i / 8 * 1e-4)),
        .. Enumerable.Range(0, 25).Select(i => At(0.13 + i % 5 * 1e-4, 0.17 + i / 5 * 1e-4)),
        .. Enumerable.Repeat(At(0.1, 0.1) with { DefaultPoint = true }, DefaultPoints),
    ];

    internal TestServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        await Server.Data.PlantWardAsync("town", "town", PlantedIssues.Box(120, 30.2, 120.2, 30.4));
        foreach (var (column, row) in from c in Enumerable.Range(0, 5) from r in Enumerable.Range(0, 5) select (c, r))
        {
            await Server.Data.PlantWardAsync($"c{column}{row}", "community", PlantedIssues.Box(
                Math.Round(120 + column * 0.04, 6), Math.Round(30.2 + row * 0.04, 6), Math.Round(120.04 + column * 0.04, 6), Math.Round(30.24 + row * 0.04, 6)), "town");
        }
        await Server.Data.PlantAsync(Issues);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    private static PlantedIssue At(double east, double north) => new(120 + east, 30.2 + north);
}
