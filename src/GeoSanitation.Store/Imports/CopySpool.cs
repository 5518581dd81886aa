using Npgsql;

namespace GeoSanitation.Store.Imports;

/// <summary>Rows that wait in a temporary file for the connection, which is busy with another COPY; memory does not grow with them.</summary>
internal sealed class CopySpool : IDisposable
{
    private const int FlushBytes = 1 << 16;

    private readonly FileStream _file = OpenNameless();

    /// <summary>Where a row is encoded; call <see cref="RowWritten"/> after each.</summary>
    internal CopyEncoder Encoder { get; } = new();

    internal long Rows { get; private set; }

    internal void RowWritten()
    {
        Rows++;
        if (Encoder.Length >= FlushBytes)
        {
            _file.Write(Encoder.Written.Span);
            Encoder.Clear();
        }
    }

    /// <summary>Sends all rows, once.</summary>
    /// <param name="connection">A free connection.</param>
    /// <param name="copy">A <c>COPY ... FROM STDIN (FORMAT binary)</c>.</param>
    /// <param name="cancellation">Stops; the transaction is then of no use.</param>
    internal async Task SendAsync(NpgsqlConnection connection, string copy, CancellationToken cancellation)
    {
        Encoder.End();
        _file.Write(Encoder.Written.Span);
        _file.Position = 0;
        await using var target = await connection.BeginRawBinaryCopyAsync(copy, cancellation);
        await _file.CopyToAsync(target, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Without a name from the start, the file goes with the process however that ends.
    private static FileStream OpenNameless()
    {
        var path = Path.GetTempFileName();
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        File.Delete(path);
        return file;
    }
}
