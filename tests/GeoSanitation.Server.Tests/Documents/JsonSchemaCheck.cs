using System.Text.Json;

namespace GeoSanitation.Server.Documents;

/// <summary>Compares a JSON value with a schema of an OpenAPI document, as far as our documents use JSON Schema.</summary>
internal static class JsonSchemaCheck
{
    /// <summary>Where the value is not what the schema says, or not described by it; empty when all is well.</summary>
    internal static IEnumerable<string> Differences(JsonElement document, JsonElement schema, JsonElement value, string path = "")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = reference.GetString()!["#/".Length..].Split('/').Aggregate(document, (at, name) => at.GetProperty(name));
        }
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return choices.EnumerateArray().Any(choice => !Differences(document, choice, value, path).Any()) ? [] : [$"{path}: none of the choices"];
        }
        if (schema.TryGetProperty("type", out var type) && !TypesOf(type).Any(name => IsOf(value, name)))
        {
            return [$"{path}: {value.ValueKind} is no {type}"];
        }
        return value.ValueKind switch
        {
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray().SelectMany((item, i) => Differences(document, items, item, $"{path}/{i}")),
            JsonValueKind.Object when schema.TryGetProperty("properties", out var properties) => OfObject(document, schema, properties, value, path),
            _ => [],
        };
    }

    private static IEnumerable<string> OfObject(JsonElement document, JsonElement schema, JsonElement properties, JsonElement value, string path)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (!properties.TryGetProperty(member.Name, out var expected))
            {
                // What a method adds to its explanation is free, and the document says so.
                if (path != "/explain")
                {
                    yield return $"{path}/{member.Name}: not described";
                }
                continue;
            }
            foreach (var difference in Differences(document, expected, member.Value, $"{path}/{member.Name}"))
            {
                yield return difference;
            }
        }
        foreach (var name in schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(r => r.GetString()!) : [])
        {
            if (!value.TryGetProperty(name, out _))
            {
                yield return $"{path}/{name}: missing";
            }
        }
    }

    private static IEnumerable<string> TypesOf(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no type of JSON Schema"),
    };
}
