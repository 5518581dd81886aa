using GeoSanitation.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace GeoSanitation.Testing;

/// <summary>The whole server over real HTTP on a free loopback port, with a database of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    public TestDatabase Data { get; }

    public Uri Address { get; }

    /// <summary>A client of <see cref="Address"/>; it follows no redirects.</summary>
    public HttpClient Client { get; }

    private TestServer(WebApplication app, TestDatabase data)
    {
        (_app, Data) = (app, data);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public static async Task<TestServer> StartAsync(Settings? settings = null)
    {
        var data = await TestDatabase.CreateAsync();
        var app = ServerHost.Build(data.Database, settings ?? new Settings(), "http://127.0.0.1:0");
        await app.StartAsync();
        return new TestServer(app, data);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Data.DisposeAsync();
    }
}
