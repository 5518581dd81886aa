using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using GeoSanitation.Coordinates;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>Features as CSV (RFC 4180, UTF-8): the attributes, then the place as x and y, or the shape as well-known text, in CRS84.</summary>
internal static class CsvForm
{
    private const int FlushCharacters = 1 << 14;

    /// <summary>Writes them.</summary>
    /// <param name="features">The features.</param>
    /// <param name="arePoints">Whether they have a place, or a shape.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static async Task WriteAsync(FeatureSet features, bool arePoints, PipeWriter output, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', features.Columns.Select(c => c.Name)).Append(arePoints ? ",longitude,latitude\r\n" : ",wkt\r\n");
        await foreach (var row in features.Rows)
        {
            for (var i = 0; i < features.Columns.Count; i++)
            {
                Append(text, RowJson.Words(row, features.Columns[i].Kind, i));
                text.Append(',');
            }
            if (arePoints)
            {
                text.Append(CultureInfo.InvariantCulture, $"{row.Place?.LonDegrees:0.#######},{row.Place?.LatDegrees:0.#######}");
            }
            else
            {
                Append(text, row.Place is { } place ? string.Create(CultureInfo.InvariantCulture, $"POINT ({place.LonDegrees:0.#######} {place.LatDegrees:0.#######})") : row.Shape?.AsText() ?? "");
            }
            text.Append("\r\n");
            if (text.Length >= FlushCharacters)
            {
                await FlushAsync(text, output, cancellation);
            }
        }
        await FlushAsync(text, output, cancellation);
    }

    private static void Append(StringBuilder text, string value)
    {
        if (value.AsSpan().IndexOfAny(",\"\r\n") < 0)
        {
            text.Append(value);
            return;
        }
        text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static async Task FlushAsync(StringBuilder text, PipeWriter output, CancellationToken cancellation)
    {
        foreach (var chunk in text.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, output);
        }
        text.Clear();
        await output.FlushAsync(cancellation);
    }
}
