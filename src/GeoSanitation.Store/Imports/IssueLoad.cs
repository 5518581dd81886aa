using System.Globalization;
using System.Text;
using GeoSanitation.Store.Issues;
using Npgsql;

namespace GeoSanitation.Store.Imports;

/// <summary>What is the same for all rows of a file.</summary>
/// <param name="Crs">Name of the system the coordinates came in.</param>
/// <param name="Actor">Who imports, for the history.</param>
/// <param name="Columns">Names of the issue's columns that the file has; an update overwrites these and no others. <c>status</c> stands for the status and
/// all its times.</param>
/// <param name="IdColumn">The file's name for the id, or null when ids are made from the contents.</param>
/// <param name="Relapse">The relapse rule.</param>
/// <param name="Crowded">Coordinates that many rows may share; see <see cref="DefaultPointRule"/>.</param>
public sealed record IssueLoadPlan(
    string Crs, string Actor, IReadOnlyList<string> Columns, string? IdColumn, RelapseRule Relapse, IReadOnlyList<(double LonDegrees, double LatDegrees)> Crowded);

/// <summary>A coordinate that stands for "somewhere in the city".</summary>
/// <param name="LonDegrees">Longitude.</param>
/// <param name="LatDegrees">Latitude.</param>
/// <param name="Rows">Rows of the file on it.</param>
public sealed record DefaultPoint(double LonDegrees, double LatDegrees, long Rows);

/// <summary>
/// One file of issues on its way into the database: rows are copied into a staging table as they come, then everything is done by a few statements over whole
/// sets, in one transaction. Until <see cref="CommitAsync"/> nobody sees any of it, and disposing without it leaves nothing.
/// </summary>
public sealed class IssueLoad : IAsyncDisposable
{
    // Below this many rows, or below this many times the rows that are there, indexes are kept up row by row.
    private const int LeastBulkRows = 20_000;
    private const int BulkFactor = 4;
    private const int FlushBytes = 1 << 16;

    // From so many rows on, servers that keep issues in memory read everything again instead of being told of each.
    private const int LeastRowsToldAtOnce = 5_000;

    private readonly ImportTicket _ticket;
    private readonly NpgsqlTransaction _transaction;
    private readonly CopyEncoder _encoder = new();
    private readonly CopySpool _refused = new();
    private readonly Dictionary<string, string> _categories = [];
    private NpgsqlRawCopyStream? _stage;
    private ImportCounts? _counts;

    private IssueLoad(ImportTicket ticket, NpgsqlTransaction transaction) => (_ticket, _transaction) = (ticket, transaction);

