using System.Text;
using GeoSanitation.Server.Imports;
using GeoSanitation.Store.Imports;
using GeoSanitation.Testing;

namespace GeoSanitation.Server.Tests.Imports;

/// <summary>Imports as the command line and the HTTP jobs do them, without either.</summary>
internal static class Importing
{
    internal static Settings Settings { get; } = new() { City = new CitySettings { TimeZone = "UTC" } };

    /// <summary>Imports a file that is there.</summary>
    internal static async Task<ImportResult> IssuesAsync(TestDatabase data, IssueImportOptions options, bool dryRun = false, CancellationToken cancellation = default)
    {
        var header = new ImportHeader("issues", Path.GetFileName(options.Path), options.Source, options.Actor);
        await using var ticket = await ImportTicket.OpenAsync(data.Database, header, dryRun, cancellation);
        return await new IssueImport(data.Database, Settings).RunAsync(ticket, options, new ImportProgress(), cancellation);
    }

    /// <summary>Imports a text as a file.</summary>
    internal static Task<ImportResult> IssuesAsync(TestDatabase data, string text, Func<IssueImportOptions, IssueImportOptions>? change = null, bool dryRun = false)
        => IssuesAsync(data, Encoding.UTF8.GetBytes(text), change, dryRun);

    /// <summary>Imports bytes as a file.</summary>
    internal static async Task<ImportResult> IssuesAsync(TestDatabase data, byte[] bytes, Func<IssueImportOptions, IssueImportOptions>? change = null, bool dryRun = false)
    {
        using var file = new TemporaryFile(bytes);
        var options = new IssueImportOptions { Path = file.Path, Actor = "test", Source = "test", TimeZone = "UTC" };
        return await IssuesAsync(data, change is null ? options : change(options), dryRun);
    }

    internal static async Task<ImportResult> WardsAsync(TestDatabase data, string path, Func<WardImportOptions, WardImportOptions>? change = null, bool dryRun = false)
    {
        var options = new WardImportOptions { Path = path, FileName = Path.GetFileName(path), Actor = "test" };
        await using var ticket = await ImportTicket.OpenAsync(data.Database, new ImportHeader("wards", options.FileName, null, "test"), dryRun, default);
        return await new WardFileImport(data.Database).RunAsync(ticket, change is null ? options : change(options), new ImportProgress(), default);
    }

    internal static async Task<ImportResult> WardsOfTextAsync(TestDatabase data, string geoJson, Func<WardImportOptions, WardImportOptions>? change = null)
    {
        using var file = new TemporaryFile(Encoding.UTF8.GetBytes(geoJson));
        return await WardsAsync(data, file.Path, options => (change ?? (o => o))(options with { FileName = "wards.geojson" }));
    }
}

/// <summary>A file with these bytes for as long as a test needs it.</summary>
internal sealed class TemporaryFile : IDisposable
{
    internal string Path { get; } = System.IO.Path.GetTempFileName();

    internal TemporaryFile(byte[] bytes) => File.WriteAllBytes(Path, bytes);

    public void Dispose()
    {
        File.Delete(Path);
        File.Delete(Path + ".rejects.csv");
    }
}
