using System.Globalization;
using System.Text;
using GeoSanitation.Coordinates;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>Features as CSV (RFC 4180, UTF-8): the attributes, then the place as two numbers, or the shape as well-known text; east comes first.</summary>
internal static class CsvForm
{
    private const int FlushCharacters = 1 << 14;

    /// <summary>Writes them.</summary>
    /// <param name="features">The features.</param>
    /// <param name="crs">System of the coordinates, in the axis order east, north.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static async Task WriteAsync(FeatureSet features, Crs crs, Stream output, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var arePoints = features.Shape == LayerShape.Point;
        var (x, y) = crs.IsGeographic ? ("longitude", "latitude") : ("x", "y");
        var number = crs.IsGeographic ? "0.#######" : "0.###";
        text.AppendJoin(',', features.Columns.Select(c => c.Name)).Append(arePoints ? $",{x},{y}\r\n" : ",wkt\r\n");
        await foreach (var row in features.Rows)
        {
            for (var i = 0; i < features.Columns.Count; i++)
            {
                Append(text, RowJson.Words(row, features.Columns[i].Kind, i));
                text.Append(',');
            }
            var shape = Rings.Of(row, crs);
            if (arePoints)
            {
                text.Append(shape.Polygons[0][0][0].ToString(number, CultureInfo.InvariantCulture)).Append(',').Append(shape.Polygons[0][0][1].ToString(number, CultureInfo.InvariantCulture));
            }
            else
            {
                Append(text, WordsOf(shape, number));
            }
            text.Append("\r\n");
            if (text.Length >= FlushCharacters)
            {
                await FlushAsync(text, output, cancellation);
            }
        }
        await FlushAsync(text, output, cancellation);
    }

    /// <summary>A shape as well-known text.</summary>
    private static string WordsOf(Rings shape, string number)
    {
        string Places(double[] ring) => string.Join(", ", Enumerable.Range(0, ring.Length / 2).Select(i => $"{ring[2 * i].ToString(number, CultureInfo.InvariantCulture)} {ring[2 * i + 1].ToString(number, CultureInfo.InvariantCulture)}"));
        string Polygon(IEnumerable<double[]> rings) => "(" + string.Join(", ", rings.Select(r => $"({Places(r)})")) + ")";
        return shape switch
        {
            { Polygons: [] } => "",
            { IsPoint: true } => $"POINT ({Places(shape.Polygons[0][0])})",
            { Polygons: [var one] } => "POLYGON " + Polygon(one),
            _ => $"MULTIPOLYGON ({string.Join(", ", shape.Polygons.Select(Polygon))})",
        };
    }

    /// <summary>Adds a value, in quotation marks where it needs them.</summary>
    internal static void Append(StringBuilder text, string value)
    {
        if (value.AsSpan().IndexOfAny(",\"\r\n") < 0)
        {
            text.Append(value);
            return;
        }
        text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static async Task FlushAsync(StringBuilder text, Stream output, CancellationToken cancellation)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
        text.Clear();
    }
}
