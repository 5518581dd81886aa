using System.Text;
using Npgsql;

namespace GeoSanitation.Store.Imports;

/// <summary>What PostgreSQL writes as text, passed on block by block.</summary>
internal static class CsvExport
{
    /// <summary>Sends the output of a <c>COPY ... TO STDOUT</c> to a stream, as UTF-8; the stream stays open.</summary>
    internal static async Task WriteAsync(NpgsqlConnection connection, string copy, Stream target, CancellationToken cancellation)
    {
        using var rows = await connection.BeginTextExportAsync(copy, cancellation);
        await using var writer = new StreamWriter(target, new UTF8Encoding(false), leaveOpen: true);
        var block = new char[1 << 14];
        int read;
        while ((read = await rows.ReadAsync(block, cancellation)) > 0)
        {
            await writer.WriteAsync(block.AsMemory(0, read), cancellation);
        }
    }
}
