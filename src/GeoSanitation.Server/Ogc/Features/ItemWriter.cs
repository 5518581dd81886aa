using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Http;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>Features of a collection as GeoJSON (RFC 7946), or with the members of JSON-FG (OGC 21-045r1), while they are read.</summary>
/// <param name="collection">The collection.</param>
/// <param name="crs">System of the coordinates.</param>
/// <param name="asJsonFg">Whether the members of JSON-FG are there.</param>
/// <param name="isPlus">Whether the geometry stays in WGS 84 beside a place in another system, for clients that read only that.</param>
/// <param name="schema">Address of the schema of the features.</param>
internal sealed class ItemWriter(Collection collection, Crs crs, bool asJsonFg, bool isPlus, string schema)
{
    private const int FlushBytes = 1 << 15;

    /// <summary>Conformance classes of JSON-FG. A feature type may be named only with the second.</summary>
    internal static readonly string[] JsonFgClasses = ["http://www.opengis.net/spec/json-fg-1/1.0/conf/core", "http://www.opengis.net/spec/json-fg-1/1.0/conf/types-schemas"];

    /// <summary>Attributes that must be read behind those that are shown, for the time of a feature.</summary>
    internal static IReadOnlyList<LayerColumn> TimesOf(Collection collection, bool asJsonFg)
        => asJsonFg && collection is { Method: null, Layer: { Time: { } time } layer } ? layer.EndTime is { } end ? [time, end] : [time] : [];

    /// <summary>Writes a list.</summary>
    /// <param name="features">The features; behind the attributes that are shown those of <see cref="TimesOf"/>.</param>
    /// <param name="shown">How many attributes are shown.</param>
    /// <param name="written">When, UTC.</param>
    /// <param name="output">Where to.</param>
    /// <param name="matched">How many features are meant on all pages; null when nobody counted.</param>
    /// <param name="linksOf">The links, once the rows are through.</param>
    /// <param name="cancellation">Cancels.</param>
    internal async Task WriteAsync(FeatureSet features, int shown, DateTime written, PipeWriter output, long? matched, Func<IEnumerable<JsonObject>> linksOf, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(output, RowJson.Options);
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        WriteHead(json);
        json.WriteStartArray("features");
        var returned = 0L;
        await foreach (var row in features.Rows.WithCancellation(cancellation))
        {
            WriteFeature(json, row, features.Columns, shown, alone: false);
            json.WriteEndObject();
            returned++;
            if (json.BytesPending >= FlushBytes)
            {
                json.Flush();
                await output.FlushAsync(cancellation);
            }
        }
        json.WriteEndArray();
        WriteEnd(json, written, matched, returned, linksOf());
        await output.FlushAsync(cancellation);
    }

    /// <summary>Writes a list from the columns in memory, as plain GeoJSON.</summary>
    /// <param name="items">The issues.</param>
    /// <param name="written">When, UTC.</param>
    /// <param name="output">Where to.</param>
    /// <param name="linksOf">The links.</param>
    /// <param name="cancellation">Cancels.</param>
    internal async Task WriteAsync(ColumnItems items, DateTime written, PipeWriter output, Func<IEnumerable<JsonObject>> linksOf, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(output, RowJson.Options);
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        WriteHead(json);
        json.WritePropertyName("features");
        using (var features = new RentedBytes())
        {
            items.Json.Write(items.Page, items.Returned, features);
            json.WriteRawValue(features.Written, skipInputValidation: true);
        }
        WriteEnd(json, written, items.Matched, items.Returned, linksOf());
        await output.FlushAsync(cancellation);
    }

    private static void WriteEnd(Utf8JsonWriter json, DateTime written, long? matched, long returned, IEnumerable<JsonObject> links)
    {
        // A reader keeps it in 32 bits.
        if (matched is <= int.MaxValue)
        {
            json.WriteNumber("numberMatched", matched.Value);
        }
        json.WriteNumber("numberReturned", returned);
        json.WriteString("timeStamp", JsonForm.Time(written));
        WriteLinks(json, links);
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>Writes a single feature.</summary>
    internal void WriteOne(Utf8JsonWriter json, FeatureRow row, IReadOnlyList<LayerColumn> columns, int shown, IEnumerable<JsonObject> links)
    {
        WriteFeature(json, row, columns, shown, alone: true);
        WriteLinks(json, links);
        json.WriteEndObject();
        json.Flush();
    }

    private void WriteFeature(Utf8JsonWriter json, FeatureRow row, IReadOnlyList<LayerColumn> columns, int shown, bool alone)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        if (alone)
        {
            WriteHead(json);
        }
        RowJson.WriteId(json, row);
        if (!asJsonFg)
        {
            json.WritePropertyName("geometry");
            RowJson.WriteShape(json, row, crs);
        }
        else
        {
            WritePlace(json, row);
            WriteTime(json, row, shown, columns.Count);
        }
        json.WritePropertyName("properties");
        RowJson.WriteProperties(json, row, columns, shown);
    }

    private void WriteHead(Utf8JsonWriter json)
    {
        if (asJsonFg)
        {
            json.WriteStartArray("conformsTo");
            foreach (var name in JsonFgClasses)
            {
                json.WriteStringValue(name);
            }
            json.WriteEndArray();
            json.WriteString("featureType", collection.Name);
            json.WriteString("featureSchema", schema);
        }
        if (crs != CrsRegistry.Crs84)
        {
            json.WriteString("coordRefSys", crs.Uri);
        }
    }

    /// <summary>Another system than WGS 84 stands in a place of its own.</summary>
    private void WritePlace(Utf8JsonWriter json, FeatureRow row)
    {
        var isOther = crs != CrsRegistry.Crs84;
        json.WritePropertyName("geometry");
        if (isOther && !isPlus)
        {
            json.WriteNullValue();
        }
        else
        {
            RowJson.WriteShape(json, row, CrsRegistry.Crs84);
        }
        json.WritePropertyName("place");
        if (isOther)
        {
            RowJson.WriteShape(json, row, crs);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>From the report to the closing, which may be still to come; an instant where there is no end.</summary>
    private static void WriteTime(Utf8JsonWriter json, FeatureRow row, int first, int count)
    {
        json.WritePropertyName("time");
        if (first == count || row.IsNull(first))
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        var start = JsonForm.Time(row.Time(first));
        if (count == first + 2)
        {
            json.WriteStartArray("interval");
            json.WriteStringValue(start);
            json.WriteStringValue(row.IsNull(first + 1) ? ".." : JsonForm.Time(row.Time(first + 1)));
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("timestamp", start);
        }
        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, IEnumerable<JsonObject> links)
    {
        json.WriteStartArray("links");
        foreach (var link in links)
        {
            link.WriteTo(json);
        }
        json.WriteEndArray();
    }
}
