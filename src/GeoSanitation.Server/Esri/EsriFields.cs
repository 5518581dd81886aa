using System.Text.Json.Nodes;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.Esri;

/// <summary>A field of an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in Esri's words.</param>
/// <param name="Column">The attribute it shows; null for OBJECTID and for statistics.</param>
internal sealed record EsriField(string Name, string Type, LayerColumn? Column = null);

/// <summary>Attributes as Esri's fields: times are milliseconds since 1970, true and false 1 and 0, lists texts with commas between.</summary>
internal static class EsriFields
{
    /// <summary>Name of the field that holds a feature's number.</summary>
    internal const string ObjectId = "OBJECTID";

    internal const string OidType = "esriFieldTypeOID", TextType = "esriFieldTypeString", WholeType = "esriFieldTypeInteger", SmallType = "esriFieldTypeSmallInteger",
        NumberType = "esriFieldTypeDouble", TimeType = "esriFieldTypeDate";

    // Longer than any text that is shown but for a description of 10,000.
    private const int LongestText = 10_000;

    /// <summary>The field of a feature's number.</summary>
    internal static EsriField Oid { get; } = new(ObjectId, OidType);

    /// <summary>Attributes of a layer that a caller may see.</summary>
    internal static IReadOnlyList<LayerColumn> ColumnsFor(Layer layer, bool seesPrivate) => [.. layer.Columns.Where(c => seesPrivate || !c.IsPrivate)];

    internal static EsriField Of(LayerColumn column) => new(column.Name, TypeOf(column.Kind), column);

    internal static string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Whole => WholeType,
        ColumnKind.Number => NumberType,
        ColumnKind.Flag => SmallType,
        ColumnKind.Time => TimeType,
        _ => TextType,
    };

    /// <summary>Values of a row as they are written: string, long, double or null.</summary>
    internal static object?[] ValuesOf(FeatureRow row, IReadOnlyList<LayerColumn> columns)
    {
        var values = new object?[columns.Count + 1];
        values[0] = row.Number;
        for (var i = 0; i < columns.Count; i++)
        {
            values[i + 1] = row.IsNull(i) ? null : columns[i].Kind switch
            {
                ColumnKind.Whole => row.Whole(i),
                ColumnKind.Number => row.Real(i),
                ColumnKind.Flag => row.Flag(i) ? 1L : 0L,
                ColumnKind.Time => Milliseconds(row.Time(i)),
                ColumnKind.Texts => string.Join(',', row.Texts(i)),
                _ => row.Text(i),
            };
        }
        return values;
    }

    /// <summary>A value of a group as it is written.</summary>
    internal static object? ValueOf(object? value) => value switch
    {
        DateTime time => Milliseconds(time),
        bool flag => flag ? 1L : 0L,
        short or int => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture),
        _ => value,
    };

    internal static long Milliseconds(DateTime utc) => (long)Math.Floor((utc - DateTime.UnixEpoch).TotalMilliseconds);

    /// <summary>A field as documents and answers describe it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="isEditable">Whether the caller may change it.</param>
    internal static JsonObject Describe(EsriField field, bool isEditable = false)
    {
        var json = new JsonObject { ["name"] = field.Name, ["type"] = field.Type, ["alias"] = field.Column is null ? field.Name : AliasOf(field.Name) };
        if (field.Type == TextType)
        {
            json["length"] = LongestText;
        }
        json["sqlType"] = "sqlTypeOther";
        json["nullable"] = field.Column?.IsNullable ?? field.Type != OidType;
        json["editable"] = isEditable;
        json["domain"] = field.Column is { Values.Count: > 0 } column
            ? new JsonObject
            {
                ["type"] = "codedValue",
                ["name"] = column.Name,
                ["codedValues"] = new JsonArray([.. column.Values.Select(v => new JsonObject { ["name"] = v, ["code"] = v })]),
            }
            : null;
        json["defaultValue"] = null;
        if (field.Column is { Description.Length: > 0 } described)
        {
            json["description"] = described.Description + (described.Unit is { } unit ? $" ({unit})" : "");
        }
        return json;
    }

    private static string AliasOf(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');
}