    /// <summary>Begins the transaction; waits for imports before this one.</summary>
    public static async Task<IssueLoad> BeginAsync(ImportTicket ticket, CancellationToken cancellation)
    {
        var load = new IssueLoad(ticket, await ticket.BeginAsync(cancellation));
        try
        {
            await ticket.ExecuteAsync($"{IssueLoadSql.CreateStage}; {IssueLoadSql.CreateRefused}; {IssueLoadSql.CreateRelapses}", cancellation);
            load._stage = await ticket.Connection.BeginRawBinaryCopyAsync(IssueLoadSql.CopyStage, cancellation);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells of a category that the taxonomy does not have; it is added under <c>imported</c>.</summary>
    public void AddCategory(string code, string name) => _categories.TryAdd(code, name);

    /// <summary>Takes a row; it is encoded at once, so the object may be used again.</summary>
    public ValueTask AddAsync(StagedIssue issue, CancellationToken cancellation)
    {
        issue.EncodeTo(_encoder);
        return _encoder.Length < FlushBytes ? ValueTask.CompletedTask : FlushAsync(cancellation);
    }

    /// <summary>Notes a refused row.</summary>
    /// <param name="line">Line of the file, from 1; a line is refused once.</param>
    /// <param name="column">The file's name of the column, UTF-8; empty when the row as a whole is at fault.</param>
    /// <param name="value">What stands there, UTF-8.</param>
    /// <param name="reason">Why, UTF-8.</param>
    public void Refuse(long line, ReadOnlySpan<byte> column, ReadOnlySpan<byte> value, ReadOnlySpan<byte> reason)
    {
        var row = _refused.Encoder;
        row.StartRow(4);
        row.Int64(line);
        row.Text(column);
        row.Text(value);
        row.Text(reason);
        _refused.RowWritten();
    }

    /// <summary>Does everything but commit.</summary>
    /// <param name="plan">What is the same for all rows.</param>
    /// <param name="progress">Told what is being done, for a person to read.</param>
    /// <param name="cancellation">Stops; dispose then.</param>
    /// <returns>What became of the rows, and the default points among them.</returns>
    public async Task<(ImportCounts Counts, IReadOnlyList<DefaultPoint> DefaultPoints)> FinishAsync(
        IssueLoadPlan plan, IProgress<string>? progress, CancellationToken cancellation)
    {
        progress?.Report("comparing with what is there");
        _encoder.End();
        await FlushAsync(cancellation);
        await _stage!.DisposeAsync();
        _stage = null;
        await _refused.SendAsync(_ticket.Connection, IssueLoadSql.CopyRefused, cancellation);
        await _ticket.ExecuteAsync("ANALYZE import_stage (line, source, external_id, category_code, lon, lat)", cancellation);
        var twins = await _ticket.ExecuteAsync(IssueLoadSql.RefuseTwins, cancellation,
            ("column", (object?)plan.IdColumn ?? ""), ("reason", plan.IdColumn is null ? "says the same as line " : "the same id as in line "));
        var refused = _refused.Rows + twins;

        await _ticket.ExecuteAsync($"{IssueLoadSql.LockIssues}; {IssueLoadSql.CreateMatch}; ANALYZE import_match", cancellation);
        var (staged, matched, changed, existing) = await CountMatchAsync(cancellation);
        _counts = new ImportCounts(staged - matched, matched - changed, changed, refused);
        if (!_ticket.DryRun && refused > 0)
        {
            await _ticket.ExecuteAsync(IssueLoadSql.KeepRefused, cancellation, ("import", _ticket.Id));
        }
        if (_counts.Loaded + _counts.Updated > 0)
        {
            await WriteAsync(plan, _counts, existing, progress, cancellation);
        }
        return (_counts, await DefaultPointsAsync(cancellation));
    }

    /// <summary>Writes the refused rows, by line, as CSV with a header: line, column, value, reason.</summary>
    public Task WriteRefusedAsync(Stream csv, CancellationToken cancellation)
        => CsvExport.WriteAsync(_ticket.Connection, IssueLoadSql.RejectsAsCsv, csv, cancellation);

    /// <summary>Makes it last; a dry run ends here without a trace instead.</summary>
    /// <param name="mappingJson">The column mapping that was used.</param>
    /// <param name="warningsJson">A JSON array of texts.</param>
    /// <param name="cancellation">Stops, if it is not too late.</param>
    public async Task CommitAsync(string mappingJson, string warningsJson, CancellationToken cancellation)
    {
        if (_ticket.DryRun)
        {
            await _transaction.RollbackAsync(cancellation);
            return;
        }
        await _ticket.RecordEndAsync(_counts!, mappingJson, warningsJson, cancellation);
        await _transaction.CommitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _refused.Dispose();
        if (_stage is not null)
        {
            // Not ended: PostgreSQL is told to forget the copy. A connection that broke has forgotten it already.
            try
            {
                await _stage.CancelAsync();
            }
            catch (Exception problem) when (problem is NpgsqlException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
            }
        }
        await _transaction.DisposeAsync();
    }

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        await _stage!.WriteAsync(_encoder.Written, cancellation);
        _encoder.Clear();
    }

    private async Task<(long Staged, long Matched, long Changed, long Existing)> CountMatchAsync(CancellationToken cancellation)
    {
        await using var command = _ticket.Command(IssueLoadSql.CountMatch);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }

    private async Task WriteAsync(IssueLoadPlan plan, ImportCounts counts, long existing, IProgress<string>? progress, CancellationToken cancellation)
    {
        object import = _ticket.DryRun ? DBNull.Value : _ticket.Id;
        var name = _ticket.Id.ToString(CultureInfo.InvariantCulture);
        string[] columns = [.. plan.Columns];
        if (counts.Loaded + counts.Updated >= LeastRowsToldAtOnce)
        {
            await _ticket.ExecuteAsync("SET LOCAL geosan.bulk = 'on'; SELECT geosan.note_bulk_change()", cancellation);
        }
        await _ticket.ExecuteAsync(IssueLoadSql.AddCategories, cancellation, ("codes", _categories.Keys.ToArray()), ("names", _categories.Values.ToArray()));
        await NoticeDefaultPointsAsync(plan, import, cancellation);
        if (counts.Updated > 0)
        {
            progress?.Report("updating");
            await _ticket.ExecuteAsync(IssueLoadSql.RecordUpdates, cancellation, ("actor", plan.Actor), ("columns", columns), ("import", name));
            await _ticket.ExecuteAsync(IssueLoadSql.Update, cancellation, ("columns", columns), ("crs", plan.Crs), ("import", import));
        }

        await using var reserve = _ticket.Command(IssueLoadSql.ReserveIds);
        var idBase = (long)(await reserve.ExecuteScalarAsync(cancellation))!;
        progress?.Report("linking relapses");
        await FindRelapsesAsync(plan.Relapse, idBase, cancellation);

        var bulk = counts.Loaded >= LeastBulkRows && counts.Loaded >= BulkFactor * existing;
        progress?.Report(bulk ? "writing, then indexing" : "writing");
        var restore = bulk ? await DropIndexesAsync(cancellation) : [];
        await _ticket.ExecuteAsync(IssueLoadSql.Insert, cancellation, ("base", idBase), ("crs", plan.Crs), ("import", import));
        foreach (var statement in restore)
        {
            await _ticket.ExecuteAsync(statement, cancellation);
        }
        await _ticket.ExecuteAsync(IssueLoadSql.LinkEarlierIssues, cancellation, ("base", idBase), ("actor", plan.Actor), ("import", name));
        if (bulk)
        {
            await _ticket.ExecuteAsync("ANALYZE geosan.issue", cancellation);
        }
    }

    private async Task NoticeDefaultPointsAsync(IssueLoadPlan plan, object import, CancellationToken cancellation)
    {
        if (plan.Crowded.Count == 0)
        {
            return;
        }
        var (lon, lat) = (new List<double>(), new List<double>());
        await using (var notice = _ticket.Command(IssueLoadSql.NoticeDefaultPoints,
            ("lon", plan.Crowded.Select(p => p.LonDegrees).ToArray()), ("lat", plan.Crowded.Select(p => p.LatDegrees).ToArray()), ("import", import),
            ("least_rows", DefaultPointRule.LeastRows), ("share_many_addresses", DefaultPointRule.ShareWithManyAddresses),
            ("many_addresses", DefaultPointRule.ManyAddresses), ("share_no_address", DefaultPointRule.ShareWithoutAddress)))
        await using (var reader = await notice.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                lon.Add(reader.GetDouble(0));
                lat.Add(reader.GetDouble(1));
            }
        }
        if (lon.Count > 0)
        {
            await _ticket.ExecuteAsync(IssueLoadSql.MarkEarlierIssues, cancellation, ("lon", lon.ToArray()), ("lat", lat.ToArray()), ("actor", plan.Actor));
        }
    }

