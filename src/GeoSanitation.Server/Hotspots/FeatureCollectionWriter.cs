using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using GeoSanitation.Coordinates;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Writes results in meters as GeoJSON (RFC 7946) with an <c>explain</c> member, straight to bytes.</summary>
internal sealed class FeatureCollectionWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private readonly Crs _analysis;
    private readonly Crs _output;

    /// <param name="analysis">System of the coordinates given.</param>
    /// <param name="output">System of the coordinates written.</param>
    internal FeatureCollectionWriter(Crs analysis, Crs output)
    {
        (_analysis, _output) = (analysis, output);
        Json = new Utf8JsonWriter(_bytes, Options);
        Json.WriteStartObject();
        Json.WriteString("type", "FeatureCollection");
        if (output != CrsRegistry.Crs84)
        {
            Json.WriteString("coordRefSys", output.Uri);
        }
        Json.WriteStartArray("features");
    }

    /// <summary>For the properties of the feature begun.</summary>
    internal Utf8JsonWriter Json { get; }

    /// <summary>Begins a feature with a point.</summary>
    internal void BeginPoint(long id, double xMeters, double yMeters)
    {
        Begin();
        Json.WriteNumber("id", id);
        Geometry("Point");
        Positions([xMeters], [yMeters]);
        EndGeometry();
    }

    /// <summary>Begins a feature with polygons.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="polygons">Each a shell and its holes; rings x0, y0, x1, y1 ... in meters, closed.</param>
    internal void BeginPolygons(string id, IReadOnlyList<IReadOnlyList<double[]>> polygons)
    {
        Begin();
        Json.WriteString("id", id);
        var single = polygons.Count == 1;
        Geometry(single ? "Polygon" : "MultiPolygon");
        if (!single)
        {
            Json.WriteStartArray();
        }
        foreach (var polygon in polygons)
        {
            Json.WriteStartArray();
            foreach (var ring in polygon)
            {
                var (x, y) = (new double[ring.Length / 2], new double[ring.Length / 2]);
                for (var i = 0; i < x.Length; i++)
                {
                    (x[i], y[i]) = (ring[2 * i], ring[2 * i + 1]);
                }
                Json.WriteStartArray();
                Positions(x, y);
                Json.WriteEndArray();
            }
            Json.WriteEndArray();
        }
        if (!single)
        {
            Json.WriteEndArray();
        }
        EndGeometry();
    }

    /// <summary>A property that is null where it is undefined.</summary>
    internal void Number(string name, double value)
    {
        if (double.IsFinite(value))
        {
            Json.WriteNumber(name, value);
        }
        else
        {
            Json.WriteNull(name);
        }
    }

    /// <summary>A time from seconds since 1970.</summary>
    internal void Time(string name, long seconds) => Json.WriteString(name, DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));

    internal void EndFeature()
    {
        Json.WriteEndObject();
        Json.WriteEndObject();
    }

    /// <summary>Ends the collection.</summary>
    internal byte[] Finish(JsonObject explain)
    {
        Json.WriteEndArray();
        Json.WritePropertyName("explain");
        explain.WriteTo(Json);
        Json.WriteEndObject();
        Json.Flush();
        return _bytes.WrittenSpan.ToArray();
    }

    public void Dispose() => Json.Dispose();

    private void Begin()
    {
        Json.WriteStartObject();
        Json.WriteString("type", "Feature");
    }

    private void Geometry(string type)
    {
        Json.WriteStartObject("geometry");
        Json.WriteString("type", type);
        Json.WritePropertyName("coordinates");
    }

    private void EndGeometry()
    {
        Json.WriteEndObject();
        Json.WriteStartObject("properties");
    }

    private void Positions(double[] x, double[] y)
    {
        AnalysisCrs.ToDegrees(_analysis, x, y);
        _output.FromLonLat(x, y, x, y);
        for (var i = 0; i < x.Length; i++)
        {
            GeoJson.Positions.Write(Json, _output, x[i], y[i]);
        }
    }
}
