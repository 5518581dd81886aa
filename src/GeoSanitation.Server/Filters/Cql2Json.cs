using System.Text.Json;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GeoSanitation.Server.Filters;

/// <summary>Conditions in CQL2 JSON (OGC 21-065r2, annex C).</summary>
internal sealed class Cql2Json(PredicateBuilder build)
{
    private static readonly Dictionary<string, ComparisonOperator> Comparisons = new()
    {
        ["="] = ComparisonOperator.Equal,
        ["<>"] = ComparisonOperator.NotEqual,
        ["<"] = ComparisonOperator.Less,
        ["<="] = ComparisonOperator.LessOrEqual,
        [">"] = ComparisonOperator.Greater,
        [">="] = ComparisonOperator.GreaterOrEqual,
    };

    private static readonly Dictionary<string, ArithmeticOperator> Arithmetics = new()
    {
        ["+"] = ArithmeticOperator.Add,
        ["-"] = ArithmeticOperator.Subtract,
        ["*"] = ArithmeticOperator.Multiply,
        ["/"] = ArithmeticOperator.Divide,
        ["div"] = ArithmeticOperator.WholeDivide,
        ["%"] = ArithmeticOperator.Remainder,
        ["^"] = ArithmeticOperator.Power,
    };

    /// <summary>The condition of a JSON text.</summary>
    /// <exception cref="FilterException">It is no condition on the layer.</exception>
    internal Predicate Parse(string text)
    {
        if (text.Length > FilterTokens.LongestText)
        {
            throw new FilterException($"it has {text.Length} characters; at most {FilterTokens.LongestText} are read");
        }
        try
        {
            using var json = JsonDocument.Parse(text);
            return PredicateBuilder.Condition(Read(json.RootElement));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: a lone half of a surrogate pair in a text.
            throw new FilterException($"it is no JSON that can be read: {problem.Message}");
        }
    }

