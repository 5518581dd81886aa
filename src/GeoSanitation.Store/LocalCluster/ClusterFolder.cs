using System.Security.Cryptography;
using System.Text;

namespace GeoSanitation.Store.LocalCluster;

/// <summary>Where a private cluster is, and the account that PostgreSQL runs as there.</summary>
/// <param name="Path">The folder, free of symbolic links.</param>
/// <param name="Account">Account to become, when the program runs as root, whom PostgreSQL refuses; null to stay who we are.</param>
public sealed record ClusterFolder(string Path, string? Account)
{
    /// <summary>Where clusters go whose own folder the account cannot get to.</summary>
    private const string Elsewhere = "/var/lib/geosan";

    /// <summary>The folder PostgreSQL keeps its files in.</summary>
    public string DataDirectory => System.IO.Path.Combine(Path, "pgdata");

    /// <summary>Major version of the PostgreSQL that made the cluster; null when there is none yet.</summary>
    public int? Major => HasCluster && int.TryParse(File.ReadAllText(System.IO.Path.Combine(DataDirectory, "PG_VERSION")), out var major) ? major : null;

    /// <summary>Whether a cluster was made here to the end.</summary>
    public bool HasCluster => File.Exists(ReadyMark);

    /// <summary>The running server's process, or null.</summary>
    public int? ServerProcess => Postmaster.Find(DataDirectory)?.Pid;

    /// <summary>Written when a new cluster is complete.</summary>
    internal string ReadyMark => System.IO.Path.Combine(DataDirectory, "geosan.ready");

    /// <summary>Folder for a new server's socket.</summary>
    internal string SocketDirectory => HoldsSocket ? Beside : $"{(Environment.IsPrivilegedProcess ? "/run" : "/tmp")}/geosan-{Environment.UserName}-{NameFor(Path)}";

    /// <summary>Whether the socket can be in the folder: its path holds at most 107 bytes, and goes through lists that commas and quotes part.</summary>
    internal bool HoldsSocket => Encoding.UTF8.GetByteCount(Beside) <= 80 && Beside.All(c => c is > ' ' and < '\x7f' and not '\'' and not ',' and not '"' and not '\\');

    private string Beside => System.IO.Path.Combine(Path, "socket");

    /// <summary>Finds the folder as it is, changing nothing.</summary>
    /// <param name="directory">As the operator wrote it.</param>
    public static ClusterFolder Find(string directory) => new(Resolve(directory), null);

    /// <summary>Clusters in /var/lib/geosan whose checkout is gone, with the folder each belonged to.</summary>
    public static IEnumerable<(string Path, string BelongedTo)> LeftOver()
    {
        foreach (var path in Directory.Exists(Elsewhere) ? Directory.GetDirectories(Elsewhere).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            var note = System.IO.Path.Combine(path, "belongs-to");
            if (File.Exists(note) && File.ReadAllText(note).TrimEnd('\n') is var owner && Resolve(owner) != path)
            {
                yield return (path, owner);
            }
        }
    }

    /// <summary>
    /// Makes the folder and its socket folder, owned by the right account and closed to all others. Run by root on a folder
    /// below one that the account cannot pass (a checkout in /root), the cluster is kept in /var/lib/geosan, and the folder
    /// becomes a symbolic link to it.
    /// </summary>
    /// <exception cref="LocalClusterException">The folder belongs to somebody else, or cannot be made.</exception>
    internal static async Task<ClusterFolder> PrepareAsync(string directory, CancellationToken cancellation)
    {
        var path = Resolve(directory);
        try
        {
            var folder = Environment.IsPrivilegedProcess ? await PrepareForAccountAsync(path, cancellation) : new ClusterFolder(path, null);
            await MakeOwnAsync(folder.Path, folder.Account, cancellation);
            await MakeOwnAsync(folder.SocketDirectory, folder.Account, cancellation);
            return folder;
        }
        catch (UnauthorizedAccessException)
        {
            var owner = (await SystemProcess.RunAsync("stat", ["-c", "%U", path], cancellation)).Output.Trim();
            throw new LocalClusterException(Directory.Exists(path)
                ? $"{path} belongs to the account {owner}: geosan was first run there by another account (root's cluster is postgres's). Run it as that account, or with a folder of your own: --data"
                : $"{path} cannot be made by the account {Environment.UserName}; give a folder that can: --data");
        }
    }

    private static async Task<ClusterFolder> PrepareForAccountAsync(string path, CancellationToken cancellation)
    {
        var made = System.IO.Path.Combine(path, "pgdata");
        if (Directory.Exists(made))
        {
            // An ordinary user's cluster stays that user's, whoever starts it.
            var owner = (await SystemProcess.RunAsync("stat", ["-c", "%U", made], cancellation)).Output.Trim();
            return new ClusterFolder(path, owner is "root" ? "postgres" : owner);
        }
        var folder = new ClusterFolder(path, "postgres");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        if (await CanPassAsync(folder.Account!, System.IO.Path.GetDirectoryName(path)!, cancellation))
        {
            return folder;
        }
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new LocalClusterException($"the account postgres, which the database runs as, cannot get to {path}, and there are files in it; give an empty folder: --data");
        }
        var elsewhere = System.IO.Path.Combine(Elsewhere, NameFor(path));
        Directory.CreateDirectory(elsewhere);
        await File.WriteAllTextAsync(System.IO.Path.Combine(elsewhere, "belongs-to"), path + "\n", cancellation);
        if (Directory.Exists(path))
        {
            Directory.Delete(path);
        }
        File.CreateSymbolicLink(path, elsewhere);
        return folder with { Path = elsewhere };
    }

    private static async Task<bool> CanPassAsync(string account, string directory, CancellationToken cancellation)
    {
        var (exitCode, output) = await SystemProcess.RunAsync("runuser", ["-u", account, "--", "test", "-x", directory], cancellation);
        return output.Trim().Length == 0 ? exitCode == 0 : throw new LocalClusterException($"cannot become the account {account}: {output.Trim()}");
    }

    private static async Task MakeOwnAsync(string directory, string? account, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory);
        if (new DirectoryInfo(directory).LinkTarget is not null)
        {
            // In a folder that all can write to, it could be somebody else's trap.
            throw new LocalClusterException($"{directory} is a symbolic link; remove it");
        }
        if (account is not null)
        {
            var (exitCode, output) = await SystemProcess.RunAsync("chown", ["--no-dereference", $"{account}:", directory], cancellation);
            if (exitCode != 0)
            {
                throw new LocalClusterException($"cannot hand {directory} to the account {account}: {output.Trim()}");
            }
        }
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string NameFor(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];

    // One spelling for one folder: the server is recognized by the path it was started with.
    private static string Resolve(string path)
    {
        var resolved = "/";
        foreach (var part in System.IO.Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            resolved = System.IO.Path.Combine(resolved, part);
            var folder = new DirectoryInfo(resolved);
            resolved = folder.LinkTarget is null ? resolved : folder.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }
        return resolved;
    }
}
