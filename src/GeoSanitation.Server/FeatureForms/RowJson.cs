using System.Globalization;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Http;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>A feature's parts as GeoJSON.</summary>
internal static class RowJson
{
    /// <summary>Options of a writer of features: Chinese text readable, and no second look at what is written.</summary>
    internal static readonly JsonWriterOptions Options = new() { Encoder = JsonForm.Options.Encoder, SkipValidation = true };

    /// <summary>Writes the member <c>id</c>.</summary>
    internal static void WriteId(Utf8JsonWriter json, FeatureRow row)
    {
        if (row.HasWholeId)
        {
            json.WritePropertyName("id");
            json.WriteRawValue(row.Id, skipInputValidation: true);
        }
        else
        {
            json.WriteString("id", row.Id);
        }
    }

    /// <summary>Writes the shape as a value; null where there is none.</summary>
    internal static void WriteShape(Utf8JsonWriter json, FeatureRow row, Crs crs)
    {
        if (row.Place is { } place)
        {
            Positions.WritePoint(json, crs, new LonLat(place.LonDegrees, place.LatDegrees));
        }
        else if (row.Shape is { } shape)
        {
            Positions.WriteGeometry(json, crs, shape);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>Writes the first attributes as an object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="row">The feature.</param>
    /// <param name="columns">Its attributes, in the order of the row.</param>
    /// <param name="count">How many of them.</param>
    internal static void WriteProperties(Utf8JsonWriter json, FeatureRow row, IReadOnlyList<LayerColumn> columns, int count)
    {
        json.WriteStartObject();
        for (var i = 0; i < count; i++)
        {
            json.WritePropertyName(columns[i].Name);
            WriteValue(json, row, columns[i].Kind, i);
        }
        json.WriteEndObject();
    }

    /// <summary>A value as text: a number as it is written in programs, a time as RFC 3339 has it, a list as JSON; empty where there is none.</summary>
    internal static string Words(FeatureRow row, ColumnKind kind, int column) => row.IsNull(column) ? "" : kind switch
    {
        ColumnKind.Text or ColumnKind.Json => row.Text(column),
        ColumnKind.Whole => row.Whole(column).ToString(CultureInfo.InvariantCulture),
        ColumnKind.Number => row.Real(column).ToString("R", CultureInfo.InvariantCulture),
        ColumnKind.Flag => row.Flag(column) ? "true" : "false",
        ColumnKind.Time => JsonForm.Time(row.Time(column)),
        _ => JsonSerializer.Serialize(row.Texts(column), JsonForm.Options),
    };

    private static void WriteValue(Utf8JsonWriter json, FeatureRow row, ColumnKind kind, int column)
    {
        if (row.IsNull(column) || (kind == ColumnKind.Number && !double.IsFinite(row.Real(column))))
        {
            json.WriteNullValue();
            return;
        }
        switch (kind)
        {
            case ColumnKind.Text:
                json.WriteStringValue(row.Text(column));
                break;
            case ColumnKind.Whole:
                json.WriteNumberValue(row.Whole(column));
                break;
            case ColumnKind.Number:
                json.WriteNumberValue(row.Real(column));
                break;
            case ColumnKind.Flag:
                json.WriteBooleanValue(row.Flag(column));
                break;
            case ColumnKind.Time:
                json.WriteStringValue(JsonForm.Time(row.Time(column)));
                break;
            case ColumnKind.Json:
                json.WriteRawValue(row.Text(column), skipInputValidation: true);
                break;
            default:
                json.WriteStartArray();
                foreach (var text in row.Texts(column))
                {
                    json.WriteStringValue(text);
                }
                json.WriteEndArray();
                break;
        }
    }
}