    private async Task FindRelapsesAsync(RelapseRule rule, long idBase, CancellationToken cancellation)
    {
        var sweep = new RelapseSweep(rule);
        using var pairs = new CopySpool();
        await using (var rows = await _ticket.Connection.BeginBinaryExportAsync(IssueLoadSql.SweepRelapses(rule.Days * 86_400, idBase), cancellation))
        {
            while (await rows.StartRowAsync(cancellation) >= 0)
            {
                var id = rows.Read<long>();
                var category = rows.Read<int>();
                var (lon, lat) = (rows.Read<double>(), rows.Read<double>());
                var reportedAt = rows.Read<DateTime>();
                var closedAt = ReadOptional<DateTime>(rows);
                var judged = rows.Read<bool>();
                var known = ReadOptional<long>(rows);
                if (sweep.Next(id, category, lon, lat, reportedAt, closedAt) is { } earlier && judged && earlier != known)
                {
                    pairs.Encoder.StartRow(2);
                    pairs.Encoder.Int64(id);
                    pairs.Encoder.Int64(earlier);
                    pairs.RowWritten();
                }
            }
        }
        await pairs.SendAsync(_ticket.Connection, IssueLoadSql.CopyRelapses, cancellation);
        await _ticket.ExecuteAsync("ANALYZE import_relapse", cancellation);
    }

    private static T? ReadOptional<T>(NpgsqlBinaryExporter rows)
        where T : struct
    {
        if (rows.IsNull)
        {
            rows.Skip();
            return null;
        }
        return rows.Read<T>();
    }

    private async Task<List<string>> DropIndexesAsync(CancellationToken cancellation)
    {
        var drop = new StringBuilder();
        var restore = new List<string>();
        await using (var command = _ticket.Command(IssueLoadSql.IndexesAndConstraints))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                drop.Append(reader.GetString(0)).Append(';');
                restore.Add(reader.GetString(1));
            }
        }
        await _ticket.ExecuteAsync(drop.ToString(), cancellation);
        return restore;
    }

    private async Task<IReadOnlyList<DefaultPoint>> DefaultPointsAsync(CancellationToken cancellation)
    {
        var points = new List<DefaultPoint>();
        await using var command = _ticket.Command(IssueLoadSql.DefaultPointsOfFile);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            points.Add(new DefaultPoint(reader.GetDouble(0), reader.GetDouble(1), reader.GetInt64(2)));
        }
        return points;
    }
}
