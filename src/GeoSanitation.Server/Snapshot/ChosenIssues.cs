using GeoSanitation.Coordinates;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Some issues of a version, in the order of the map: which they are is known, and what is known of them is read where they stand.</summary>
internal sealed class ChosenIssues
{
    private const int FewIssues = 512;

    // The place in Categories of each category of the columns.
    private readonly int[] _categoryPlaces;

    /// <summary>Issues of the columns.</summary>
    /// <param name="view">The version.</param>
    /// <param name="parts">Chunks with issues, in their order.</param>
    internal ChosenIssues(DataView view, IReadOnlyList<IssueStretch> parts)
        : this(view.Version, [.. view.Tables.Categories.Select(c => c.Name)], view.Columns.Categories.Values(), view.LastDeadline ?? IssueChunk.NothingDue, parts)
    {
    }

    private ChosenIssues(string dataVersion, IReadOnlyList<NamedCode> categories, string?[] categoryCodes, long lastDeadline, IReadOnlyList<IssueStretch> parts)
    {
        (DataVersion, Categories, CategoryCodes, LastDeadline, Parts, Count) = (dataVersion, categories, categoryCodes, lastDeadline, parts, parts.Sum(part => part.Count));
        var places = categories.Select((c, n) => (c.Code, n)).ToDictionary(c => c.Code, c => c.n);
        _categoryPlaces = Array.ConvertAll(categoryCodes, code => code is null ? -1 : places.GetValueOrDefault(code, -1));
    }

    /// <summary>For each chunk that has such issues, in the order of the chunks, the positions in it.</summary>
    internal IReadOnlyList<IssueStretch> Parts { get; }

    /// <summary>The version, as <see cref="DataView.Version"/> names it.</summary>
    internal string DataVersion { get; }

    /// <summary>How many.</summary>
    internal int Count { get; }

    /// <summary>Every category.</summary>
    internal IReadOnlyList<NamedCode> Categories { get; }

    /// <summary>Codes of categories by <see cref="IssueChunk.Category"/>.</summary>
    internal string?[] CategoryCodes { get; }

    /// <summary>The last deadline that has passed, for <see cref="IssueChunk.IsOverdue"/>.</summary>
    internal long LastDeadline { get; }

    /// <summary>Points that were read elsewhere, in columns of their own.</summary>
    internal static ChosenIssues Of(IssuePoints points)
    {
        var sorter = new IssueSorter(points.Count);
        for (var i = 0; i < points.Count; i++)
        {
            var row = new IssueRow(
                points.Ids[i], points.LonDegrees[i], points.LatDegrees[i], points.ReportedAt[i] * TimeSpan.MicrosecondsPerSecond, null, points.Ward[i], "", "", null, 0,
                points.Status[i], points.Severity[i], points.Traits[i], null, null, null);
            sorter.Add(row, new IssueNumbers(points.Category[i], 0, 0));
        }
        return new ChosenIssues(points.DataVersion, points.Categories, [.. points.Categories.Select(c => c.Code)], IssueChunk.NothingDue, Whole(sorter));
    }

    /// <summary>The same issues where a map of mainland China in GCJ-02 shows their places.</summary>
    internal ChosenIssues InGcj02()
    {
        var sorter = new IssueSorter(Count);
        foreach (var (chunk, rows) in Parts)
        {
            foreach (var i in rows.Span)
            {
                sorter.Add(chunk, i, Gcj02.FromWgs84(new LonLat(chunk.LonDegrees[i], chunk.LatDegrees[i])));
            }
        }
        return new ChosenIssues(DataVersion, Categories, CategoryCodes, LastDeadline, Whole(sorter));
    }

