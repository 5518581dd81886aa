using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Parameters;

/// <summary>
/// A parameter of a request: its name, what it means and what it may be, said once. The endpoint that <see cref="ParameterRules.Takes{T}">takes</see> it, the refusal of
/// what it does not take and the OpenAPI document all come from here. It stands in the path where the route names it, else in the query.
/// </summary>
/// <param name="name">As the caller writes it.</param>
/// <param name="description">What it means, with its unit.</param>
/// <param name="schema">What it may be.</param>
/// <param name="example">A value that makes sense.</param>
internal class Parameter(string name, string description, OpenApiSchema schema, JsonNode example)
{
    /// <summary>Longest text that is taken where nothing else is said.</summary>
    internal const int LongestText = 500;

    internal string Name { get; } = name;

    internal string Description { get; } = description;

    internal OpenApiSchema Schema { get; } = schema;

    internal JsonNode Example { get; } = example;

    /// <summary>True for one that may be given several times: each is one item of the array of <see cref="Schema"/>.</summary>
    internal bool Repeats { get; init; }

    /// <summary>True for one in the query that must be given.</summary>
    internal bool Required { get; init; }

    /// <summary>True for a header.</summary>
    internal bool InHeader { get; init; }

    /// <summary>A number within limits; null when it is not given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="least">Least value.</param>
    /// <param name="most">Greatest value.</param>
    /// <param name="unit">Unit, for people: "meters".</param>
    /// <param name="description">What it means, without the unit.</param>
    /// <param name="example">A value that makes sense.</param>
    internal static Parameter<double?> Number(string name, double least, double most, string unit, string description, double example)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = Text(least), Maximum = Text(most) };
        return new(name, $"{description} ({unit})", schema, example, text => text is null ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
            : throw new BadParameterException(name, text, $"a number from {Text(least)} to {Text(most)} ({unit})"));
    }

    /// <summary>A whole number within limits; null when it is not given.</summary>
    internal static Parameter<int?> Whole(string name, int least, int most, string description, int example)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = Text(least), Maximum = Text(most) };
        return new(name, description, schema, example, text => text is null ? null
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
            : throw new BadParameterException(name, text, $"a whole number from {least} to {most}"));
    }

    /// <summary>One of some words; the first of them when it is not given.</summary>
    internal static Parameter<string> Word(string name, string description, params string[] words)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)], Default = words[0] };
        return new(name, description, schema, words[^1], text => text is null ? words[0] : words.Contains(text) ? text : throw NoneOf(name, text, words));
    }

    /// <summary>One of some words, or null when it is not given.</summary>
    internal static Parameter<string?> Choice(string name, string description, params string[] words)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };
        return new(name, description, schema, words[^1], text => text is null || words.Contains(text) ? text : throw NoneOf(name, text, words));
    }

    /// <summary>true or false; false when it is not given.</summary>
    internal static Parameter<bool> Flag(string name, string description)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false }, true, text => Boolean(name, text) ?? false);

    /// <summary>true or false, or null when it is not given.</summary>
    internal static Parameter<bool?> Switch(string name, string description)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.Boolean }, true, text => Boolean(name, text));

    /// <summary>A text, or null when it is not given.</summary>
    internal static Parameter<string?> OfText(string name, string description, string example, int longest = LongestText)
        => new(name, description, new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = longest }, example, text => text is null ? null : Checked(name, text, longest));

    /// <summary>Texts, each once.</summary>
    internal static Parameter<string[]> OfTexts(string name, string description, string example)
    {
        const int most = 200;
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            MaxItems = most,
            Items = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = LongestText },
        };
        return Parameter<string[]>.Repeated(name, description + ". Repeatable: one of them is enough", schema, new JsonArray(example), values => values.Count <= most
            ? [.. values.Select(value => Checked(name, value ?? "", LongestText)).Distinct()]
            : throw new BadParameterException(name, $"given {values.Count} times", $"given at most {most} times"));
    }

    /// <summary>A text of a form of its own.</summary>
    internal static OpenApiSchema Pattern(string regularExpression) => new() { Type = JsonSchemaType.String, Pattern = regularExpression };

    /// <summary>So many numbers with commas between.</summary>
    internal static OpenApiSchema Numbers(int count)
        => new() { Type = JsonSchemaType.Array, MinItems = count, MaxItems = count, Items = new OpenApiSchema { Type = JsonSchemaType.Number } };

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool? Boolean(string name, string? text) => text switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw new BadParameterException(name, text, "true or false"),
    };

    // PostgreSQL takes no NUL in a text.
    private static string Checked(string name, string text, int longest)
        => text.Length is > 0 && text.Length <= longest && !text.Contains('\0') ? text : throw new BadParameterException(name, text, $"a text of 1 to {longest} characters");

    private static BadParameterException NoneOf(string name, string text, string[] words) => new(name, text, "one of " + string.Join(", ", words));
}
