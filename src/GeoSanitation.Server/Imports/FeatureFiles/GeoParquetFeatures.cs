using System.Text.Json;
using NetTopologySuite.Geometries;
using Parquet;
using Parquet.Schema;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>The features of a GeoParquet file (1.0, 1.1; shapes as well-known binary), or the rows of any Parquet file; lists and groups of values are passed over.</summary>
internal sealed class GeoParquetFeatures : FeatureFile
{
    // Values of a row group, which is read as a whole.
    private const long MostValues = 100_000_000;

    private readonly ParquetReader _reader;
    private readonly DataField? _shapeField;
    private readonly DataField[] _fields;
    private Func<int, object?>[] _columns = [];
    private Func<int, object?>? _shapes;
    private int _group;
    private long _row;
    private long _rows;

    /// <summary>Reads the schema.</summary>
    /// <param name="file">The file; whoever has it closes it.</param>
    internal GeoParquetFeatures(FileStream file) : base("Parquet file")
    {
        // Imports run on threads of their own, where waiting is no harm.
        _reader = ParquetReader.CreateAsync(file, leaveStreamOpen: true).GetAwaiter().GetResult();
        var fields = _reader.Schema.Fields.OfType<DataField>().Where(f => !f.IsArray).ToList();
        if (_reader.CustomMetadata.TryGetValue("geo", out var geo))
        {
            (var name, CrsName) = ShapeColumn(geo);
            _shapeField = fields.Find(f => f.Name == name && IsBytes(f)) ?? throw new InvalidDataException($"its column {name} is not there, or not of well-known binary");
        }
        HasShapes = _shapeField is not null;
        _fields = [.. fields.Where(f => f != _shapeField && !IsBytes(f))];
        Columns = [.. _fields.Select(f => f.Name)];
        Texts = new string[Columns.Count];
        Count = _reader.Metadata!.NumRows;
    }

    /// <inheritdoc/>
    public override void Dispose() => _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private protected override bool Next()
    {
        while (_row == _rows)
        {
            if (_group == _reader.RowGroupCount)
            {
                return false;
            }
            ReadGroupAsync(_group++).GetAwaiter().GetResult();
        }
        Number++;
        for (var i = 0; i < Texts.Length; i++)
        {
            Texts[i] = TextOf(_columns[i]((int)_row));
        }
        if (_shapes?.Invoke((int)_row) is byte[] blob)
        {
            Take(() => WellKnownBinary.Read(blob));
        }
        _row++;
        return true;
    }

    /// <summary>The column of the shapes and the name of its system: longitude and latitude unless it says otherwise.</summary>
    private static (string Name, string? Crs) ShapeColumn(string geo)
    {
        try
        {
            using var document = JsonDocument.Parse(geo);
            var name = document.RootElement.GetProperty("primary_column").GetString()!;
            var column = document.RootElement.GetProperty("columns").GetProperty(name);
            if (column.GetProperty("encoding").GetString() is not "WKB" and var encoding)
            {
                throw new InvalidDataException($"its shapes are encoded as {encoding}; only WKB is read");
            }
            return (name, !column.TryGetProperty("crs", out var crs) ? "CRS84" : crs.ValueKind == JsonValueKind.Null ? null : NameOf(crs));
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentNullException)
        {
            throw new InvalidDataException("its metadata \"geo\" are not what GeoParquet says");
        }
    }

    // PROJJSON names a system by the registry that has it.
    private static string? NameOf(JsonElement crs)
        => crs.TryGetProperty("id", out var id) ? $"{id.GetProperty("authority").GetString()}:{id.GetProperty("code")}" : crs.TryGetProperty("name", out var name) ? name.GetString() : null;

    private static bool IsBytes(DataField field) => field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>);

    private async Task ReadGroupAsync(int number)
    {
        using var group = _reader.OpenRowGroupReader(number);
        if (group.RowCount < 0 || group.RowCount * (_fields.Length + 1) > MostValues)
        {
            throw new NotSupportedException($"it has {group.RowCount} rows in one row group; write it in smaller ones");
        }
        (_row, _rows) = (0, group.RowCount);
        _columns = new Func<int, object?>[_fields.Length];
        for (var i = 0; i < _fields.Length; i++)
        {
            _columns[i] = await ReadColumnAsync(group, _fields[i]);
        }
        _shapes = _shapeField is null ? null : await ReadColumnAsync(group, _shapeField);
    }

    private static async Task<Func<int, object?>> ReadColumnAsync(ParquetRowGroupReader group, DataField field)
    {
        async Task<Func<int, object?>> Values<T>()
            where T : struct
        {
            if (!field.IsNullable)
            {
                var all = new T[group.RowCount];
                await group.ReadAsync<T>(field, all.AsMemory());
                return row => all[row];
            }
            var values = new T?[group.RowCount];
            await group.ReadAsync(field, values.AsMemory());
            return row => values[row];
        }
        var type = field.ClrType;
        if (type == typeof(string) || type == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[group.RowCount];
            await group.ReadAsync(field, texts.AsMemory());
            return row => texts[row];
        }
        if (IsBytes(field))
        {
            var blobs = new byte[]?[group.RowCount];
            await group.ReadAsync(field, blobs.AsMemory());
            return row => blobs[row];
        }
        if (type == typeof(DateTime))
        {
            var times = await Values<DateTime>();
            return field is DateTimeDataField { IsAdjustedToUTC: false } ? times : row => times(row) is DateTime time ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : null;
        }
        return type == typeof(bool) ? await Values<bool>()
            : type == typeof(sbyte) ? await Values<sbyte>()
            : type == typeof(byte) ? await Values<byte>()
            : type == typeof(short) ? await Values<short>()
            : type == typeof(ushort) ? await Values<ushort>()
            : type == typeof(int) ? await Values<int>()
            : type == typeof(uint) ? await Values<uint>()
            : type == typeof(long) ? await Values<long>()
            : type == typeof(ulong) ? await Values<ulong>()
            : type == typeof(float) ? await Values<float>()
            : type == typeof(double) ? await Values<double>()
            : type == typeof(decimal) ? await Values<decimal>()
            : type == typeof(DateOnly) ? await Values<DateOnly>()
            : _ => null;
    }
}
