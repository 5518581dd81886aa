using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Snapshot;

/// <summary>An issue filter over columns: the same answer as its SQL gives, for all that stands in the columns.</summary>
internal sealed class ColumnFilter
{
    private readonly IssueFilter _filter;
    private readonly long _from;
    private readonly long _before;
    private readonly HashSet<long>? _ids;
    private readonly HashSet<int>? _wards;
    private readonly bool[]? _categories;
    private readonly bool[]? _sources;
    private readonly bool[]? _charges;
    private readonly HashSet<int>? _rounds;
    private readonly bool[]? _statuses;

    private ColumnFilter(IssueFilter filter, DataView view)
    {
        _filter = filter;
        (_from, _before) = (filter.ReportedFrom is { } from ? Microseconds(from) : long.MinValue, filter.ReportedBefore is { } before ? Microseconds(before) : long.MaxValue);
        _ids = filter.Ids.Count > 0 ? [.. filter.Ids] : null;
        var (tables, columns) = (view.Tables, view.Columns);
        if (filter.Wards.Count > 0)
        {
            _wards = WardsWithin(tables.Wards, filter.Wards);
        }
        if (filter.Categories.Count > 0)
        {
            var codes = tables.Categories.Where(c => filter.Categories.Contains(c.Name.Code) || (c.ParentCode is not null && filter.Categories.Contains(c.ParentCode))).Select(c => c.Name.Code).ToHashSet();
            _categories = Marked(columns.Categories, codes);
        }
        _sources = filter.Sources.Count > 0 ? Marked(columns.Sources, [.. filter.Sources]) : null;
        _charges = filter.Departments.Count > 0 ? Array.ConvertAll(columns.Charges.Values(), charge => charge?.Department is { } department && filter.Departments.Contains(department)) : null;
        _rounds = filter.Rounds.Count > 0 ? tables.Rounds.Where(r => filter.Rounds.Contains(r.Round.Code)).Select(r => r.Id).ToHashSet() : null;
        _statuses = filter.Statuses.Count > 0 ? [.. IssuePoints.Statuses.Select(s => filter.Statuses.Contains(s))] : null;
    }

    /// <summary>The filter, or null where the columns do not hold what it asks for: words, distances on the ellipsoid, when something was changed, and whatever a filter
    /// language may name.</summary>
    internal static ColumnFilter? Of(IssueFilter filter, DataView view)
        => filter.Text is null && filter.Near is null && filter.UpdatedFrom is null && filter.Where is null ? new ColumnFilter(filter, view) : null;

    /// <summary>Whether the filter takes an issue.</summary>
    /// <param name="chunk">Its chunk.</param>
    /// <param name="i">Its position there.</param>
    /// <param name="isOverdue">Whether it is overdue.</param>
    internal bool Takes(IssueChunk chunk, int i, bool isOverdue)
        => chunk.ReportedAt[i] >= _from && chunk.ReportedAt[i] < _before
            && (_ids is null || _ids.Contains(chunk.Ids[i]))
            && (_statuses is null || _statuses[chunk.Status(i)])
            && (_categories is null || _categories[chunk.Category[i]])
            && (_wards is null || _wards.Contains(chunk.Ward[i]))
            && (_filter.SeverityFrom is not { } lowest || chunk.Severity(i) >= lowest)
            && (_filter.SeverityTo is not { } highest || chunk.Severity(i) <= highest)
            && (_filter.Overdue is not { } overdue || isOverdue == overdue)
            && (_filter.Relapse is not { } relapse || ((chunk.Traits[i] & IssueTraits.Relapse) != 0) == relapse)
            && (_filter.IncludeDefaultPoints || (chunk.Traits[i] & IssueTraits.DefaultPoint) == 0)
            && (_sources is null || _sources[chunk.Source[i]])
            && (_charges is null || _charges[chunk.Charge[i]])
            && (_rounds is null || _rounds.Contains(chunk.Round[i]))
            && (_filter.Boxes.Count == 0 || IsInABox(chunk.LonDegrees[i], chunk.LatDegrees[i]));

    private bool IsInABox(double lon, double lat)
    {
        foreach (var box in _filter.Boxes)
        {
            if (lon >= box.MinX && lon <= box.MaxX && lat >= box.MinY && lat <= box.MaxY)
            {
                return true;
            }
        }
        return false;
    }

    private static HashSet<int> WardsWithin(IReadOnlyList<WardRow> wards, IReadOnlyList<string> codes)
    {
        var outer = wards.Where(w => codes.Contains(w.Code)).Select(w => w.Path).ToHashSet();
        return [.. wards.Where(w => Prefixes(w.Path).Any(outer.Contains)).Select(w => w.Id)];

        static IEnumerable<string> Prefixes(string path)
        {
            yield return path;
            for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
            {
                yield return path[..dot];
            }
        }
    }

    private static bool[] Marked(CodeBook<string> book, HashSet<string> meant) => Array.ConvertAll(book.Values(), text => text is not null && meant.Contains(text));

    // Reports have whole microseconds, the ends of a filter may not: the first whole one that is not before.
    private static long Microseconds(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return (long)Math.Ceiling(ticks / (decimal)TimeSpan.TicksPerMicrosecond);
    }
}
