using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using GeoSanitation.Server;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace GeoSanitation.Cli.Commands;

/// <summary><c>geosan serve</c>: the server, without the sample county.</summary>
internal static class ServeCommand
{
    internal static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Addresses to listen on, separated by semicolons; http://localhost:5080 if not given [GEOSAN_URLS]",
        HelpName = "urls",
    };

    internal static Command Create()
    {
        var command = new ExampleCommand("serve", "Start the server on the database as it is.", "geosan serve --database \"Host=db;Username=geosan;Database=geosan\" --urls http://0.0.0.0:5080");
        OpenDatabase.AddOptions(command);
        command.Options.Add(Urls);
        command.SetAction((parsed, cancellation) => ServeAsync(parsed, (_, _, _) => Task.CompletedTask, cancellation));
        return command;
    }

    /// <summary>Opens the database, lets it be prepared, and serves until asked to stop; being asked before it is up is no failure.</summary>
    internal static async Task<int> ServeAsync(ParseResult parsed, Func<Database, Settings, CancellationToken, Task> prepareAsync, CancellationToken cancellation)
    {
        try
        {
            var (urls, settings) = (FreeUrls(parsed), OperatorSettings.Load());
            await using var open = await OpenDatabase.OpenAsync(parsed, cancellation);
            await prepareAsync(open.Database, settings, cancellation);
            await ServeAsync(open.Database, settings, urls, cancellation);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
        }
        return CommandLine.Done;
    }

    /// <summary>The addresses to listen on, as given.</summary>
    internal static string UrlsOf(ParseResult parsed) => parsed.GetValue(Urls)
        ?? (Environment.GetEnvironmentVariable("GEOSAN_URLS") is { Length: > 0 } urls ? urls : "http://localhost:5080");

    /// <summary>The addresses to listen on, known to be free a moment ago: better to hear it before a database is made.</summary>
    /// <exception cref="CommandException">An address cannot be read, or its port is taken.</exception>
    internal static string FreeUrls(ParseResult parsed)
    {
        var urls = UrlsOf(parsed);
        return TakenUrl(urls) is not { } taken ? urls : throw Taken(BindingAddress.Parse(taken).Port);
    }

    /// <summary>The first of some addresses that another program listens on, or null.</summary>
    /// <exception cref="CommandException">An address cannot be read.</exception>
    internal static string? TakenUrl(string urls)
    {
        var each = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return each.Length > 0 ? each.FirstOrDefault(url => IsTaken(url, AddressOf(url))) : throw NoAddress(urls);
    }

    /// <summary>An address as the server takes it: HTTP, at its root. What speaks HTTPS stands before it.</summary>
    private static BindingAddress AddressOf(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { Scheme: "http", PathBase: "", IsUnixPipe: false, IsNamedPipe: false, Port: >= 0 and <= IPEndPoint.MaxPort } address ? address : throw NoAddress(url);
        }
        catch (FormatException)
        {
            throw NoAddress(url);
        }
    }

    private static CommandException NoAddress(string url)
        => new($"--urls was {(url.Trim().Length > 0 ? url : "empty")}; it must be addresses such as http://localhost:5080 (no https, no path, a port up to {IPEndPoint.MaxPort}), separated by semicolons");

    /// <summary>Serves until the command is asked to stop.</summary>
    private static async Task ServeAsync(Database database, Settings settings, string urls, CancellationToken cancellation)
    {
        if (await new KeyStore(database).AddFirstAsync(cancellation) is { } secret)
        {
            Console.WriteLine($"administrator's key, shown only this once: {secret}");
        }
        await using var app = ServerHost.Build(database, settings, urls);
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException problem) when (problem.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new CommandException($"{problem.Message} Stop what uses it, or choose another with --urls", CommandLine.SystemFailure);
        }
        Console.WriteLine($"GeoSanitation is up: {string.Join("  ", app.Urls)}");
        await app.WaitForShutdownAsync(cancellation);
    }

    private static bool IsTaken(string url, BindingAddress address)
    {
        IPAddress[] hosts = address.Host == "localhost" ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? [ip]
            : [IPAddress.Any];
        foreach (var host in hosts)
        {
            try
            {
                using var listener = new TcpListener(host, address.Port);
                listener.Start();
            }
            catch (SocketException problem) when (problem.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return true;
            }
            catch (SocketException problem) when (hosts.Length == 1)
            {
                throw new CommandException($"--urls was {url}; it must be an address that this machine may listen on ({problem.Message})");
            }
            catch (SocketException)
            {
                // Without IPv6, for one, localhost is only one of the two.
            }
        }
        return false;
    }

    private static CommandException Taken(int port) => new(
        $"port {port} is taken (by another geosan, perhaps); choose another one: --urls http://localhost:{(port == 5080 ? 5081 : 5080)}", CommandLine.SystemFailure);
}
