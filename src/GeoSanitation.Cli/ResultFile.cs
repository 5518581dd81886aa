using System.CommandLine;
using System.Text.Json.Nodes;
using GeoSanitation.Server;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Snapshot;

namespace GeoSanitation.Cli;

/// <summary>The file that an analysis goes to. It is written beside its place and moved there when it is whole; if it never is, nothing is left.</summary>
internal sealed class ResultFile : IDisposable
{
    private static readonly string[] Extensions = [".geojson", ".json", ".fgb", ".gpkg", ".png"];

    private static readonly Option<string> Out = new("--out", "-o")
    {
        Description = $"File to write; its extension says the form: {string.Join(" ", Extensions)}",
        HelpName = "file",
        Required = true,
    };

    private static readonly Option<int?> Width = PictureNumber("--width", "Width of a .png, pixels; 1600 if not given", 300, 10_000);
    private static readonly Option<int?> Height = PictureNumber("--height", "Height of a .png, pixels; 1200 if not given", 300, 10_000);
    private static readonly Option<int?> Dpi = PictureNumber("--dpi", "Pixels to the inch of a .png: letters and lines grow with it; 96 if not given", 48, 600);
    private static readonly Option<string?> Title = new("--title") { Description = "Title of a .png; the method if not given", HelpName = "text" };

    private readonly string _extension;
    private readonly string _unfinished;
    private readonly PictureSize _size;
    private readonly string? _title;

    private ResultFile(string path, PictureSize size, string? title)
    {
        (Path, _size, _title) = (path, size, title);
        _extension = System.IO.Path.GetExtension(path).ToLowerInvariant();
        _unfinished = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!, $".{System.IO.Path.GetFileName(path)}.{Environment.ProcessId}");
    }

    /// <summary>As it was given.</summary>
    internal string Path { get; }

    internal static void AddOptions(Command command)
    {
        foreach (var option in (Option[])[Out, Width, Height, Dpi, Title])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Sees that the file can be written, before anything is worked out for it.</summary>
    /// <exception cref="CommandException">The extension names no form, or the options do not fit it.</exception>
    /// <exception cref="IOException">The folder is not there, or cannot be written to.</exception>
    internal static ResultFile Open(ParseResult parsed)
    {
        var file = new ResultFile(parsed.GetRequiredValue(Out), new(parsed.GetValue(Width) ?? 1600, parsed.GetValue(Height) ?? 1200, parsed.GetValue(Dpi) ?? 96), parsed.GetValue(Title));
        if (!Extensions.Contains(file._extension))
        {
            throw new CommandException($"--out was {file.Path}; it must end with one of {string.Join(" ", Extensions)}");
        }
        if (file._extension != ".png" && ((Option[])[Width, Height, Dpi, Title]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } stray)
        {
            throw new CommandException($"{stray.Name} is about pictures; it must be left out where --out does not end with .png");
        }
        if (Directory.Exists(file.Path))
        {
            throw new CommandException($"--out was {file.Path}; it must be a file, and this is a folder");
        }
        File.Create(file._unfinished).Dispose();
        return file;
    }

    /// <summary>Writes a result.</summary>
    internal async Task WriteAsync(AnalysisRequest request, FeatureTable table, JsonObject explain, WardSnapshot wards, Settings settings, CancellationToken cancellation)
    {
        var (name, description) = (request.Method.Name, explain.ToJsonString(JsonForm.Options));
        switch (_extension)
        {
            case ".fgb":
                await using (var file = File.Create(_unfinished))
                {
                    await FlatGeobufForm.WriteAsync(FeatureSet.Of(table, name, description), request.Output, file, cancellation);
                }
                break;
            case ".gpkg":
                await GeoPackageForm.WriteAsync(FeatureSet.Of(table, name, description), request.Output, _unfinished, cancellation);
                break;
            case ".png":
                var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById(settings.City.TimeZone)).DateTime);
                File.WriteAllBytes(_unfinished, MapPicture.Draw(request, table, explain, wards, _size, _title, today));
                break;
            default:
                File.WriteAllBytes(_unfinished, GeoJsonForm.Write(table, request.Output, explain));
                break;
        }
        cancellation.ThrowIfCancellationRequested();
        File.Move(_unfinished, Path, overwrite: true);
    }

    public void Dispose() => File.Delete(_unfinished);

    private static Option<int?> PictureNumber(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "n" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var value) && value >= least && value <= most))
            {
                result.AddError($"{name} was {token.Value}; it must be a whole number from {least} to {most}");
            }
        });
        return option;
    }
}
