using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using GeoSanitation.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace GeoSanitation.Clients;

/// <summary>The server with the sample county, and a list of what clients asked it.</summary>
public sealed class SampleCounty : IAsyncLifetime, IObserver<KeyValuePair<string, object?>>
{
    private IDisposable? _watch;

    public TestServer Server { get; private set; } = null!;

    /// <summary>Paths with queries, decoded, in the order in which they came.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartWithSampleCountyAsync();
        _watch = Server.Services.GetRequiredService<DiagnosticListener>().Subscribe(this, name => name is "Microsoft.AspNetCore.Hosting.HttpRequestIn" or "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start");
    }

    public async Task DisposeAsync()
    {
        _watch?.Dispose();
        await Server.DisposeAsync();
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is { Key: "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start", Value: HttpContext context })
        {
            Asked.Enqueue(context.Request.Path + Uri.UnescapeDataString(context.Request.QueryString.Value!.Replace('+', ' ')));
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    /// <summary>Runs a program and gives what it says.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var (told, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return await told;
    }
}
