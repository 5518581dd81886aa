using System.Text;
using System.Text.Json;

namespace GeoSanitation.Server.Imports;

/// <summary>Features of a GeoJSON file one by one: a FeatureCollection, or Features one after the other (with or without RFC 8142's separators).</summary>
internal sealed class JsonFeatures(Stream stream) : IDisposable
{
    /// <summary>Longest feature, bytes.</summary>
    internal const int LongestFeature = 1 << 26;

    private static readonly JsonReaderOptions Options = new() { AllowMultipleValues = true, AllowTrailingCommas = false };

    private enum Part { Root, Members, Features, Sequence, Ended }

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _streamEnded;
    private long _passed;
    private JsonReaderState _state = new(Options);
    private Part _part = Part.Root;
    private readonly JsonSystem _system = new();

    /// <summary>The system that the file's <c>crs</c> (GeoJSON 2008) or <c>coordRefSys</c> names, or null; complete when the features are read through.</summary>
    internal string? Crs => _system.Name;

    /// <summary>True when its coordinates stand north first: those of <c>coordRefSys</c> stand in the order of their system, those of <c>crs</c> never do.</summary>
    internal bool NorthFirst => _system.NorthFirst;

    /// <summary>True when that member stood before the features or there was none until now.</summary>
    internal bool CrsCameFirst { get; private set; } = true;

    /// <summary>Number of the feature read last, from 1.</summary>
    internal long Number { get; private set; }

    /// <summary>The next feature, whatever JSON value stands there; null at the end.</summary>
    /// <exception cref="ImportFileException">The text is not JSON, or not GeoJSON.</exception>
    internal JsonDocument? Next()
    {
        try
        {
            while (_part != Part.Ended)
            {
                if (Step(out var feature))
                {
                    if (feature is not null)
                    {
                        Number++;
                        if (_part == Part.Sequence)
                        {
                            _system.TakeFeature(feature.RootElement, Number);
                        }
                        return feature;
                    }
                }
                else if (_streamEnded)
                {
                    // All of the text is there, and still a value is open.
                    throw new ImportFileException($"the file ends within a JSON value (byte {_passed + _end - _start}): it is cut off");
                }
                else
                {
                    Fill();
                }
            }
            return null;
        }
        catch (InvalidOperationException)
        {
            throw new ImportFileException("the file's crs member is not valid Unicode");
        }
        catch (JsonException problem)
        {
            throw new ImportFileException($"the file is not valid JSON after feature {Number}: {problem.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>Reads one thing if all of it is in the buffer; false asks for more of the file.</summary>
    private bool Step(out JsonDocument? feature)
    {
        feature = null;
        if (_part is Part.Root or Part.Sequence)
        {
            SkipSeparators();
        }
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _streamEnded, _state);
        switch (_part)
        {
            case Part.Root:
                return StepRoot(ref reader);
            case Part.Sequence:
                if (_start == _end)
                {
                    _part = _streamEnded ? Part.Ended : _part;
                    return _streamEnded;
                }
                return ReadValue(ref reader, out feature);
            case Part.Features:
                return ReadValue(ref reader, out feature);
            default:
                return StepMember(ref reader);
        }
    }

    private bool StepRoot(ref Utf8JsonReader reader)
    {
        if (_start == _end && _streamEnded)
        {
            throw new ImportFileException("the file is empty");
        }
        if (!reader.Read())
        {
            return false;
        }
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ImportFileException("the file is JSON but not GeoJSON: it must be a FeatureCollection or Features");
        }
        // Whose members come first decides: a collection has features, a feature has a geometry or properties.
        var root = reader;
        while (root.Read())
        {
            if (root.TokenType != JsonTokenType.PropertyName)
            {
                if (root.TokenType == JsonTokenType.EndObject)
                {
                    throw new ImportFileException("the file is JSON but not GeoJSON: it has neither features nor a geometry");
                }
                return false;
            }
            if (root.ValueTextEquals("features"))
            {
                _part = Part.Members;
                Keep(reader);
                return true;
            }
            if (root.ValueTextEquals("geometry") || root.ValueTextEquals("properties"))
            {
                _part = Part.Sequence;
                return true;
            }
            if (!root.TrySkip())
            {
                return false;
            }
        }
        return false;
    }

    private bool StepMember(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            Keep(reader);
            SkipSeparators();
            _part = Part.Ended;
            return true;
        }
        if (reader.ValueTextEquals("features"))
        {
            if (!reader.Read())
            {
                return false;
            }
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new ImportFileException("the member features of the file is not an array");
            }
            _part = Part.Features;
            Keep(reader);
            return true;
        }
        var member = reader.ValueTextEquals("crs") ? "crs" : reader.ValueTextEquals("coordRefSys") ? "coordRefSys" : reader.ValueTextEquals("conformsTo") ? "conformsTo" : null;
        if (member is null)
        {
            // TrySkip from a name passes over its value.
            if (!reader.TrySkip())
            {
                return false;
            }
            Keep(reader);
            return true;
        }
        if (!JsonDocument.TryParseValue(ref reader, out var value))
        {
            return false;
        }
        using (value)
        {
            _system.Take(member, value.RootElement);
            CrsCameFirst &= Number == 0;
        }
        Keep(reader);
        return true;
    }

    private bool ReadValue(ref Utf8JsonReader reader, out JsonDocument? value)
    {
        value = null;
        if (!reader.Read())
        {
            return false;
        }
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            _part = Part.Members;
            Keep(reader);
            return true;
        }
        if (!JsonDocument.TryParseValue(ref reader, out value))
        {
            if (_end - _start > LongestFeature)
            {
                throw new ImportFileException($"feature {Number + 1} is longer than {LongestFeature >> 20} MB");
            }
            return false;
        }
        Keep(reader);
        return true;
    }

    private void Keep(in Utf8JsonReader reader)
    {
        _state = reader.CurrentState;
        _start += (int)reader.BytesConsumed;
    }

    private void SkipSeparators()
    {
        while (_start < _end && _buffer[_start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0x1E or 0xEF or 0xBB or 0xBF)
        {
            _start++;
        }
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _passed += _start;
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        int read;
        try
        {
            read = stream.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch (InvalidDataException)
        {
            throw new ImportFileException($"the file cannot be unpacked beyond feature {Number}: its gzip data is broken");
        }
        _end += read;
        _streamEnded = read == 0;
    }
}
