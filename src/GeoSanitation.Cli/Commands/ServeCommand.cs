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
            var (urls, settings) = (FreeUrls(parsed), LoadSettings());
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
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                if (IsTaken(BindingAddress.Parse(url)))
                {
                    return url;
                }
            }
            catch (FormatException)
            {
                throw new CommandException($"--urls was {url}; it must be addresses such as http://localhost:5080, separated by semicolons");
            }
        }
        return null;
    }

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

    private static Settings LoadSettings()
    {
        try
        {
            return Settings.Load(".");
        }
        catch (Exception problem) when (problem is InvalidOperationException or InvalidDataException or FormatException)
        {
            throw new CommandException($"geosan.json or a GEOSAN_ variable cannot be read: {problem.Message}");
        }
    }

    private static bool IsTaken(BindingAddress address)
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
            catch (SocketException)
            {
                // No such address here (no IPv6, for one): the server itself says so if it matters.
            }
        }
        return false;
    }

    private static CommandException Taken(int port) => new(
        $"port {port} is taken (by another geosan, perhaps); choose another one: --urls http://localhost:{(port == 5080 ? 5081 : 5080)}", CommandLine.SystemFailure);
}
