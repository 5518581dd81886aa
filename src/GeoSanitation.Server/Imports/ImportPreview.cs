using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Wards;

namespace GeoSanitation.Server.Imports;

/// <summary>What an import would make of a file; nothing is kept of it.</summary>
/// <param name="Kind"><c>issues</c> or <c>wards</c>.</param>
/// <param name="FileName">Name of the file.</param>
/// <param name="Columns">Columns of the file, or properties of its wards that were understood.</param>
/// <param name="Properties">Properties that a mapping can name.</param>
/// <param name="Mapping">Which column would be taken for what; null where that cannot be told, see Problem.</param>
/// <param name="Crs">System that the coordinates would be read in.</param>
/// <param name="Sample">First rows as they stand in the file, in the order of Columns; null for a broken one.</param>
/// <param name="RowsRead">Rows that were looked at.</param>
/// <param name="IsWhole">Whether those are all of the file.</param>
/// <param name="Accepted">Of them would be taken.</param>
/// <param name="Refused">Of them would be refused.</param>
/// <param name="OutsideWards">Of those taken lie in no ward that is in force.</param>
/// <param name="Refusals">Why, for the first that would be refused.</param>
/// <param name="Places">Where some of those taken lie.</param>
/// <param name="Warnings">What would be accepted but looks odd, a mixed-up datum among it.</param>
/// <param name="Problem">Why the file as a whole cannot be imported so; null when it can.</param>
internal sealed record ImportPreview(
    string Kind, string FileName, IReadOnlyList<string> Columns, IReadOnlyList<string> Properties, JsonNode? Mapping, string? Crs, IReadOnlyList<IReadOnlyList<string>?> Sample,
    long RowsRead, bool IsWhole, long Accepted, long Refused, long OutsideWards, IReadOnlyList<PreviewRefusal> Refusals, IReadOnlyList<PreviewPlace> Places,
    IReadOnlyList<string> Warnings, string? Problem);

/// <summary>A row that would be refused.</summary>
/// <param name="Line">Its first line, or its number.</param>
/// <param name="Column">The column; empty for the row as a whole.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Reason">Why.</param>
internal sealed record PreviewRefusal(long Line, string Column, string Value, string Reason);

/// <summary>Where a row lies.</summary>
/// <param name="Line">Its first line, or its number.</param>
/// <param name="Lon">Longitude, degrees, WGS 84.</param>
/// <param name="Lat">Latitude, degrees, WGS 84.</param>
/// <param name="InWard">Whether a ward in force holds it; true for a ward itself.</param>
internal sealed record PreviewPlace(long Line, double Lon, double Lat, bool InWard);

/// <summary>Looks at a file as the import does, without writing anything.</summary>
internal static class ImportPreviews
{
    /// <summary>Rows looked at; enough to tell a mixed-up datum.</summary>
    internal const int MostRows = 20_000;

    private const int SampleRows = 10;
    private const int MostRefusals = 50;
    private const int MostPlaces = 2_000;
    private const int LongestValue = 200;

    /// <summary>Looks at a file of issues.</summary>
    /// <exception cref="ImportFileException">The file cannot be read at all.</exception>
    /// <exception cref="Problems.BadParameterException">The CRS, the zone or the mapping is not known.</exception>
    internal static ImportPreview OfIssues(string fileName, IssueImportOptions options, Settings settings, IntakeReference reference, CancellationToken cancellation)
    {
        var (columns, sample) = SampleOf(options.Path);
        var preview = new ImportPreview("issues", fileName, columns, IssueMapping.Properties, null, null, sample, 0, false, 0, 0, 0, [], [], [], null);
        try
        {
            using var file = IssueFile.Open(options, settings);
            return Read(preview, file, reference, cancellation);
        }
        catch (ImportFileException problem)
        {
            return preview with { Problem = problem.Message };
        }
    }

