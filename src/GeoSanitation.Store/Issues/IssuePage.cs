using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using GeoSanitation.Store.Layers;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Issues;

/// <summary>Which part of a list of issues is wanted.</summary>
/// <param name="Filter">Which issues.</param>
/// <param name="Order">In which order.</param>
/// <param name="After">Keys of the last row of the page before; null for the first page.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="Count">Whether to count all that the filter means.</param>
public sealed record IssuePageRequest(IssueFilter Filter, RowOrder Order, IReadOnlyList<object>? After, int Limit, bool Count)
{
    /// <summary>So many are passed over first: for protocols that number their pages, at the price of reading what is passed over.</summary>
    public long Offset { get; init; }
}

/// <summary>A page of issues while it is read: what is known before its rows, then the rows, one at a time. All of it is as of one moment.</summary>
public sealed class IssuePage : IAsyncDisposable
{
    /// <summary>
    /// First which rows (their ids and keys, one more than wanted), then what they hold. The subquery is a fence: without it PostgreSQL would
    /// rather read the whole table than some thousands of its rows by their ids.
    /// </summary>
    private const string ListPage = """
        WITH page AS MATERIALIZED (
            SELECT i.id, {1}
            FROM geosan.issue AS i
            WHERE {0}
            ORDER BY {2}
            LIMIT @take OFFSET @skip
        ), edge AS MATERIALIZED (
            SELECT * FROM page ORDER BY {3} OFFSET @take - 2 LIMIT 1
        )
        SELECT {4}, {5}
        FROM page
        CROSS JOIN LATERAL (SELECT * FROM geosan.issue WHERE id = page.id OFFSET 0) AS i
        {6}
        LEFT JOIN edge ON (SELECT count(*) FROM page) = @take
        ORDER BY {3}
        LIMIT @take - 1
        """;

    private static readonly CompositeFormat PageFormat = CompositeFormat.Parse(ListPage);

    private readonly OneMoment _moment;
    private bool _hasRow;

    private IssuePage(OneMoment moment) => _moment = moment;

    /// <summary>What the database showed when these were read; see <see cref="Database.DataVersionSql"/>.</summary>
    public string DataVersion => _moment.DataVersion;

    /// <summary>How many issues the filter means on all pages; null when nobody counted and this is not all of them.</summary>
    public long? Matched { get; private set; }

    /// <summary>Keys of the last row, when there are more behind it.</summary>
    public IReadOnlyList<object>? Next { get; private set; }

    /// <summary>Begins to read a page.</summary>
    internal static Task<IssuePage> OpenAsync(Database database, IssuePageRequest request, CancellationToken cancellation)
        => OneMoment.OpenAsync(database, request.Count ? [CountOf(request), Statement(request)] : [Statement(request)], moment => new IssuePage(moment).BeginAsync(request, cancellation), cancellation);

    /// <summary>The rows, in order.</summary>
    public async IAsyncEnumerable<Issue> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (; _hasRow; _hasRow = await _moment.Rows.ReadAsync(cancellation))
        {
            yield return Issue.Read(_moment.Rows);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _moment.DisposeAsync();

    /// <summary>The statement of a page, for reading and for the test of its plans.</summary>
    internal static NpgsqlBatchCommand Statement(IssuePageRequest request)
    {
        var (command, order) = (new NpgsqlBatchCommand(), request.Order);
        var where = IssueFilterSql.Where(request.Filter, command.Parameters);
        if (request.After is { } keys)
        {
            where += "\n  AND " + order.After(keys, command.Parameters);
        }
        command.Parameters.Add(new("take", NpgsqlDbType.Bigint) { Value = request.Limit + 1L });
        command.Parameters.Add(new("skip", NpgsqlDbType.Bigint) { Value = request.Offset });
        var edge = string.Join(", ", Enumerable.Range(0, order.Types.Count).Select(i => $"edge.k{i}"));
        command.CommandText = string.Format(
            CultureInfo.InvariantCulture, PageFormat, where, order.Columns, order.OrderByTable, order.OrderByColumns, Issue.Columns, edge, Issue.Joins);
        return command;
    }

    private static NpgsqlBatchCommand CountOf(IssuePageRequest request)
    {
        var count = new NpgsqlBatchCommand();
        count.CommandText = $"SELECT count(*) FROM geosan.issue AS i WHERE {IssueFilterSql.Where(request.Filter, count.Parameters)}";
        return count;
    }

    private async Task<IssuePage> BeginAsync(IssuePageRequest request, CancellationToken cancellation)
    {
        Matched = request.Count ? await _moment.CountAsync(cancellation) : null;
        _hasRow = await _moment.Rows.ReadAsync(cancellation);
        if (_hasRow && !await _moment.Rows.IsDBNullAsync(Issue.ColumnCount, cancellation))
        {
            Next = request.Order.Read(_moment.Rows, Issue.ColumnCount);
        }
        return this;
    }
}