    private object Read(JsonElement node)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.String:
                return PredicateBuilder.Text(node.GetString()!);
            case JsonValueKind.Number:
                return PredicateBuilder.Number(node.GetRawText());
            case JsonValueKind.True or JsonValueKind.False:
                return Literal.Of(node.GetBoolean());
            case JsonValueKind.Object when node.TryGetProperty("property", out var name):
                return Build.Value(Name(name));
            case JsonValueKind.Object when node.TryGetProperty("timestamp", out var instant) || node.TryGetProperty("date", out instant):
                return PredicateBuilder.Instant(Name(instant));
            case JsonValueKind.Object when node.TryGetProperty("op", out var op):
                return Operation(Name(op), node.TryGetProperty("args", out var args) && args.ValueKind == JsonValueKind.Array ? [.. args.EnumerateArray()] : throw new FilterException("an op has no array args"));
            default:
                throw new FilterException($"{PredicateBuilder.Shortened(node.GetRawText())} is no value and no condition");
        }
    }

    private object Operation(string name, JsonElement[] args)
    {
        if (Comparisons.TryGetValue(name, out var comparison))
        {
            Count(2);
            return PredicateBuilder.Compare(Value(args[0]), comparison, Value(args[1]));
        }
        if (Arithmetics.TryGetValue(name, out var arithmetic))
        {
            Count(2);
            return PredicateBuilder.Number(Value(args[0]), arithmetic, Value(args[1]));
        }
        switch (name)
        {
            case "and" or "or":
                Predicate[] parts = [.. args.Select(a => PredicateBuilder.Condition(Read(a)))];
                return parts.Length < 1 ? throw new FilterException($"{name} takes conditions") : name == "and" ? new All(parts) : new AnyOf(parts);
            case "not":
                Count(1);
                return new Not(PredicateBuilder.Condition(Read(args[0])));
            case "like":
                Count(2);
                return PredicateBuilder.Like(Value(args[0]), Value(args[1]));
            case "between":
                // The ends beside the value, or in an array of their own, as drafts had it.
                if (args is [_, { ValueKind: JsonValueKind.Array }])
                {
                    args = [args[0], .. args[1].EnumerateArray()];
                }
                Count(3);
                return PredicateBuilder.Between(Value(args[0]), Value(args[1]), Value(args[2]));
            case "in":
                Count(2);
                return PredicateBuilder.OneOf(Value(args[0]), [.. Items(args[1]).Select(Value)]);
            case "isNull":
                Count(1);
                return IsShape(args[0]) ? new IsNull(null) : new IsNull(Value(args[0]));
            case "casei":
                Count(1);
                return PredicateBuilder.Folded(Value(args[0]));
        }
        if (Cql2Words.SpatialOf(name) is { } spatial)
        {
            Count(2);
            return Cql2Words.Relate(spatial, Shape(args[0]), Shape(args[1]));
        }
        if (Cql2Words.TemporalOf(name) is { } temporal)
        {
            Count(2);
            return new Temporal(temporal, Time(args[0]), Time(args[1]));
        }
        if (Cql2Words.ListOf(name) is { } list)
        {
            Count(2);
            return new Lists(list, Texts(args[0]), Texts(args[1]));
        }
        throw new FilterException($"{PredicateBuilder.Shortened(name)} is no op; there are and, or, not, =, <>, <, <=, >, >=, like, between, in, isNull, +, -, *, /, %, div, ^, {Cql2Words.Functions.ToLowerInvariant()}");

        void Count(int count)
        {
            if (args.Length != count)
            {
                throw new FilterException($"{name} takes {count} args, not {args.Length}");
            }
        }
    }

    private PredicateBuilder Build { get; } = build;

    private Operand Value(JsonElement node) => PredicateBuilder.ValueOf(Read(node));

    private static bool IsShape(JsonElement node)
        => node.ValueKind == JsonValueKind.Object && node.TryGetProperty("property", out var name) && PredicateBuilder.ShapeNames.Contains(Name(name));

    /// <summary>The shape of the feature (null), or a given one: GeoJSON, or a box.</summary>
    private NetTopologySuite.Geometries.Geometry? Shape(JsonElement node)
    {
        if (IsShape(node))
        {
            return null;
        }
        if (node.ValueKind == JsonValueKind.Object && node.TryGetProperty("bbox", out var box))
        {
            return Build.Box([.. Items(box).Select(n => n.ValueKind == JsonValueKind.Number && n.TryGetDouble(out var number) ? number : throw new FilterException("a box is of numbers"))]);
        }
        try
        {
            return Build.Shape(JsonSerializer.Deserialize<NetTopologySuite.Geometries.Geometry>(node, ShapeOptions) ?? throw new FilterException("a shape is missing"));
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException or InvalidOperationException or FormatException or NullReferenceException or IndexOutOfRangeException)
        {
            throw new FilterException($"{PredicateBuilder.Shortened(node.GetRawText())} is no shape: GeoJSON, a bbox, or the property {PredicateBuilder.ShapeNames[0]}");
        }
    }

    private static readonly JsonSerializerOptions ShapeOptions = new() { Converters = { new NetTopologySuite.IO.Converters.GeoJsonConverterFactory() } };

    private Period Time(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Object && node.TryGetProperty("interval", out var interval))
        {
            return Items(interval) is [var start, var end] ? Cql2Words.Interval(End(start), End(end)) : throw new FilterException("an interval has two ends");
        }
        return PredicateBuilder.Moment(Read(node), node.ValueKind == JsonValueKind.Object && node.TryGetProperty("date", out _));
    }

    private (Operand? Moment, bool IsDay) End(JsonElement node)
    {
        if (node.ValueKind != JsonValueKind.String)
        {
            return (Value(node), node.ValueKind == JsonValueKind.Object && node.TryGetProperty("date", out _));
        }
        var text = node.GetString()!;
        return text is ".." or "" ? (null, false) : (PredicateBuilder.Instant(text), !text.Contains('T', StringComparison.Ordinal));
    }

    private TextList Texts(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Object && node.TryGetProperty("property", out var name))
        {
            var column = Build.Column(Name(name));
            return column.Kind == ColumnKind.Texts ? new TextList(column, []) : throw new FilterException($"{column.Name} is no list");
        }
        return new TextList(null, [.. Items(node).Select(Name)]);
    }

    private static JsonElement[] Items(JsonElement node) => node.ValueKind == JsonValueKind.Array ? [.. node.EnumerateArray()] : throw new FilterException($"{PredicateBuilder.Shortened(node.GetRawText())} is no array");

    private static string Name(JsonElement node)
        => node.ValueKind == JsonValueKind.String ? (string)PredicateBuilder.Text(node.GetString()!).Value : throw new FilterException($"{PredicateBuilder.Shortened(node.GetRawText())} is no text");
}
