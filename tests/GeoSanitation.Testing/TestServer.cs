using GeoSanitation.Server;
using GeoSanitation.Server.Imports;
using GeoSanitation.Store.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GeoSanitation.Testing;

/// <summary>The whole server over real HTTP on a free loopback port, with a database of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    // What never ends is to fail its test, however busy the machine is.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly WebApplication _app;
    private readonly bool _ownsData;

    public TestDatabase Data { get; }

    public Uri Address { get; }

    /// <summary>A client of <see cref="Address"/> without a key. It follows no redirects, and waits for an analysis however busy the machine is, instead of taking the run that a long one becomes.</summary>
    public HttpClient Client { get; }

    /// <summary>What the server is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The routes of the server.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints => [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private TestServer(WebApplication app, TestDatabase data, bool ownsData)
    {
        (_app, Data, _ownsData) = (app, data, ownsData);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = NewClient();
    }

    /// <param name="settings">Settings of an operator.</param>
    /// <param name="snapshot">How current answers are; tests write behind the server's back, so that it asks the database each time where this is left out.</param>
    public static async Task<TestServer> StartAsync(Settings? settings = null, SnapshotSettings? snapshot = null)
        => await StartAsync(await TestDatabase.CreateAsync(), settings, snapshot, ownsData: true);

    /// <summary>Another server of the same database; it must be disposed of before this one.</summary>
    public Task<TestServer> StartBesideAsync(Settings? settings = null, SnapshotSettings? snapshot = null) => StartAsync(Data, settings, snapshot, ownsData: false);

    private static async Task<TestServer> StartAsync(TestDatabase data, Settings? settings, SnapshotSettings? snapshot, bool ownsData)
    {
        settings = (settings ?? new Settings()) with { Snapshot = snapshot ?? new SnapshotSettings { MaxAgeMilliseconds = 0 } };
        var app = ServerHost.Build(data.Database, settings, "http://127.0.0.1:0");
        await app.StartAsync();
        return new TestServer(app, data, ownsData);
    }

    /// <summary>A client that shows a new key of a role of <see cref="Roles"/>, named after it ("the inspector"); whoever asks disposes of it.</summary>
    public async Task<HttpClient> ClientAsync(string role)
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await new KeyStore(Data.Database).AddAsync($"the {role}", role, CancellationToken.None));
        return client;
    }

    private HttpClient NewClient()
        => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address, DefaultRequestHeaders = { { "Prefer", "wait" } }, Timeout = Patience };

    /// <summary>The server as <c>./geosan run</c> starts it the first time: with the sample county in it.</summary>
    public static async Task<TestServer> StartWithSampleCountyAsync(Settings? settings = null)
    {
        var server = await StartAsync(settings);
        await SampleCounty.LoadAsync(server.Data.Database, new Settings(), AppContext.BaseDirectory, CancellationToken.None);
        return server;
    }

    /// <summary>Ends the server as a signal does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        // As the program does at its end: what is at work stops, and lets go of the database.
        await StopAsync();
        await _app.DisposeAsync();
        if (_ownsData)
        {
            await Data.DisposeAsync();
        }
    }
}
