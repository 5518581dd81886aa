using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GeoSanitation.Testing;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>The server as a program of its own, as people run it.</summary>
internal sealed class GeosanProcess : IDisposable
{
    private readonly Process _process;

    private GeosanProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>Path of the program: the command that people run, which builds what is not built.</summary>
    public static string Program => Path.Combine(SharedData.RepositoryRoot, "geosan");

    /// <summary>Starts it on a database and waits until it says that it is ready.</summary>
    public static async Task<GeosanProcess> StartAsync(string connectionString)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        var process = Process.Start(new ProcessStartInfo(Program, ["serve", "--database", connectionString, "--urls", address.ToString()]) { RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadToEndAsync();
        using var client = new HttpClient { BaseAddress = address };
        while (!process.HasExited)
        {
            try
            {
                if ((await client.GetAsync("health/ready")).StatusCode == HttpStatusCode.OK)
                {
                    return new GeosanProcess(process, address);
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException($"geosan serve ended with {process.ExitCode}");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
