using System.Data.Common;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Wards;

namespace GeoSanitation.Server.Imports;

/// <summary>What an importer says about a file of issues.</summary>
internal sealed record IssueImportOptions
{
    /// <summary>The file on disk.</summary>
    internal required string Path { get; init; }

    /// <summary>Source of every row; null takes the file's column, or "import".</summary>
    internal string? Source { get; init; }

    /// <summary>Columns that are given; the others are guessed.</summary>
    internal IssueMapping Mapping { get; init; } = IssueMapping.Empty;

    /// <summary>System of the coordinates; null takes the mapping's, the file's own, or longitude and latitude.</summary>
    internal string? Crs { get; init; }

    /// <summary>IANA zone of times without one; null takes the mapping's, or the city's.</summary>
    internal string? TimeZone { get; init; }

    /// <summary>Refuses what lies outside every ward.</summary>
    internal bool RequireWard { get; init; }

    /// <summary>Where refused rows are written; null for nowhere but the database.</summary>
    internal string? RejectsPath { get; init; }

    /// <summary>Who imports.</summary>
    internal required string Actor { get; init; }
}

/// <summary>What came of an import.</summary>
/// <param name="Counts">Rows by what became of them.</param>
/// <param name="Warnings">What was accepted but looks odd.</param>
internal sealed record ImportResult(ImportCounts Counts, IReadOnlyList<string> Warnings)
{
    /// <summary>Refused features of a ward file, which are few; refused issues stand in the rejects file.</summary>
    internal IReadOnlyList<RefusedWard> RefusedWards { get; init; } = [];
}

/// <summary>The one way in which a file of issues comes in, from the command line, over HTTP or with the sample county.</summary>
internal sealed class IssueImport(Database database, Settings settings)
{
    private const int ProgressRows = 1_000;
    private const int LongestRefusedValue = 300;

    internal static readonly JsonSerializerOptions ReadableJson = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>The mapping that would be used for a file, complete.</summary>
    /// <exception cref="ImportFileException">The file cannot be read, or lacks a needed column.</exception>
    /// <exception cref="BadParameterException">The CRS or the zone is not known.</exception>
    internal static IssueMapping MappingOf(IssueImportOptions options)
    {
        using var reader = RecordReader.Open(options.Path);
        return IssueFile.Bind(reader, options).Mapping;
    }

    /// <summary>Imports a file; all of it is there afterwards, or nothing.</summary>
    /// <exception cref="ImportFileException">The file as a whole cannot be imported.</exception>
    /// <exception cref="BadParameterException">The CRS or the zone is not known.</exception>
    internal async Task<ImportResult> RunAsync(ImportTicket ticket, IssueImportOptions options, ImportProgress progress, CancellationToken cancellation)
    {
        try
        {
            return await ImportAsync(ticket, options, progress, cancellation);
        }
        catch (Exception problem)
        {
            // Stopped in the middle of a write, the connection may say instead that its stream broke.
            var ended = problem is DbException && cancellation.IsCancellationRequested ? new OperationCanceledException(problem.Message, problem, cancellation) : problem;
            await ticket.EndWithNothingAsync(ended is OperationCanceledException, Explain(ended));
            if (ended != problem)
            {
                throw ended;
            }
            throw;
        }
    }

    /// <summary>Why an import came to nothing, for whoever asked for it; what went wrong inside the program is the log's.</summary>
    internal static string Explain(Exception problem) => problem switch
    {
        ImportFileException or BadParameterException => problem.Message.Replace('\0', ' '),
        OperationCanceledException => "stopped before the end",
        _ => "the program failed; its log says why",
    };

    private async Task<ImportResult> ImportAsync(ImportTicket ticket, IssueImportOptions options, ImportProgress progress, CancellationToken cancellation)
    {
        progress.Start("looking at the file");
        using var file = IssueFile.Open(options, settings);
        var (reader, mapping, warnings) = (file.Reader, file.Mapping, file.Warnings);

        progress.Start("waiting for another import");
        await using var load = await IssueLoad.BeginAsync(ticket, cancellation);
        var reference = await IntakeReference.LoadAsync(database, at: null, cancellation);
        var rows = file.Rows(reference);
        var crowded = new CrowdedPoints();
        var datum = new DatumCheck(rows.Wards);

        progress.Start("reading");
        var issue = new StagedIssue();
        var (read, outside) = (0L, 0L);
        while (reader.Read())
        {
            if (rows.Read(reader, issue))
            {
                if (rows.Category.IsNew)
                {
                    load.AddCategory(rows.Category.Shape.Code, rows.Category.Shape.Name);
                }
                crowded.Add(issue.LonDegrees, issue.LatDegrees);
                datum.Add(issue.LonDegrees, issue.LatDegrees);
                outside += rows.OutsideWards ? 1 : 0;
                await load.AddAsync(issue, cancellation);
            }
            else
            {
                var (column, value, reason) = rows.Refusal;
                load.Refuse(reader.Line, Encoding.UTF8.GetBytes(column), Shown(value.Span), Encoding.UTF8.GetBytes(reason));
            }
            if (++read % ProgressRows == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Reached(read, reader);
            }
        }
        progress.Reached(read, reader);

        var plan = new IssueLoadPlan(file.Crs.Name, options.Actor, ColumnsOf(mapping), mapping["external_id"]?.Column,
            new RelapseRule(settings.Relapse.DistanceMeters, settings.Relapse.Days), crowded.Candidates());
        var (counts, defaultPoints) = await load.FinishAsync(plan, progress, cancellation);
        warnings.AddRange(defaultPoints.Select(point =>
            $"{point.Rows} rows stand on {point.LonDegrees}, {point.LatDegrees}, which looks like a geocoder's default point; they are marked (location_quality) and left out of hotspot analyses"));
        if (datum.Warning() is { } shifted)
        {
            warnings.Add(shifted);
        }
        if (outside > 0 && reference.Wards.Count > 0)
        {
            warnings.Add($"{outside} rows are outside every ward; they have no ward (--require-ward refuses them)");
        }
        await WriteRejectsAsync(load, counts, options.RejectsPath, cancellation);
        progress.Report("committing");
        await load.CommitAsync(mapping.ToJson().ToJsonString(ReadableJson), JsonSerializer.Serialize(warnings, ReadableJson), cancellation);
        progress.Report("done");
        return new ImportResult(counts, warnings);
    }

    // Status and times of the stages constrain each other and are overwritten together.
    private static List<string> ColumnsOf(IssueMapping mapping)
    {
        var columns = IssueMapping.Properties.Where(property => mapping[property] is not null).ToList();
        string[] stages = ["accepted_at", "dispatched_at", "resolved_at", "closed_at"];
        if (columns.Contains("status") || stages.Any(columns.Contains))
        {
            columns = [.. columns.Except(["status", .. stages]), "status", .. stages];
        }
        return columns;
    }

    private static ReadOnlySpan<byte> Shown(ReadOnlySpan<byte> value)
    {
        // Whatever the bytes are, the list of refused rows is text.
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, LongestRefusedValue)]).Replace("\0", "\\0", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(value.Length > LongestRefusedValue ? text.TrimEnd('\uFFFD') + "…" : text);
    }

    private static async Task WriteRejectsAsync(IssueLoad load, ImportCounts counts, string? path, CancellationToken cancellation)
    {
        if (path is null)
        {
            return;
        }
        // What an earlier run refused is not true of this one.
        File.Delete(path);
        if (counts.Refused > 0)
        {
            await using var file = File.Create(path);
            await load.WriteRefusedAsync(file, cancellation);
        }
    }
}
