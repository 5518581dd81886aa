using System.Runtime.InteropServices;
using System.Text.Json;

namespace GeoSanitation.Server.Imports;

/// <summary>Point features as rows: their properties, and the columns <see cref="RecordReader.XColumn"/>, <see cref="RecordReader.YColumn"/> and <see cref="IdColumn"/>.</summary>
internal sealed class GeoJsonRecords : RecordReader
{
    internal const string IdColumn = "feature id";

    // Features whose properties name the columns.
    private const int Sampled = 500;

    private readonly JsonFeatures _features;
    private readonly Dictionary<string, int> _columns = [];
    private readonly FieldTexts _fields;
    private readonly bool _northFirst;
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
        (CrsName, _northFirst) = (peek.Crs, peek.NorthFirst);
        Columns = [.. _columns.Keys];
        _fields = new FieldTexts(_columns.Count);
        file.Position = 0;
        contents = contents is FileStream ? file : Unpack(file, out _);
        _features = new JsonFeatures(contents);
    }

    /// <inheritdoc/>
    internal override string? CrsName { get; }

    /// <inheritdoc/>
    internal override ReadOnlyMemory<byte> this[int column] => _fields[column];

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
                throw new ImportFileException("the file names its coordinate system after its features; say the system with --crs");
            }
            return false;
        }
        Line = _features.Number;
        _fields.Clear();
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
            Keep(0, at[_northFirst ? 1 : 0]);
            Keep(1, at[_northFirst ? 0 : 1]);
        }
        return null;
    }

    private static JsonElement.ObjectEnumerator Properties(JsonElement feature)
        => feature.ValueKind == JsonValueKind.Object && feature.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject()
            : default;

    private void Keep(int column, JsonElement value) => _fields.Set(column, value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String => value.GetString()!.Trim(),
        _ => value.GetRawText(),
    });
}
