using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace GeoSanitation.Server.Imports;

/// <summary>Point features as rows: their properties, and the columns <see cref="XColumn"/>, <see cref="YColumn"/> and <see cref="IdColumn"/>.</summary>
internal sealed class GeoJsonRecords : RecordReader
{
    internal const string XColumn = "geometry x";
    internal const string YColumn = "geometry y";
    internal const string IdColumn = "feature id";

    // Features whose properties name the columns.
    private const int Sampled = 500;

    private readonly JsonFeatures _features;
    private readonly Dictionary<string, int> _columns = [];
    private readonly (int Start, int Length)[] _fields;
    private byte[] _texts = new byte[1 << 12];
    private int _length;
    private byte[] _raw = [];

    /// <summary>Reads the names of the columns from the first features.</summary>
    internal GeoJsonRecords(FileStream file, Stream contents) : base(file)
    {
        foreach (var name in (string[])[XColumn, YColumn, IdColumn])
        {
            _columns[name] = _columns.Count;
        }
        // The file is read twice from its start; the first time only a little.
        var peek = new JsonFeatures(contents);
        for (var i = 0; i < Sampled && peek.Next() is { } feature; i++)
        {
            using (feature)
            {
                AddColumns(feature.RootElement);
            }
        }
        CrsName = peek.Crs;
        Columns = [.. _columns.Keys];
        _fields = new (int, int)[_columns.Count];
        file.Position = 0;
        contents = contents is FileStream ? file : Unpack(file, out _);
        _features = new JsonFeatures(contents);
    }

    /// <summary>The coordinate system the file names, or null.</summary>
    internal string? CrsName { get; }

    /// <inheritdoc/>
    internal override ReadOnlyMemory<byte> this[int column] => _texts.AsMemory(_fields[column].Start, _fields[column].Length);

    /// <inheritdoc/>
    internal override ReadOnlySpan<byte> Raw => _raw;

    /// <inheritdoc/>
    internal override bool Read()
    {
        using var feature = _features.Next();
        if (feature is null)
        {
            if (_features.Crs is not null && !_features.CrsCameFirst && _features.Crs != CrsName)
            {
                throw new ImportFileException("the file's crs member stands after its features; say the system with --crs");
            }
            return false;
        }
        Line = _features.Number;
        Array.Clear(_fields);
        _length = 0;
        try
        {
            Defect = Take(feature.RootElement);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8, within a string.
            Defect = "a text of the feature is not valid Unicode";
        }
        if (Defect is not null)
        {
            _raw = JsonMarshal.GetRawUtf8Value(feature.RootElement).ToArray();
        }
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _features.Dispose();
        base.Dispose();
    }

    private void AddColumns(JsonElement feature)
    {
        try
        {
            foreach (var property in Properties(feature))
            {
                _columns.TryAdd(property.Name, _columns.Count);
            }
        }
        catch (InvalidOperationException)
        {
            // A name that is no Unicode; the feature is refused when it is its turn.
        }
    }

    private string? Take(JsonElement feature)
    {
        if (feature.ValueKind != JsonValueKind.Object || !feature.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "Feature")
        {
            return "this is not a Feature";
        }
        foreach (var property in Properties(feature))
        {
            if (_columns.TryGetValue(property.Name, out var column))
            {
                Keep(column, property.Value);
            }
        }
        if (feature.TryGetProperty("id", out var id))
        {
            Keep(2, id);
        }
        if (!feature.TryGetProperty("geometry", out var geometry) || geometry.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        var kind = geometry.TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        if (kind != "Point")
        {
            return $"the geometry is a {kind ?? "thing without a type"}; it must be a Point";
        }
        if (!geometry.TryGetProperty("coordinates", out var at) || at.ValueKind != JsonValueKind.Array || at.GetArrayLength() is not (0 or 2 or 3 or 4))
        {
            return "the coordinates are not a position";
        }
        if (at.GetArrayLength() > 0)
        {
            Keep(0, at[0]);
            Keep(1, at[1]);
        }
        return null;
    }

    private static JsonElement.ObjectEnumerator Properties(JsonElement feature)
        => feature.ValueKind == JsonValueKind.Object && feature.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject()
            : default;

    private void Keep(int column, JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => "",
            JsonValueKind.String => value.GetString()!.Trim(),
            _ => value.GetRawText(),
        };
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_length + size > _texts.Length)
        {
            Array.Resize(ref _texts, Math.Max(_texts.Length * 2, _length + size));
        }
        var written = Encoding.UTF8.GetBytes(text, _texts.AsSpan(_length));
        _fields[column] = (_length, written);
        _length += written;
    }
}
