using Npgsql;

namespace GeoSanitation.Store.Imports;

/// <summary>One import as it is on record.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>issues</c> or <c>wards</c>.</param>
/// <param name="FileName">Name of the file.</param>
/// <param name="Source">The source given for the whole file, or null.</param>
/// <param name="State"><c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Counts">Rows by what became of them; all zero until it is done.</param>
/// <param name="MappingJson">The column mapping that was used, or null.</param>
/// <param name="WarningsJson">A JSON array of texts.</param>
/// <param name="Error">Why it came to nothing, or null.</param>
/// <param name="StartedAt">When it was asked for.</param>
/// <param name="FinishedAt">When it ended, or null.</param>
public sealed record ImportRecord(
    long Id, string Kind, string FileName, string? Source, string State, ImportCounts Counts, string? MappingJson, string WarningsJson, string? Error,
    DateTime StartedAt, DateTime? FinishedAt);

/// <summary>Imports on record, and the rows they refused.</summary>
public sealed class ImportStore(Database database)
{
    private const string Columns = "id, kind, file_name, source, state, loaded, unchanged, updated, refused, mapping::text, warnings::text, error, started_at, finished_at";

    /// <summary>One import, or null.</summary>
    public async Task<ImportRecord?> FindAsync(long id, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand($"SELECT {Columns} FROM geosan.import WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>Imports, latest first.</summary>
    /// <param name="before">Only those with a lower id; null for all.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellation">Stops.</param>
    public async Task<IReadOnlyList<ImportRecord>> ListAsync(long? before, int limit, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand($"SELECT {Columns} FROM geosan.import WHERE id < $1 ORDER BY id DESC LIMIT $2");
        command.Parameters.Add(new() { Value = before ?? long.MaxValue });
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, cancellation);
    }

    /// <summary>Writes the rows that an import refused, by line, as CSV with a header: line, column, value, reason.</summary>
    public async Task WriteRefusedAsync(long id, Stream csv, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await CsvExport.WriteAsync(connection, FormattableString.Invariant($"""
            COPY (SELECT line, column_name AS column, value, reason FROM geosan.import_reject WHERE import_id = {id} ORDER BY line) TO STDOUT (FORMAT csv, HEADER)
            """), csv, cancellation);
    }

    private static async Task<IReadOnlyList<ImportRecord>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var records = new List<ImportRecord>();
        await using var r = await command.ExecuteReaderAsync(cancellation);
        while (await r.ReadAsync(cancellation))
        {
            string? Text(int column) => r.IsDBNull(column) ? null : r.GetString(column);
            records.Add(new ImportRecord(
                r.GetInt64(0), r.GetString(1), r.GetString(2), Text(3), r.GetString(4), new ImportCounts(r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8)),
                Text(9), r.GetString(10), Text(11), r.GetDateTime(12), r.IsDBNull(13) ? null : r.GetDateTime(13)));
        }
        return records;
    }
}
