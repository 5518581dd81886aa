using System.CommandLine;
using GeoSanitation.Store;
using GeoSanitation.Store.LocalCluster;
using GeoSanitation.Store.Schema;

namespace GeoSanitation.Cli;

/// <summary>The database a command works on: a given server, or the private cluster, which is let go at the end.</summary>
internal sealed class OpenDatabase : IAsyncDisposable
{
    private static readonly Option<string?> ConnectionString = new("--database")
    {
        Description = "Npgsql connection string of another server, instead of the private cluster [GEOSAN_DATABASE]",
        HelpName = "connection string",
    };

    private static readonly Option<string?> Folder = new("--data")
    {
        Description = "Folder of the private cluster; data if not given [GEOSAN_DATA]",
        HelpName = "folder",
    };

    internal Database Database { get; }

    /// <summary>The private cluster, or null when the command works on a given server.</summary>
    internal LocalCluster? Cluster { get; }

    private OpenDatabase(Database database, LocalCluster? cluster) => (Database, Cluster) = (database, cluster);

    /// <summary>Gives a command the options that say which database it is about.</summary>
    internal static void AddOptions(Command command)
    {
        command.Options.Add(ConnectionString);
        command.Options.Add(Folder);
    }

    /// <summary>The given connection string, or null when it is the private cluster.</summary>
    internal static string? ConnectionStringOf(ParseResult parsed) => parsed.GetValue(ConnectionString) ?? Given("GEOSAN_DATABASE");

    /// <summary>The private cluster's folder.</summary>
    internal static string FolderOf(ParseResult parsed) => parsed.GetValue(Folder) ?? Given("GEOSAN_DATA") ?? "data";

    /// <summary>Opens the database that the command line names, with the schema of this program.</summary>
    internal static async Task<OpenDatabase> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var open = await OpenUnmigratedAsync(parsed, cancellation);
        try
        {
            await Migrator.MigrateAsync(open.Database, cancellation);
            return open;
        }
        catch
        {
            await open.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the database that the command line names, as it is.</summary>
    internal static async Task<OpenDatabase> OpenUnmigratedAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (ConnectionStringOf(parsed) is { } connectionString)
        {
            return new OpenDatabase(Open(connectionString), cluster: null);
        }
        var cluster = await LocalCluster.StartAsync(FolderOf(parsed), durable: true, cancellation);
        return new OpenDatabase(Open(cluster.ConnectionString), cluster);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }

    private static Database Open(string connectionString)
    {
        try
        {
            return Database.Open(connectionString);
        }
        catch (ArgumentException problem)
        {
            // The text of a connection string is never shown: it may hold a password.
            throw new CommandException($"--database is not an Npgsql connection string such as \"Host=db;Username=geosan;Database=geosan\": {problem.Message}");
        }
    }

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
