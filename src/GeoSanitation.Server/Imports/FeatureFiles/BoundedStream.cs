namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>What is unpacked from a file, up to a limit: a small file may say that it holds more than any disk.</summary>
/// <param name="contents">The unpacked contents, which it closes.</param>
/// <param name="most">Most bytes.</param>
/// <param name="what">What they are unpacked from, for whoever sent it.</param>
internal sealed class BoundedStream(Stream contents, long most, string what) : Stream
{
    private readonly long _most = most;
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = contents.Read(buffer);
        _read += read;
        return _read <= _most ? read : throw new ImportFileException($"{what} unpacks to more than {_most >> 20} MB");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            contents.Dispose();
        }
        base.Dispose(disposing);
    }
}
