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
    private readonly WebApplication _app;

    public TestDatabase Data { get; }

    public Uri Address { get; }

    /// <summary>A client of <see cref="Address"/> without a key; it follows no redirects.</summary>
    public HttpClient Client { get; }

    /// <summary>What the server is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>The routes of the server.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints => [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private TestServer(WebApplication app, TestDatabase data)
    {
        (_app, Data) = (app, data);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = NewClient();
    }

    /// <param name="settings">Settings of an operator.</param>
    /// <param name="snapshot">How current answers are; tests write behind the server's back, so that it asks the database each time where this is left out.</param>
    public static async Task<TestServer> StartAsync(Settings? settings = null, SnapshotSettings? snapshot = null)
    {
        var data = await TestDatabase.CreateAsync();
        settings = (settings ?? new Settings()) with { Snapshot = snapshot ?? new SnapshotSettings { MaxAgeMilliseconds = 0 } };
        var app = ServerHost.Build(data.Database, settings, "http://127.0.0.1:0");
        await app.StartAsync();
        return new TestServer(app, data);
    }

    /// <summary>A client that shows a new key of a role of <see cref="Roles"/>, named after it ("the inspector"); whoever asks disposes of it.</summary>
    public async Task<HttpClient> ClientAsync(string role)
    {
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await new KeyStore(Data.Database).AddAsync($"the {role}", role, CancellationToken.None));
        return client;
    }

    private HttpClient NewClient() => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>The server as <c>./geosan run</c> starts it the first time: with the sample county in it.</summary>
    public static async Task<TestServer> StartWithSampleCountyAsync()
    {
        var server = await StartAsync();
        await SampleCounty.LoadAsync(server.Data.Database, new Settings(), AppContext.BaseDirectory, CancellationToken.None);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        // As the program does at its end: what is at work stops, and lets go of the database.
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Data.DisposeAsync();
    }
}
