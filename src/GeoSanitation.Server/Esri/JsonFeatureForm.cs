using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>Features as Esri's JSON.</summary>
internal class JsonFeatureForm : FeatureForm
{
    private const int FlushBytes = 1 << 15;

    private readonly PipeWriter _output;
    private long _sentBytes;

    /// <param name="output">Where it goes.</param>
    /// <param name="fields">The fields of each feature.</param>
    /// <param name="hasPoints">Whether shapes are points; null where there are no shapes.</param>
    /// <param name="shapes">How shapes are written.</param>
    /// <param name="indented">Whether people are to read it.</param>
    internal JsonFeatureForm(PipeWriter output, IReadOnlyList<EsriField> fields, bool? hasPoints, OutputShapes shapes, bool indented = false)
        : base(fields, hasPoints, shapes)
    {
        _output = output;
        Json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented, SkipValidation = true });
    }

    internal override string MediaType => EsriJson.MediaType + "; charset=utf-8";

    protected Utf8JsonWriter Json { get; }

    internal override void Begin()
    {
        Json.WriteStartObject();
        if (Fields.Any(f => f.Type == EsriFields.OidType))
        {
            Json.WriteString("objectIdFieldName", EsriFields.ObjectId);
            Json.WriteStartObject("uniqueIdField");
            Json.WriteString("name", EsriFields.ObjectId);
            Json.WriteBoolean("isSystemMaintained", true);
            Json.WriteEndObject();
            Json.WriteString("globalIdFieldName", "");
        }
        if (HasPoints is { } points)
        {
            Json.WriteString("geometryType", FeatureServer.GeometryTypeOf(points));
            Json.WritePropertyName("spatialReference");
            SpatialReferences.Write(Crs).WriteTo(Json);
            if (Shapes.Grid is { } grid)
            {
                Json.WriteStartObject("transform");
                Json.WriteString("originPosition", grid.FromUpper ? "upperLeft" : "lowerLeft");
                WriteNumbers("scale", grid.Tolerance, grid.Tolerance);
                WriteNumbers("translate", grid.XOrigin, grid.YOrigin);
                Json.WriteEndObject();
            }
        }
        Json.WriteStartArray("fields");
        foreach (var field in Fields)
        {
            EsriFields.Describe(field).WriteTo(Json);
        }
        Json.WriteEndArray();
        Json.WriteStartArray("features");
    }

    internal override void Write(IReadOnlyList<object?> values, Geometry? shape)
    {
        Json.WriteStartObject();
        WriteValues("attributes", values);
        if (HasPoints is not null)
        {
            Json.WritePropertyName("geometry");
            WriteShape(shape);
        }
        Json.WriteEndObject();
    }

    internal override async ValueTask FlushIfFullAsync(CancellationToken cancellation)
    {
        if (Json.BytesCommitted + Json.BytesPending - _sentBytes >= FlushBytes)
        {
            Json.Flush();
            _sentBytes = Json.BytesCommitted;
            await _output.FlushAsync(cancellation);
        }
    }

    /// <summary>Sends what is written.</summary>
    internal async Task FlushAsync()
    {
        Json.Flush();
        await _output.FlushAsync();
    }

    internal override async Task EndAsync(bool isCut, CancellationToken cancellation)
    {
        Json.WriteEndArray();
        WriteCut(isCut);
        Json.WriteEndObject();
        Json.Flush();
        await _output.FlushAsync(cancellation);
    }

    /// <summary>Whether there are more features, in the form's own words.</summary>
    protected virtual void WriteCut(bool isCut) => Json.WriteBoolean("exceededTransferLimit", isCut);

    protected void WriteValues(string name, IReadOnlyList<object?> values)
    {
        Json.WriteStartObject(name);
        for (var i = 0; i < values.Count; i++)
        {
            Json.WritePropertyName(Fields[i].Name);
            switch (values[i])
            {
                case string text:
                    Json.WriteStringValue(text);
                    break;
                case long whole:
                    Json.WriteNumberValue(whole);
                    break;
                case double number when double.IsFinite(number):
                    Json.WriteNumberValue(number);
                    break;
                default:
                    Json.WriteNullValue();
                    break;
            }
        }
        Json.WriteEndObject();
    }

    protected double Rounded(double value) => Math.Round(value, Shapes.Digits);

    private void WriteShape(Geometry? shape)
    {
        if (shape is null || shape is Point != HasPoints)
        {
            Json.WriteNullValue();
            return;
        }
        Json.WriteStartObject();
        if (shape is Point point)
        {
            if (Shapes.Grid is { } grid)
            {
                var (x, y) = grid.Of(point.Coordinate);
                Json.WriteNumber("x", x);
                Json.WriteNumber("y", y);
            }
            else
            {
                Json.WriteNumber("x", Rounded(point.X));
                Json.WriteNumber("y", Rounded(point.Y));
            }
        }
        else
        {
            Json.WriteStartArray("rings");
            foreach (var ring in PolygonsOf(shape, outsidesClockwise: true).SelectMany(rings => rings))
            {
                WriteRing(ring);
            }
            Json.WriteEndArray();
        }
        Json.WriteEndObject();
    }

    private void WriteRing(Coordinate[] ring)
    {
        if (Shapes.Grid is not { } grid)
        {
            Json.WriteStartArray();
            foreach (var corner in ring)
            {
                Json.WriteStartArray();
                Json.WriteNumberValue(Rounded(corner.X));
                Json.WriteNumberValue(Rounded(corner.Y));
                Json.WriteEndArray();
            }
            Json.WriteEndArray();
        }
        else if (OnGrid(ring, grid) is { } places)
        {
            Json.WriteStartArray();
            var last = (X: 0L, Y: 0L);
            foreach (var place in places)
            {
                Json.WriteStartArray();
                // The first stands for itself, each other for its way from the one before.
                Json.WriteNumberValue(place.X - last.X);
                Json.WriteNumberValue(place.Y - last.Y);
                Json.WriteEndArray();
                last = place;
            }
            Json.WriteEndArray();
        }
    }

    private void WriteNumbers(string name, params ReadOnlySpan<double> numbers)
    {
        Json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            Json.WriteNumberValue(number);
        }
        Json.WriteEndArray();
    }
}
