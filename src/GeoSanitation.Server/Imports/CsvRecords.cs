using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace GeoSanitation.Server.Imports;

/// <summary>
/// CSV (RFC 4180; comma, semicolon, tab or bar), read as bytes. A broken row is reported and reading goes on with the line below, which no CSV library
/// at hand does: the lines of a file stay the lines of its owner's editor, and one open quote does not swallow the rest.
/// </summary>
internal sealed class CsvRecords : RecordReader
{
    /// <summary>Longest row, bytes; a longer one is taken for an open quote.</summary>
    internal const int LongestRow = 1 << 20;

    private const int MostColumns = 4_000;

    private readonly Stream _stream;
    private readonly byte _delimiter;
    private readonly SearchValues<byte> _fieldEnds;
    private byte[] _buffer = new byte[1 << 17];
    private int _start;
    private int _end;
    private bool _streamEnded;
    private bool _skipRestOfLine;
    private int _fillShift;
    private long _nextLine = 1;
    private int _rowStart;
    private int _rowEnd;
    private int _fieldCount;
    private (int Start, int Length)[] _fields = new (int, int)[64];
    private bool[] _doubledQuotes = new bool[64];

    private CsvRecords(FileStream file, Stream stream, byte delimiter) : base(file)
    {
        _stream = stream;
        _delimiter = delimiter;
        _fieldEnds = SearchValues.Create([delimiter, (byte)'\r', (byte)'\n']);
    }

    /// <summary>Reads the header.</summary>
    /// <param name="file">The file on disk.</param>
    /// <param name="contents">Its contents, unpacked.</param>
    /// <param name="sample">The beginning of the contents.</param>
    internal static CsvRecords Open(FileStream file, Stream contents, ReadOnlySpan<byte> sample)
    {
        var encoding = GuessEncoding(sample);
        if (encoding is not null)
        {
            contents = Encoding.CreateTranscodingStream(contents, encoding, Encoding.UTF8);
            sample = Encoding.UTF8.GetBytes(encoding.GetString(sample));
        }
        var reader = new CsvRecords(file, contents, GuessDelimiter(sample));
        if (encoding is not null)
        {
            reader.Warning = $"the file is not UTF-8; it was read as {encoding.WebName}";
        }
        reader.ReadHeader();
        return reader;
    }

    /// <inheritdoc/>
    internal override ReadOnlyMemory<byte> this[int column] => _buffer.AsMemory(_fields[column].Start, _fields[column].Length);

    /// <inheritdoc/>
    internal override ReadOnlySpan<byte> Raw => _buffer.AsSpan(_rowStart, _rowEnd - _rowStart);

    /// <inheritdoc/>
    internal override bool Read()
    {
        if (!ReadRow())
        {
            return false;
        }
        if (Defect is null && _fieldCount != Columns.Count && !OnlyEmptyFieldsAfter(Columns.Count))
        {
            Defect = $"the row has {_fieldCount} fields, the header {Columns.Count}";
        }
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stream.Dispose();
        base.Dispose();
    }

    private void ReadHeader()
    {
        if (!ReadRow())
        {
            throw new ImportFileException("the file has no header line");
        }
        if (Defect is not null)
        {
            throw new ImportFileException($"the header in line {Line} cannot be read: {Defect}");
        }
        var names = new string[_fieldCount];
        for (var i = 0; i < names.Length; i++)
        {
            var name = Encoding.UTF8.GetString(this[i].Span).TrimStart('\uFEFF').Trim();
            names[i] = name.Length > 0 ? name : $"column {i + 1}";
        }
        Columns = names;
    }

    // Trailing empty fields, which some programs write, are forgiven.
    private bool OnlyEmptyFieldsAfter(int count)
    {
        if (_fieldCount < count)
        {
            return false;
        }
        for (var i = count; i < _fieldCount; i++)
        {
            if (_fields[i].Length > 0)
            {
                return false;
            }
        }
        return true;
    }

