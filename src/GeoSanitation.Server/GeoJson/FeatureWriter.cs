using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.GeoJson;

/// <summary>
/// Writes features of longitude and latitude as GeoJSON (RFC 7946), one at a time while their rows are read. Only what was not flushed yet is in memory.
/// </summary>
internal sealed class FeatureWriter : IDisposable
{
    internal const string MediaType = "application/geo+json";

    private const int FlushBytes = 1 << 15;

    private readonly Utf8JsonWriter _json;
    private readonly Crs _crs;
    private long _sentBytes;

    /// <param name="output">Where the bytes go.</param>
    /// <param name="crs">System of the coordinates written.</param>
    internal FeatureWriter(IBufferWriter<byte> output, Crs crs)
    {
        _crs = crs;
        _json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JsonForm.Options.Encoder, SkipValidation = true });
    }

    /// <summary>A whole body at once, for what is small.</summary>
    internal static byte[] ToBytes(Crs crs, Action<FeatureWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(1 << 12);
        using var writer = new FeatureWriter(body, crs);
        write(writer);
        writer._json.Flush();
        return body.WrittenSpan.ToArray();
    }

    /// <summary>Begins a collection.</summary>
    internal void BeginCollection()
    {
        _json.WriteStartObject();
        _json.WriteString("type", "FeatureCollection");
        WriteCrs();
        _json.WriteStartArray("features");
    }

    /// <summary>Writes a feature with a point.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="properties">An object, written by the rules of <see cref="JsonForm"/>.</param>
    /// <param name="alone">True outside a collection: it then says its own system.</param>
    internal void Write<T>(long id, LonLat place, T properties, bool alone = false)
    {
        Begin(alone);
        _json.WriteNumber("id", id);
        _json.WritePropertyName("geometry");
        Positions.WritePoint(_json, _crs, place);
        End(properties);
    }

    /// <summary>Writes a feature with polygons.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="polygons">Longitude and latitude; null leaves them out.</param>
    /// <param name="properties">An object, written by the rules of <see cref="JsonForm"/>.</param>
    /// <param name="alone">True outside a collection: it then says its own system.</param>
    internal void Write<T>(string id, MultiPolygon? polygons, T properties, bool alone = false)
    {
        Begin(alone);
        _json.WriteString("id", id);
        _json.WritePropertyName("geometry");
        if (polygons is null)
        {
            _json.WriteNullValue();
        }
        else
        {
            Positions.WriteGeometry(_json, _crs, polygons);
        }
        End(properties);
    }

    /// <summary>Ends the collection.</summary>
    /// <param name="returned">Features written.</param>
    /// <param name="matched">Features that the request means on all pages; null when nobody counted.</param>
    /// <param name="links">Itself and the next page.</param>
    internal void EndCollection(long returned, long? matched, IEnumerable<Link> links)
    {
        _json.WriteEndArray();
        if (matched is { } all)
        {
            _json.WriteNumber("numberMatched", all);
        }
        _json.WriteNumber("numberReturned", returned);
        _json.WriteStartArray("links");
        foreach (var link in links)
        {
            _json.WriteStartObject();
            _json.WriteString("rel", link.Rel);
            _json.WriteString("type", link.Type);
            _json.WriteString("href", link.Href);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <summary>Hands everything written over to the output.</summary>
    internal void Flush() => _json.Flush();

    /// <summary>Sends what is written, once it is worth a packet.</summary>
    /// <param name="output">What the writer was made for.</param>
    /// <param name="cancellation">Cancels.</param>
    internal async ValueTask FlushIfFullAsync(PipeWriter output, CancellationToken cancellation)
    {
        if (_json.BytesCommitted + _json.BytesPending - _sentBytes >= FlushBytes)
        {
            _json.Flush();
            _sentBytes = _json.BytesCommitted;
            await output.FlushAsync(cancellation);
        }
    }

    public void Dispose() => _json.Dispose();

    private void Begin(bool alone)
    {
        _json.WriteStartObject();
        _json.WriteString("type", "Feature");
        if (alone)
        {
            WriteCrs();
        }
    }

    private void End<T>(T properties)
    {
        _json.WritePropertyName("properties");
        JsonSerializer.Serialize(_json, properties, JsonForm.Options);
        _json.WriteEndObject();
    }

    private void WriteCrs()
    {
        if (_crs != CrsRegistry.Crs84)
        {
            _json.WriteString("coordRefSys", _crs.Uri);
        }
    }
}
