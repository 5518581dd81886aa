using System.Globalization;
using System.Text;
using GeoSanitation.Server.Imports.FeatureFiles;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Imports;

/// <summary>Features of a map program's file, or rows of a spreadsheet, as rows: their attributes, and where they have shapes the columns <see cref="RecordReader.XColumn"/> and <see cref="RecordReader.YColumn"/>.</summary>
internal sealed class FeatureRecords : RecordReader
{
    private readonly FeatureFile _features;
    private readonly FieldTexts _fields;
    private readonly int _first;
    private byte[] _raw = [];
    private long _read;

    internal FeatureRecords(FileStream file, FeatureFile features) : base(file)
    {
        _features = features;
        Columns = features.HasShapes ? [XColumn, YColumn, .. features.Columns] : features.Columns;
        _first = Columns.Count - features.Columns.Count;
        _fields = new FieldTexts(Columns.Count);
        Warning = features.Warning;
    }

    /// <inheritdoc/>
    internal override string? CrsName => _features.CrsName;

    /// <inheritdoc/>
    internal override bool CutsNames => _features.CutsNames;

    /// <inheritdoc/>
    internal override long BytesRead => _features.Count is > 0 and var count ? (long)((double)TotalBytes * _read / count) : base.BytesRead;

    /// <inheritdoc/>
    internal override ReadOnlyMemory<byte> this[int column] => _fields[column];

    /// <inheritdoc/>
    internal override ReadOnlySpan<byte> Raw => _raw;

    /// <inheritdoc/>
    internal override bool Read()
    {
        if (!_features.Read())
        {
            return false;
        }
        (Line, Defect) = (_features.Number, _features.Defect);
        _read++;
        _fields.Clear();
        for (var i = 0; i < _features.Texts.Length; i++)
        {
            _fields.Set(_first + i, _features.Texts[i].Trim());
        }
        switch (_features.Shape)
        {
            case null:
                break;
            case Point or MultiPoint { NumGeometries: 1 }:
                var place = _features.Shape.Coordinate;
                _fields.Set(0, place.X.ToString("R", CultureInfo.InvariantCulture));
                _fields.Set(1, place.Y.ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                Defect ??= $"the geometry is a {_features.Shape.GeometryType}; it must be a Point";
                break;
        }
        if (Defect is not null)
        {
            _raw = Encoding.UTF8.GetBytes(string.Join('\t', _features.Texts));
        }
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _features.Dispose();
        base.Dispose();
    }
}
