using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.FeatureTables;

/// <summary>What the values of a <see cref="Column"/> are.</summary>
internal enum ColumnType
{
    /// <summary>A text or null.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number; NaN where it is undefined, which every form writes as null.</summary>
    Number,

    /// <summary>An instant in seconds since 1970-01-01T00:00Z, or null.</summary>
    Time,

    /// <summary>A list or an object; forms without such a type write its JSON text.</summary>
    Json,
}

/// <summary>An attribute of the rows of a <see cref="FeatureTable"/>: its name, its type, and where the value of a row comes from.</summary>
internal sealed class Column
{
    private readonly Delegate _valueOf;

    private Column(string name, ColumnType type, Delegate valueOf) => (Name, Type, _valueOf) = (name, type, valueOf);

    /// <summary>Its name, in snake_case.</summary>
    internal string Name { get; }

    internal ColumnType Type { get; }

    internal static Column Text(string name, Func<int, string?> valueOf) => new(name, ColumnType.Text, valueOf);

    internal static Column Whole(string name, Func<int, long> valueOf) => new(name, ColumnType.Whole, valueOf);

    internal static Column Number(string name, Func<int, double> valueOf) => new(name, ColumnType.Number, valueOf);

    internal static Column Time(string name, Func<int, long?> valueOf) => new(name, ColumnType.Time, valueOf);

    internal static Column Json(string name, Func<int, JsonNode?> valueOf) => new(name, ColumnType.Json, valueOf);

    internal string? TextOf(int row) => ((Func<int, string?>)_valueOf)(row);

    internal long WholeOf(int row) => ((Func<int, long>)_valueOf)(row);

    internal double NumberOf(int row) => ((Func<int, double>)_valueOf)(row);

    internal long? TimeOf(int row) => ((Func<int, long?>)_valueOf)(row);

    internal JsonNode? JsonOf(int row) => ((Func<int, JsonNode?>)_valueOf)(row);

    /// <summary>An instant as RFC 3339 has it.</summary>
    internal static string InstantOf(long seconds) => DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    /// <summary>The value of a row as text where it is one, an instant or JSON; null where there is none.</summary>
    internal string? WordsOf(int row) => Type switch
    {
        ColumnType.Text => TextOf(row),
        ColumnType.Time => TimeOf(row) is { } seconds ? InstantOf(seconds) : null,
        ColumnType.Json => JsonOf(row)?.ToJsonString(JsonForm.Options),
        _ => null,
    };

    /// <summary>Writes the value of a row.</summary>
    internal void Write(Utf8JsonWriter json, int row)
    {
        switch (Type)
        {
            case ColumnType.Text when TextOf(row) is { } text:
                json.WriteStringValue(text);
                break;
            case ColumnType.Whole:
                json.WriteNumberValue(WholeOf(row));
                break;
            case ColumnType.Number when double.IsFinite(NumberOf(row)):
                json.WriteNumberValue(NumberOf(row));
                break;
            case ColumnType.Time when TimeOf(row) is { } seconds:
                json.WriteStringValue(InstantOf(seconds));
                break;
            case ColumnType.Json when JsonOf(row) is { } node:
                node.WriteTo(json);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
