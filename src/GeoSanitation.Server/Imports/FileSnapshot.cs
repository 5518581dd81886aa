using System.Security.Cryptography;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Tiles;

namespace GeoSanitation.Server.Imports;

/// <summary>
/// Issues and wards of files as an import into an empty database would leave them, without a database: the same reading, the same refusals, the same default
/// points and relapses. An issue's id is its line. Categories and calendar are those that come with the program; other categories are taken by the file's words.
/// </summary>
/// <param name="Points">The issues of a filter.</param>
/// <param name="Wards">The wards; none without a file of them.</param>
/// <param name="Accepted">Rows of the file that are issues, before the filter.</param>
/// <param name="Refused">Rows that are none.</param>
/// <param name="RefusedWards">Features of the other file that are no wards.</param>
/// <param name="Warnings">What was accepted but looks odd.</param>
internal sealed record FileSnapshot(PointSnapshot Points, WardSnapshot Wards, long Accepted, long Refused, int RefusedWards, IReadOnlyList<string> Warnings)
{
    private const int ProgressRows = 1_000;

    /// <summary>Reads the files.</summary>
    /// <param name="issues">The file of issues.</param>
    /// <param name="wards">The file of wards, or null.</param>
    /// <param name="filter">Which issues are wanted.</param>
    /// <param name="settings">The operator's settings.</param>
    /// <param name="folder">The folder that holds <c>seeds</c>.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="ImportFileException">A file as a whole cannot be read.</exception>
    /// <exception cref="Problems.BadParameterException">A CRS or the zone is not known.</exception>
    internal static FileSnapshot Read(
        IssueImportOptions issues, WardImportOptions? wards, IssueFilter filter, Settings settings, string folder, ImportProgress progress, CancellationToken cancellation)
    {
        progress.Start("looking at the files");
        using var file = IssueFile.Open(issues, settings);
        var (outlines, shapes, wardWarnings, refusedWards) = wards is null ? (new WardSnapshot(new WardOutlines("none", [])), [], [], 0) : FileWards.Read(wards, cancellation);
        var reference = new IntakeReference(shapes, SampleCounty.Categories(folder), RoundsOf(issues.Path, file.Mapping["round"]), [], SampleCounty.Days(folder));
        var rows = file.Rows(reference);
        var datum = new DatumCheck(rows.Wards);
        var match = new IssueMatch(filter, outlines, reference.Rounds, DateTime.UtcNow);
        var taken = new FileIssues(settings.Relapse);

        progress.Start("reading");
        var issue = new StagedIssue();
        var (read, refused, outside) = (0L, 0L, 0L);
        while (file.Reader.Read())
        {
            if (rows.Read(file.Reader, issue) && taken.Add(issue, rows.Category.Shape, match.IsOverdue(issue), match.Holds(issue, rows.Category.Shape)))
            {
                datum.Add(issue.LonDegrees, issue.LatDegrees);
                outside += rows.OutsideWards ? 1 : 0;
            }
            else
            {
                refused++;
            }
            if (++read % ProgressRows == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Reached(read, file.Reader);
            }
        }
        progress.Reached(read, file.Reader);
        var points = taken.ToPoints(VersionOf(issues.Path, wards?.Path), reference.Categories, filter, out var defaultPoints);
        List<string> warnings = [.. file.Warnings, .. wardWarnings, .. datum.Warning() is { } shifted ? [shifted] : (string[])[]];
        if (defaultPoints > 0)
        {
            warnings.Add($"{defaultPoints} rows stand on what looks like a geocoder's default point; they are left out unless include_default_points says otherwise");
        }
        if (outside > 0 && shapes.Count > 0)
        {
            warnings.Add($"{outside} rows are outside every ward");
        }
        return new FileSnapshot(new PointSnapshot(points), outlines, taken.Count, refused, refusedWards, warnings);
    }

    /// <summary>The rounds that the file names, numbered: without a table of them its own words are the codes.</summary>
    private static Dictionary<string, int> RoundsOf(string path, ColumnRule? rule)
    {
        var rounds = new Dictionary<string, int>();
        if (rule is null)
        {
            return rounds;
        }
        foreach (var meaning in rule.Values?.Values ?? (rule.Constant is { } constant ? [constant] : []))
        {
            rounds.TryAdd(meaning, rounds.Count + 1);
        }
        if (rule.Column is { } column)
        {
            using var reader = RecordReader.Open(path);
            var at = reader.Columns.ToList().IndexOf(column);
            var words = new Utf8Words<bool>(word => word.Length > 0 && rounds.TryAdd(word, rounds.Count + 1));
            while (reader.Read())
            {
                if (reader.Defect is null)
                {
                    _ = words[reader[at].Span];
                }
            }
        }
        return rounds;
    }

    /// <summary>Names of the files and what is in them, in place of a database's version.</summary>
    private static string VersionOf(params IEnumerable<string?> paths) => string.Join(", ", paths.OfType<string>().Select(path =>
    {
        using var file = File.OpenRead(path);
        return $"{Path.GetFileName(path)} sha256:{Convert.ToHexStringLower(SHA256.HashData(file))[..12]}";
    }));
}
