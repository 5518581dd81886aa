using System.Globalization;
using System.Text;
using GeoSanitation.Coordinates;
using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.Esri;
using NetTopologySuite.IO.Esri.Dbf.Fields;
using NetTopologySuite.IO.Esri.Shapefiles.Writers;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>
/// Features as a Shapefile (Esri, 1998), in UTF-8. The format has names of 10 letters, texts of 254 bytes and no times of day: longer names are cut so that they stay
/// different, longer texts are cut between characters, times are written as text.
/// </summary>
internal static class ShapefileForm
{
    private const int LongestName = 10;
    private const int LongestText = 254;

    /// <summary>Writes them, and the files that belong to it.</summary>
    /// <param name="features">The features, all points or all areas.</param>
    /// <param name="output">System of the coordinates; x is east.</param>
    /// <param name="path">Where to, ending with .shp.</param>
    /// <param name="cancellation">Stops.</param>
    internal static async Task WriteAsync(FeatureSet features, Crs output, string path, CancellationToken cancellation)
    {
        var names = NamesOf(features.Columns);
        DbfField[] fields = [.. features.Columns.Select((column, i) => FieldOf(column.Kind, names[i]))];
        var options = new ShapefileWriterOptions(features.Shape == LayerShape.Point ? ShapeType.Point : ShapeType.Polygon, fields)
        {
            Encoding = Encoding.UTF8,
            Projection = CrsRegistry.ToWkt(output),
        };
        var factory = new GeometryFactory();
        using var writer = Shapefile.OpenWrite(path, options);
        await foreach (var row in features.Rows.WithCancellation(cancellation))
        {
            for (var i = 0; i < fields.Length; i++)
            {
                fields[i].Value = row.IsNull(i) ? null : features.Columns[i].Kind switch
                {
                    ColumnKind.Whole => (double)row.Whole(i),
                    ColumnKind.Number => double.IsFinite(row.Real(i)) ? row.Real(i) : null,
                    ColumnKind.Flag => row.Flag(i),
                    var kind => Cut(RowJson.Words(row, kind, i)),
                };
            }
            writer.Geometry = ShapeOf(Rings.Of(row, output), factory);
            writer.Write();
        }
    }

    private static DbfField FieldOf(ColumnKind kind, string name) => kind switch
    {
        ColumnKind.Whole => new DbfNumericDoubleField(name, 18, 0),
        ColumnKind.Number => new DbfFloatField(name),
        ColumnKind.Flag => new DbfLogicalField(name),
        _ => new DbfCharacterField(name, LongestText),
    };

    /// <summary>Names of at most ten letters, all different.</summary>
    private static string[] NamesOf(IReadOnlyList<LayerColumn> columns)
    {
        var names = new List<string>();
        foreach (var column in columns)
        {
            var name = column.Name.Length <= LongestName ? column.Name : column.Name[..LongestName];
            for (var n = 1; names.Contains(name); n++)
            {
                var end = n.ToString(CultureInfo.InvariantCulture);
                name = column.Name[..Math.Min(column.Name.Length, LongestName - end.Length)] + end;
            }
            names.Add(name);
        }
        return [.. names];
    }

    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= LongestText)
        {
            return text;
        }
        var (length, bytes) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > LongestText)
            {
                break;
            }
            bytes += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }
        return text[..length];
    }

    private static Geometry? ShapeOf(Rings shape, GeometryFactory factory)
    {
        if (shape.Polygons.Count == 0)
        {
            return null;
        }
        if (shape.IsPoint)
        {
            return factory.CreatePoint(new Coordinate(shape.Polygons[0][0][0], shape.Polygons[0][0][1]));
        }
        return factory.CreateMultiPolygon([.. shape.Polygons.Select(rings => factory.CreatePolygon(RingOf(rings[0]), [.. rings.Skip(1).Select(RingOf)]))]);

        LinearRing RingOf(double[] places) => factory.CreateLinearRing([.. Enumerable.Range(0, places.Length / 2).Select(i => new Coordinate(places[2 * i], places[2 * i + 1]))]);
    }
}
