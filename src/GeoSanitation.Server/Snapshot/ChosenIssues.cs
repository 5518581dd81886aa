using GeoSanitation.Store.Issues;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Some issues of a version: which they are is known, and what is known of them is read where they stand.</summary>
/// <param name="view">The version.</param>
/// <param name="parts">For each chunk of its columns, in their order, the positions in it, ascending.</param>
internal sealed class ChosenIssues(DataView view, IReadOnlyList<(IssueChunk Chunk, int[] Rows)> parts)
{
    /// <summary>For each chunk of the columns the positions in it: by id.</summary>
    internal IReadOnlyList<(IssueChunk Chunk, int[] Rows)> Parts { get; } = parts;

    /// <summary>The version, as <see cref="DataView.Version"/> names it.</summary>
    internal string DataVersion => view.Version;

    /// <summary>How many.</summary>
    internal int Count { get; } = parts.Sum(part => part.Rows.Length);

    /// <summary>The lon/lat box around them, degrees; null (in the sense of the envelope) when there is none.</summary>
    internal Envelope Bounds()
    {
        var (west, south, east, north) = (double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        foreach (var (chunk, rows) in Parts)
        {
            foreach (var i in rows)
            {
                var (lon, lat) = (chunk.LonDegrees[i], chunk.LatDegrees[i]);
                (west, south, east, north) = (Math.Min(west, lon), Math.Min(south, lat), Math.Max(east, lon), Math.Max(north, lat));
            }
        }
        return Count == 0 ? new Envelope() : new Envelope(west, east, south, north);
    }

    /// <summary>Which of all issues these are, by their place among all of them.</summary>
    internal bool[] AmongAll()
    {
        var isChosen = new bool[Parts.Sum(part => part.Chunk.Count)];
        var first = 0;
        foreach (var (chunk, rows) in Parts)
        {
            foreach (var row in rows)
            {
                isChosen[first + row] = true;
            }
            first += chunk.Count;
        }
        return isChosen;
    }

    /// <summary>Their points.</summary>
    internal IssuePoints Gather()
    {
        var numbers = view.Tables.Categories.Select((c, n) => (c.Name.Code, n)).ToDictionary(c => c.Code, c => c.n);
        var category = Array.ConvertAll(view.Columns.Categories.Values(), code => code is null ? -1 : numbers.GetValueOrDefault(code, -1));
        var points = new IssuePoints
        {
            DataVersion = view.Version,
            Categories = [.. view.Tables.Categories.Select(c => c.Name)],
            Ids = new long[Count],
            LonDegrees = new double[Count],
            LatDegrees = new double[Count],
            Category = new int[Count],
            Severity = new byte[Count],
            Status = new byte[Count],
            ReportedAt = new long[Count],
            Ward = new int[Count],
            Traits = new IssueTraits[Count],
        };
        var at = 0;
        foreach (var (chunk, rows) in Parts)
        {
            foreach (var i in rows)
            {
                points.Ids[at] = chunk.Ids[i];
                points.LonDegrees[at] = chunk.LonDegrees[i];
                points.LatDegrees[at] = chunk.LatDegrees[i];
                points.Category[at] = category[chunk.Category[i]];
                points.Severity[at] = chunk.Severity[i];
                points.Status[at] = chunk.Status[i];
                points.ReportedAt[at] = DataView.Seconds(chunk.ReportedAt[i]);
                points.Ward[at] = chunk.Ward[i];
                points.Traits[at] = chunk.Traits[i] | (view.IsOverdue(chunk, i) ? IssueTraits.Overdue : IssueTraits.None);
                at++;
            }
        }
        return points;
    }
}
