using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GeoSanitation.Server.Tests.Webhooks;

/// <summary>What was sent.</summary>
/// <param name="Path">To which path.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body.</param>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>Somebody who is called, over real HTTP on a free loopback port.</summary>
internal sealed class CallbackReceiver : IAsyncDisposable
{
    // What never comes is to fail its test, however busy the machine is.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly WebApplication _app;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    private CallbackReceiver(WebApplication app) => _app = app;

    /// <summary>Status that is answered with; what comes before is received all the same.</summary>
    internal int Status { get; set; } = 204;

    /// <summary>Where an answer leads to.</summary>
    internal string? Location { get; set; }

    /// <summary>Address without a path.</summary>
    internal Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Settings of a server that may call it, and tries again soon.</summary>
    internal Settings Allowed(int maxFailures = 20) => new() { Callbacks = new CallbackSettings { Hosts = [Address.Authority], FirstWaitSeconds = 0.02, MaxFailures = maxFailures } };

    internal static async Task<CallbackReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new CallbackReceiver(builder.Build());
        receiver._app.Run(receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>What comes next.</summary>
    internal async Task<Received> NextAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        return await _received.Reader.ReadAsync(late.Token);
    }

    /// <summary>How much has come that nobody looked at.</summary>
    internal int Waiting => _received.Reader.Count;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (Location is not null)
        {
            context.Response.Headers.Location = Location;
        }
        context.Response.StatusCode = Status;
        await _received.Writer.WriteAsync(new Received(context.Request.Path, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
    }
}
