using System.IO.Pipelines;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Http;
using GeoSanitation.Store.Runs;

namespace GeoSanitation.Server.Runs;

/// <summary>Writes a kept result as GeoJSON (RFC 7946) while its rows are read, with its <c>explain</c> member.</summary>
internal static class RunResultWriter
{
    private const int FlushBytes = 1 << 15;

    internal static async Task WriteAsync(RunRecord run, IAsyncEnumerable<RunFeature> features, Crs crs, PipeWriter output, CancellationToken cancellation)
    {
        string[] columns = [.. JsonDocument.Parse(run.ColumnsJson).RootElement.EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];
        await using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JsonForm.Options.Encoder, SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        if (crs != CrsRegistry.Crs84)
        {
            json.WriteString("coordRefSys", crs.Uri);
        }
        json.WriteStartArray("features");
        await foreach (var feature in features)
        {
            Write(json, feature, columns, crs);
            if (json.BytesPending >= FlushBytes)
            {
                json.Flush();
                await output.FlushAsync(cancellation);
            }
        }
        json.WriteEndArray();
        json.WritePropertyName("explain");
        json.WriteRawValue(run.ExplainJson!);
        json.WriteEndObject();
        json.Flush();
        await output.FlushAsync(cancellation);
    }

    /// <summary>Writes what has changed from one run to another.</summary>
    internal static async Task WriteAsync(RunRecord before, RunRecord after, IReadOnlyList<HotspotChange> changes, Crs crs, PipeWriter output, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JsonForm.Options.Encoder, SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        if (crs != CrsRegistry.Crs84)
        {
            json.WriteString("coordRefSys", crs.Uri);
        }
        json.WriteStartArray("features");
        foreach (var change in changes)
        {
            json.WriteStartObject();
            json.WriteString("type", "Feature");
            json.WritePropertyName("geometry");
            Positions.WriteGeometry(json, crs, change.Geometry);
            json.WriteStartObject("properties");
            json.WriteString("change", change.Change);
            WriteTexts(json, "before", change.Before);
            WriteTexts(json, "after", change.After);
            WriteNumber(json, $"{change.Measure}_before", change.ValueBefore);
            WriteNumber(json, $"{change.Measure}_after", change.ValueAfter);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("counts");
        foreach (var word in RunComparison.Changes)
        {
            json.WriteNumber(word, changes.Count(c => c.Change == word));
        }
        json.WriteEndObject();
        json.WriteNumber("before", before.Id);
        json.WriteNumber("after", after.Id);
        json.WriteEndObject();
        json.Flush();
        await output.FlushAsync(cancellation);
    }

    private static void Write(Utf8JsonWriter json, RunFeature feature, string[] columns, Crs crs)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteString("id", feature.Key);
        json.WritePropertyName("geometry");
        Positions.WriteGeometry(json, crs, feature.Geometry);
        json.WriteStartObject("properties");
        using var properties = JsonDocument.Parse(feature.PropertiesJson);
        // In the order that the method gave them, which the database does not keep.
        foreach (var column in columns)
        {
            if (properties.RootElement.TryGetProperty(column, out var value))
            {
                json.WritePropertyName(column);
                value.WriteTo(json);
            }
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        if (value is { } number)
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
