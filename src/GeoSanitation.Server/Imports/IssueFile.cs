using GeoSanitation.Coordinates;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Imports;

namespace GeoSanitation.Server.Imports;

/// <summary>A file of issues, opened, with its columns understood: for the import, and for analyses without a database.</summary>
internal sealed class IssueFile : IDisposable
{
    private const string UnnamedSource = "import";

    // Rows looked at beforehand to see how dates are written and whether coordinates are degrees.
    private const int ProfiledRows = 2_000;

    private readonly IssueImportOptions _options;
    private readonly Settings _settings;
    private readonly TimeZoneInfo _zone;
    private readonly FileProfile _profile;

    private IssueFile(RecordReader reader, IssueImportOptions options, Settings settings)
    {
        (Reader, _options, _settings) = (reader, options, settings);
        (Mapping, Crs, var crsIsKnown) = Bind(reader, options);
        _zone = Zone(options.TimeZone ?? Mapping.TimeZone ?? settings.City.TimeZone);
        _profile = FileProfile.Of(options.Path, Mapping, ProfiledRows);
        if (!crsIsKnown)
        {
            _profile.RefuseUnlessDegrees(Mapping);
        }
        if (reader.Warning is { } odd)
        {
            Warnings.Add(odd);
        }
        if (_profile.HasLocalTimes && options.TimeZone is null && Mapping.TimeZone is null)
        {
            Warnings.Add($"times in the file carry no zone and none was given (--time-zone); they were read as {_zone.Id}, the city's");
        }
        Warnings.AddRange(_profile.Warnings);
        if (Mapping["category"] is null)
        {
            Warnings.Add("no column for the category was found; every issue is filed under imported.unspecified");
        }
        if (options.Source is null && Mapping["source"] is null)
        {
            Warnings.Add($"no source was given; the issues are filed under \"{UnnamedSource}\" (use --source to keep files of several systems apart)");
        }
    }

    /// <summary>Its rows, in one pass.</summary>
    internal RecordReader Reader { get; }

    /// <summary>Which column is what, complete.</summary>
    internal IssueMapping Mapping { get; }

    /// <summary>System of the coordinates.</summary>
    internal Crs Crs { get; }

    /// <summary>What is accepted but looks odd; whoever reads the rows may add to it.</summary>
    internal List<string> Warnings { get; } = [];

    /// <summary>Opens a file.</summary>
    /// <exception cref="ImportFileException">The file cannot be read, or lacks a needed column.</exception>
    /// <exception cref="BadParameterException">The CRS or the zone is not known.</exception>
    internal static IssueFile Open(IssueImportOptions options, Settings settings)
    {
        var reader = RecordReader.Open(options.Path);
        try
        {
            return new IssueFile(reader, options, settings);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Turns the rows into checked issues.</summary>
    /// <param name="reference">What they are checked against and completed from.</param>
    internal IssueRows Rows(IntakeReference reference) => new(
        Reader.Columns, Mapping, _profile.DayOrders, Crs, new LocalClock(_zone), new WorkClock(_settings.City, reference.Days), _options.Source ?? UnnamedSource, _options.RequireWard, reference);

    public void Dispose() => Reader.Dispose();

    /// <summary>The mapping and the system of a file's coordinates, and whether that is known or only assumed.</summary>
    internal static (IssueMapping Mapping, Crs Crs, bool CrsIsKnown) Bind(RecordReader reader, IssueImportOptions options)
    {
        var given = options.Crs ?? options.Mapping.Crs;
        var own = reader.CrsName;
        Crs crs;
        try
        {
            crs = CrsRegistry.Find(given ?? own ?? "EPSG:4326");
        }
        catch (UnknownCrsException problem) when (given is not null)
        {
            throw new BadParameterException("crs", given, $"a known system, such as EPSG:4547, GCJ02 or EPSG:4326 ({problem.Message})");
        }
        catch (UnknownCrsException)
        {
            throw new ImportFileException($"the file says its coordinate system is {own}, which is not known here; say it with --crs");
        }
        // A source that is given is that of every row, whatever a column says.
        var mapping = options.Source is null ? options.Mapping : options.Mapping.Without("source");
        return (mapping.For(reader.Columns, projected: !crs.IsGeographic, reader.CutsNames), crs, given is not null || own is not null);
    }

    private static TimeZoneInfo Zone(string name)
        => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : throw new BadParameterException("time_zone", name, "an IANA name, such as Asia/Shanghai");
}
