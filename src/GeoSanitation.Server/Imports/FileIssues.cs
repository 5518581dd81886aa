using System.Runtime.InteropServices;
using System.Text;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Imports;

/// <summary>The issues of one file in memory: what an import does by statements over whole tables (twins, default points, relapses) is done here over columns.</summary>
internal sealed class FileIssues(RelapseSettings relapse)
{
    private readonly List<Row> _rows = [];
    private readonly HashSet<string> _ids = [];
    private readonly List<CategoryShape> _categories = [];
    private readonly Dictionary<string, int> _categoryNumbers = [];
    private readonly Dictionary<string, int> _addresses = [];
    private readonly Utf8Words<byte> _statuses = new(word => (byte)IssuePoints.Statuses.ToList().IndexOf(word));

    /// <summary>Rows that were taken.</summary>
    internal int Count => _rows.Count;

    /// <summary>Takes a row; false when an earlier one has the same source and id.</summary>
    /// <param name="issue">The row.</param>
    /// <param name="category">Its category.</param>
    /// <param name="overdue">Whether it is late.</param>
    /// <param name="wanted">Whether the filter wants it, as far as the row itself can tell.</param>
    internal bool Add(StagedIssue issue, CategoryShape category, bool overdue, bool wanted)
    {
        if (!_ids.Add($"{Encoding.UTF8.GetString(issue.Source.Span)}\n{Encoding.UTF8.GetString(issue.ExternalId.Span)}"))
        {
            return false;
        }
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_categoryNumbers, category.Code, out var known);
        if (!known)
        {
            number = _categories.Count;
            _categories.Add(category);
        }
        var address = 0;
        if (!issue.Address.IsEmpty)
        {
            ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(_addresses, Encoding.UTF8.GetString(issue.Address.Span), out _);
            address = kept = kept == 0 ? _addresses.Count : kept;
        }
        _rows.Add(new Row(
            issue.Line, issue.LonDegrees, issue.LatDegrees, number, (byte)issue.Severity, _statuses[issue.Status.Span], issue.ReportedAt, issue.ClosedAt, issue.WardId ?? 0, address, overdue, wanted));
        return true;
    }

    /// <summary>The issues that are wanted, by line.</summary>
    /// <param name="version">What stands for the data version.</param>
    /// <param name="taxonomy">Categories there are without the file.</param>
    /// <param name="filter">Decides what only the whole file can tell: relapses and default points.</param>
    /// <param name="defaultPoints">Rows of the file on default points.</param>
    internal IssuePoints ToPoints(string version, IReadOnlyList<CategoryShape> taxonomy, IssueFilter filter, out int defaultPoints)
    {
        var rows = CollectionsMarshal.AsSpan(_rows);
        var traits = TraitsOf(rows);
        defaultPoints = traits.Count(t => t.HasFlag(IssueTraits.DefaultPoint));
        var wanted = new List<int>(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Wanted && (filter.Relapse is null || filter.Relapse == traits[i].HasFlag(IssueTraits.Relapse)) && (filter.IncludeDefaultPoints || !traits[i].HasFlag(IssueTraits.DefaultPoint)))
            {
                wanted.Add(i);
            }
        }
        var (categories, numbers) = Categories(taxonomy);
        return new IssuePoints
        {
            DataVersion = version,
            Categories = categories,
            Ids = Columns(row => row.Line),
            LonDegrees = Columns(row => row.LonDegrees),
            LatDegrees = Columns(row => row.LatDegrees),
            Category = Columns(row => numbers[row.Category]),
            Severity = Columns(row => row.Severity),
            Status = Columns(row => row.Status),
            ReportedAt = Columns(row => (row.ReportedAt.Ticks - DateTime.UnixEpoch.Ticks) is var ticks && ticks >= 0 ? ticks / TimeSpan.TicksPerSecond : -((-ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond)),
            Ward = Columns(row => row.Ward),
            Traits = [.. wanted.Select(i => traits[i])],
        };

        T[] Columns<T>(Func<Row, T> value) => [.. wanted.Select(i => value(_rows[i]))];
    }

    /// <summary>All categories as the database has them, by code, and where each of the file's stands among them.</summary>
    private (List<NamedCode> Categories, int[] Numbers) Categories(IReadOnlyList<CategoryShape> taxonomy)
    {
        var all = taxonomy.Concat(_categories).DistinctBy(c => c.Code).Select(c => new NamedCode(c.Code, c.Name, c.NameEn));
        var sorted = (_categories.Any(c => c.ParentCode == "imported") ? all.Append(new NamedCode("imported", "导入的类别", "Imported")).DistinctBy(c => c.Code) : all)
            .OrderBy(c => c.Code, StringComparer.Ordinal).ToList();
        var at = sorted.Index().ToDictionary(c => c.Item.Code, c => c.Index);
        return (sorted, [.. _categories.Select(c => at[c.Code])]);
    }

    private IssueTraits[] TraitsOf(ReadOnlySpan<Row> rows)
    {
        var atPlace = new Dictionary<(double, double), int>();
        foreach (var row in rows)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(atPlace, (row.LonDegrees, row.LatDegrees), out _)++;
        }
        var crowded = atPlace.Where(p => p.Value >= DefaultPointRule.LeastRows).ToDictionary(p => p.Key, _ => (WithAddress: 0, Addresses: new HashSet<int>()));
        foreach (var row in rows)
        {
            if (row.Address != 0 && crowded.TryGetValue((row.LonDegrees, row.LatDegrees), out var seen))
            {
                seen.Addresses.Add(row.Address);
                crowded[(row.LonDegrees, row.LatDegrees)] = (seen.WithAddress + 1, seen.Addresses);
            }
        }
        var defaults = crowded.Where(c => DefaultPointRule.Holds(atPlace[c.Key], c.Value.WithAddress, c.Value.Addresses.Count, _rows.Count)).Select(c => c.Key).ToHashSet();

        var traits = new IssueTraits[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            traits[i] = (rows[i].Overdue ? IssueTraits.Overdue : 0) | (defaults.Contains((rows[i].LonDegrees, rows[i].LatDegrees)) ? IssueTraits.DefaultPoint : 0);
        }
        var sweep = new RelapseSweep(new RelapseRule(relapse.DistanceMeters, relapse.Days));
        var closed = IssuePoints.Statuses.ToList().IndexOf("closed");
        foreach (var i in Enumerable.Range(0, rows.Length).OrderBy(i => (_rows[i].ReportedAt, _rows[i].Line)))
        {
            var row = rows[i];
            if (!traits[i].HasFlag(IssueTraits.DefaultPoint)
                && sweep.Next(row.Line, row.Category, row.LonDegrees, row.LatDegrees, row.ReportedAt, row.Status == closed ? row.ClosedAt : null) is not null)
            {
                traits[i] |= IssueTraits.Relapse;
            }
        }
        return traits;
    }

    private readonly record struct Row(
        long Line, double LonDegrees, double LatDegrees, int Category, byte Severity, byte Status, DateTime ReportedAt, DateTime? ClosedAt, int Ward, int Address, bool Overdue, bool Wanted);
}