    /// <summary>The lon/lat box around them, degrees; null (in the sense of the envelope) when there is none.</summary>
    internal Envelope Bounds()
    {
        var (west, south, east, north) = (double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        foreach (var (chunk, rows) in Parts)
        {
            foreach (var i in rows.Span)
            {
                var (lon, lat) = (chunk.LonDegrees[i], chunk.LatDegrees[i]);
                (west, south, east, north) = (Math.Min(west, lon), Math.Min(south, lat), Math.Max(east, lon), Math.Max(north, lat));
            }
        }
        return Count == 0 ? new Envelope() : new Envelope(west, east, south, north);
    }

    /// <summary>Their points, by id.</summary>
    internal IssuePoints Gather()
    {
        var ids = new long[Count];
        var n = 0;
        foreach (var (chunk, rows) in Parts)
        {
            foreach (var i in rows.Span)
            {
                ids[n++] = chunk.Ids[i];
            }
        }
        var ranks = RanksOf(ids);
        var points = new IssuePoints
        {
            DataVersion = DataVersion,
            Categories = Categories,
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
        n = 0;
        foreach (var (chunk, rows) in Parts)
        {
            foreach (var i in rows.Span)
            {
                var at = ranks[n++];
                points.Ids[at] = chunk.Ids[i];
                points.LonDegrees[at] = chunk.LonDegrees[i];
                points.LatDegrees[at] = chunk.LatDegrees[i];
                points.Category[at] = CategoryPlace(chunk, i);
                points.Severity[at] = chunk.Severity(i);
                points.Status[at] = chunk.Status(i);
                points.ReportedAt[at] = DataView.Seconds(chunk.ReportedAt[i]);
                points.Ward[at] = chunk.Ward[i];
                points.Traits[at] = chunk.TraitsAt(i, LastDeadline);
            }
        }
        return points;
    }

    /// <summary>The place of an issue's category in <see cref="Categories"/>.</summary>
    internal int CategoryPlace(IssueChunk chunk, int i) => _categoryPlaces[chunk.Category[i]];

    /// <summary>The issues whose place lies in a square of the web map, along the curve: those of any smaller square of it are neighbors.</summary>
    /// <param name="zoom">Zoom of the square, 0 to 31.</param>
    /// <param name="x">Its column from the west.</param>
    /// <param name="y">Its row from the north.</param>
    internal List<IssueStretch> InSquare(int zoom, int x, int y)
    {
        var (first, end) = QuadOrder.KeysOf(zoom, x, y);
        var found = new List<IssueStretch>();
        foreach (var part in Between(Parts, first, end))
        {
            var stretch = part.Between(first, end);
            if (stretch.Count > 0)
            {
                found.Add(stretch);
            }
        }
        return found;
    }

    /// <summary>The issues around a square of the web map, within a margin of it, and some others.</summary>
    /// <param name="zoom">Zoom of the square, 0 to 31.</param>
    /// <param name="x">Its column from the west.</param>
    /// <param name="y">Its row from the north.</param>
    /// <param name="margin">The margin, a part of the square's side.</param>
    internal List<IssueStretch> Around(int zoom, int x, int y, double margin)
    {
        var side = 1L << (QuadOrder.AxisBits - zoom);
        var width = (long)Math.Ceiling(margin * side);
        var (west, north, last) = (x * side - width, y * side - width, (1 << zoom) - 1);
        var (east, south) = ((x + 1) * side - 1 + width, (y + 1) * side - 1 + width);
        var found = new List<IssueStretch>();
        for (var row = Math.Max(0, y - 1); row <= Math.Min(last, y + 1); row++)
        {
            for (var column = Math.Max(0, x - 1); column <= Math.Min(last, x + 1); column++)
            {
                if (column != x || row != y)
                {
                    foreach (var stretch in InSquare(zoom, column, row))
                    {
                        Collect(column * side, row * side, side, stretch);
                    }
                }
            }
        }
        return found;

        // A square that reaches into the margin is divided until it has few issues.
        void Collect(long left, long top, long width, IssueStretch within)
        {
            if (within.Count == 0 || left > east || left + width <= west || top > south || top + width <= north)
            {
                return;
            }
            if (within.Count <= FewIssues || width == 1)
            {
                found.Add(within);
                return;
            }
            var half = width / 2;
            var key = QuadOrder.KeyOf(left, top);
            for (var quarter = 0; quarter < 4; quarter++)
            {
                var end = quarter == 3 ? within.Count : within.FirstAt(key + (quarter + 1) * half * half);
                Collect(left + (quarter & 1) * half, top + (quarter >> 1) * half, half, within with { Rows = within.Rows[..end] });
                within = within with { Rows = within.Rows[end..] };
            }
        }
    }

    private static List<IssueStretch> Whole(IssueSorter sorter) => [.. sorter.ToChunks().Select(chunk => new IssueStretch(chunk, IssueStretch.First(chunk.Count)))];

    /// <summary>The parts that may hold issues between two keys.</summary>
    private static IEnumerable<IssueStretch> Between(IReadOnlyList<IssueStretch> parts, long first, long end)
    {
        for (var p = QuadOrder.FirstAt(parts.Count, first, p => parts[p].LastKey); p < parts.Count && parts[p].FirstKey < end; p++)
        {
            yield return parts[p];
        }
    }

    /// <summary>For each of some ids how many are lower.</summary>
    private static int[] RanksOf(long[] ids)
    {
        var order = QuadOrder.Sorted(ids);
        var ranks = new int[ids.Length];
        for (var rank = 0; rank < order.Length; rank++)
        {
            ranks[order[rank]] = rank;
        }
        return ranks;
    }
}