    private bool ReadRow()
    {
        SkipEmptyLines();
        if (_start == _end)
        {
            return false;
        }
        Line = _nextLine;
        Defect = null;
        if (Split() is { } broken)
        {
            Defect = broken;
            TakeOneLine();
        }
        var row = Raw;
        _nextLine += row.Count((byte)'\n');
        if (Defect is null)
        {
            Defect = !Utf8.IsValid(row) ? "the row is not valid UTF-8" : row.Contains((byte)0) ? "the row has a NUL character" : null;
        }
        if (Defect is null)
        {
            UndoubleQuotes();
        }
        return true;
    }

    private void SkipEmptyLines()
    {
        _start = _rowEnd;
        var afterReturn = false;
        while (true)
        {
            if (_skipRestOfLine)
            {
                var rest = _buffer.AsSpan(_start, _end - _start).IndexOfAny((byte)'\r', (byte)'\n');
                _start = rest < 0 ? _end : _start + rest;
                _skipRestOfLine = rest < 0;
            }
            while (_start < _end && _buffer[_start] is (byte)'\r' or (byte)'\n')
            {
                // A line ends with LF, CR LF or CR.
                if (_buffer[_start] == '\r' || !afterReturn)
                {
                    _nextLine++;
                }
                afterReturn = _buffer[_start++] == '\r';
            }
            _rowStart = _rowEnd = _start;
            if (_start < _end || !Fill())
            {
                return;
            }
        }
    }

    /// <summary>Cuts the row that begins at _start into fields; says what is wrong if it cannot be cut.</summary>
    private string? Split()
    {
        while (true)
        {
            var state = TrySplit(out var defect);
            if (state == Cut.Whole || state == Cut.Broken)
            {
                return defect;
            }
            if (_end - _start > LongestRow)
            {
                return $"a quote is not closed within {LongestRow >> 20} MB";
            }
            if (!Fill())
            {
                // The file ends within the row: with the end as its end it is whole, or has an open quote.
                return TrySplit(out defect) == Cut.Unfinished ? "a quote is not closed" : defect;
            }
        }
    }

    private enum Cut { Whole, Broken, Unfinished }

    private Cut TrySplit(out string? defect)
    {
        defect = null;
        _fieldCount = 0;
        var at = _start;
        while (true)
        {
            if (_fieldCount == MostColumns)
            {
                defect = $"the row has more than {MostColumns} fields";
                return Cut.Broken;
            }
            int fieldStart, fieldEnd;
            var doubled = false;
            if (at < _end && _buffer[at] == '"')
            {
                fieldStart = ++at;
                while (true)
                {
                    var quote = _buffer.AsSpan(at, _end - at).IndexOf((byte)'"');
                    if (quote < 0)
                    {
                        return Cut.Unfinished;
                    }
                    at += quote + 1;
                    if (at == _end && !_streamEnded)
                    {
                        return Cut.Unfinished;
                    }
                    if (at == _end || _buffer[at] != '"')
                    {
                        break;
                    }
                    doubled = true;
                    at++;
                }
                fieldEnd = at - 1;
                if (at < _end && _buffer[at] != _delimiter && _buffer[at] is not ((byte)'\r' or (byte)'\n'))
                {
                    defect = "text follows a closing quote";
                    return Cut.Broken;
                }
            }
            else
            {
                fieldStart = at;
                var length = _buffer.AsSpan(at, _end - at).IndexOfAny(_fieldEnds);
                if (length < 0 && !_streamEnded)
                {
                    return Cut.Unfinished;
                }
                fieldEnd = at = length < 0 ? _end : at + length;
            }
            KeepField(fieldStart, fieldEnd, doubled);
            if (at == _end || _buffer[at] != _delimiter)
            {
                if (at == _end && !_streamEnded)
                {
                    return Cut.Unfinished;
                }
                _rowEnd = at;
                return Cut.Whole;
            }
            at++;
            if (at == _end && !_streamEnded)
            {
                return Cut.Unfinished;
            }
        }
    }

