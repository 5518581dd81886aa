using System.Diagnostics;

namespace GeoSanitation.Server.Imports;

/// <summary>How far an import is; written by it, read by whoever shows it.</summary>
internal sealed class ImportProgress : IProgress<string>
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _rows;
    private long _bytesRead;
    private long _totalBytes;
    private volatile string _stage = "waiting";

    internal long Rows => Volatile.Read(ref _rows);

    /// <summary>What is being done, for a person to read.</summary>
    internal string Stage => _stage;

    /// <summary>Part of the file that was read, 0 to 1.</summary>
    internal double Fraction => Volatile.Read(ref _totalBytes) is > 0 and var total ? Math.Min(1.0, (double)Volatile.Read(ref _bytesRead) / total) : 0;

    internal double RowsPerSecond => _watch.Elapsed.TotalSeconds is > 0 and var seconds ? Rows / seconds : 0;

    /// <summary>Seconds until the file is read through, or null while nobody can tell.</summary>
    internal double? SecondsLeft => Fraction is > 0.01 and var done ? _watch.Elapsed.TotalSeconds * (1 - done) / done : null;

    internal void Start(string stage)
    {
        _stage = stage;
        _watch.Restart();
    }

    internal void Reached(long rows, RecordReader reader)
    {
        Volatile.Write(ref _rows, rows);
        Volatile.Write(ref _bytesRead, reader.BytesRead);
        Volatile.Write(ref _totalBytes, reader.TotalBytes);
    }

    /// <inheritdoc/>
    public void Report(string value) => _stage = value;
}