    /// <summary>Looks at a file of wards, all of it.</summary>
    /// <exception cref="ImportFileException">The file cannot be read at all.</exception>
    /// <exception cref="Problems.BadParameterException">The CRS is not known.</exception>
    internal static ImportPreview OfWards(string fileName, WardImportOptions options, IReadOnlyList<WardShape> existing, CancellationToken cancellation)
    {
        var (intake, mapping) = WardFileImport.Read(options, existing, cancellation);
        string[] columns = ["code", "name", "level", "parent"];
        List<IReadOnlyList<string>?> sample = [.. intake.Wards.Take(SampleRows).Select(w => (IReadOnlyList<string>)[w.Code, w.Name, w.Level, w.ParentCode ?? ""])];
        List<PreviewPlace> places = [.. intake.Wards.Take(MostPlaces).Select(w => (w.Line, Point: w.Geometry.InteriorPoint)).Select(w => new PreviewPlace(w.Line, w.Point.X, w.Point.Y, true))];
        List<PreviewRefusal> refusals = [.. intake.Refused.Take(MostRefusals).Select(r => new PreviewRefusal(r.Line, r.Column, Shortened(r.Value), r.Reason))];
        return new ImportPreview("wards", fileName, columns, columns, mapping, (string?)mapping["crs"], sample, intake.Wards.Count + intake.Refused.Count, true, intake.Wards.Count, intake.Refused.Count, 0,
            refusals, places, intake.Warnings, null);
    }

    private static ImportPreview Read(ImportPreview preview, IssueFile file, IntakeReference reference, CancellationToken cancellation)
    {
        var (rows, issue) = (file.Rows(reference), new StagedIssue());
        var datum = new DatumCheck(rows.Wards);
        var (refusals, places) = (new List<PreviewRefusal>(), new List<PreviewPlace>());
        var (read, refused, outside, whole) = (0L, 0L, 0L, true);
        while (file.Reader.Read())
        {
            if (read == MostRows)
            {
                whole = false;
                break;
            }
            cancellation.ThrowIfCancellationRequested();
            read++;
            if (!rows.Read(file.Reader, issue))
            {
                var (column, value, reason) = rows.Refusal;
                if (refused++ < MostRefusals)
                {
                    refusals.Add(new PreviewRefusal(file.Reader.Line, column, Text(value), reason));
                }
                continue;
            }
            datum.Add(issue.LonDegrees, issue.LatDegrees);
            outside += rows.OutsideWards ? 1 : 0;
            Keep(places, new PreviewPlace(issue.Line, Math.Round(issue.LonDegrees, 6), Math.Round(issue.LatDegrees, 6), !rows.OutsideWards), read);
        }
        var warnings = new List<string>(file.Warnings);
        if (datum.Warning() is { } shifted)
        {
            warnings.Add(shifted);
        }
        return preview with
        {
            Mapping = file.Mapping.ToJson(),
            Crs = file.Crs.Name,
            RowsRead = read,
            IsWhole = whole,
            Accepted = read - refused,
            Refused = refused,
            OutsideWards = reference.Wards.Count > 0 ? outside : 0,
            Refusals = refusals,
            Places = places,
            Warnings = warnings,
        };
    }

    /// <summary>Of more than can be shown every second stays, then every fourth ...: places of all of the file.</summary>
    private static void Keep(List<PreviewPlace> places, PreviewPlace place, long row)
    {
        // A power of two, so that what was kept fits what will be.
        long step = 1;
        for (var seen = row; seen > MostPlaces * step; step *= 2)
        {
        }
        if (row % step == 0)
        {
            places.Add(place);
        }
        if (places.Count > MostPlaces)
        {
            var at = 0;
            places.RemoveAll(_ => at++ % 2 == 0);
        }
    }

    private static (IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>?> Rows) SampleOf(string path)
    {
        using var reader = RecordReader.Open(path);
        var rows = new List<IReadOnlyList<string>?>();
        while (rows.Count < SampleRows && reader.Read())
        {
            rows.Add(reader.Defect is not null ? null : [.. Enumerable.Range(0, reader.Columns.Count).Select(column => Text(reader[column]))]);
        }
        return (reader.Columns, rows);
    }

    private static string Text(ReadOnlyMemory<byte> value) => Shortened(Encoding.UTF8.GetString(value.Span[..Math.Min(value.Length, 4 * LongestValue)]).Replace("\0", "\\0", StringComparison.Ordinal));

    private static string Shortened(string text) => text.Length <= LongestValue ? text : text[..LongestValue] + "…";
}