    private void KeepField(int start, int end, bool doubledQuotes)
    {
        while (start < end && _buffer[start] is (byte)' ' or (byte)'\t')
        {
            start++;
        }
        while (end > start && _buffer[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }
        if (_fieldCount == _fields.Length)
        {
            Array.Resize(ref _fields, _fields.Length * 2);
            Array.Resize(ref _doubledQuotes, _doubledQuotes.Length * 2);
        }
        _fields[_fieldCount] = (start, end - start);
        _doubledQuotes[_fieldCount++] = doubledQuotes;
    }

    private void UndoubleQuotes()
    {
        for (var i = 0; i < _fieldCount; i++)
        {
            if (!_doubledQuotes[i])
            {
                continue;
            }
            var (start, length) = _fields[i];
            var field = _buffer.AsSpan(start, length);
            var kept = 0;
            for (var k = 0; k < field.Length; k++)
            {
                field[kept++] = field[k];
                if (field[k] == '"' && k + 1 < field.Length && field[k + 1] == '"')
                {
                    k++;
                }
            }
            _fields[i].Length = kept;
        }
    }

    /// <summary>Makes the row the rest of its first line only.</summary>
    private void TakeOneLine()
    {
        var at = _start;
        while (true)
        {
            var length = _buffer.AsSpan(at, _end - at).IndexOfAny((byte)'\r', (byte)'\n');
            if (length >= 0 || _end - _start > LongestRow)
            {
                _rowEnd = length >= 0 ? at + length : _end;
                _skipRestOfLine = length < 0;
                return;
            }
            at = _end;
            if (!Fill())
            {
                _rowEnd = _end;
                return;
            }
            at -= _fillShift;
        }
    }

    /// <summary>Reads on, keeping what begins at _start; false at the end of the file.</summary>
    private bool Fill()
    {
        _fillShift = 0;
        if (_streamEnded)
        {
            return false;
        }
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _fillShift = _start;
            _end -= _start;
            _rowStart = _rowEnd = _start = 0;
        }
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        int read;
        try
        {
            read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (InvalidDataException)
        {
            throw new ImportFileException($"the file cannot be unpacked beyond line {_nextLine}: its gzip data is broken");
        }
        _end += read;
        _streamEnded = read == 0;
        return read > 0;
    }

    private static byte GuessDelimiter(ReadOnlySpan<byte> sample)
    {
        Span<byte> candidates = [(byte)',', (byte)';', (byte)'\t', (byte)'|'];
        Span<int> counts = stackalloc int[4];
        var quoted = false;
        foreach (var b in sample)
        {
            if (b == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && b is (byte)'\r' or (byte)'\n' && counts.ContainsAnyExcept(0))
            {
                break;
            }
            else if (!quoted && candidates.IndexOf(b) is >= 0 and var i)
            {
                counts[i]++;
            }
        }
        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }
        return candidates[best];
    }

    /// <summary>Null for UTF-8. UTF-16 says so by its first bytes; GB 18030 is believed when the file is good text in it, mostly Chinese, and not UTF-8 at all.</summary>
    private static Encoding? GuessEncoding(ReadOnlySpan<byte> sample)
    {
        if (sample is [0xFF, 0xFE, ..])
        {
            return Encoding.Unicode;
        }
        if (sample is [0xFE, 0xFF, ..])
        {
            return Encoding.BigEndianUnicode;
        }
        if (Utf8.IsValid(sample) || Rune.DecodeLastFromUtf8(sample, out _, out var cut) == OperationStatus.NeedMoreData && Utf8.IsValid(sample[..^cut]))
        {
            return null;
        }
        // One bad byte does not make a UTF-8 file another one: a Chinese character in UTF-8 anywhere settles it.
        var lossy = Encoding.UTF8.GetString(sample);
        if (lossy.Any(IsChinese))
        {
            return null;
        }
        var gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
        var text = gb18030.GetString(sample);
        var chinese = text.Count(IsChinese);
        return chinese > 0 && chinese * 10 >= text.Count(c => c > '\x7f') * 9 ? gb18030 : null;
    }

    private static bool IsChinese(char c) => c is >= '\u4e00' and <= '\u9fff' or >= '\u3000' and <= '\u303f' or >= '\uff00' and <= '\uffef';
}
