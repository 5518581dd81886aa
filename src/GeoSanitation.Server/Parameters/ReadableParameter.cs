using System.Text.Json.Nodes;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Parameters;

/// <summary>A parameter with the way to read it.</summary>
/// <typeparam name="T">What it is read into.</typeparam>
internal sealed class Parameter<T> : Parameter
{
    private readonly Func<StringValues, T> _read;

    /// <summary>One that is given once at most.</summary>
    /// <param name="name">As the caller writes it.</param>
    /// <param name="description">What it means, with its unit.</param>
    /// <param name="schema">What it may be.</param>
    /// <param name="example">A value that makes sense.</param>
    /// <param name="parse">From its text, or null when it is not given, to the value.</param>
    internal Parameter(string name, string description, OpenApiSchema schema, JsonNode example, Func<string?, T> parse)
        : base(name, description, schema, example)
        => _read = values => values switch
        {
            [] => parse(null),
            [var text] => parse(text ?? ""),
            _ => throw new BadParameterException(name, values.ToString(), "given once"),
        };

    private Parameter(string name, string description, OpenApiSchema schema, JsonNode example, Func<StringValues, T> read)
        : base(name, description, schema, example)
        => (_read, Repeats) = (read, true);

    /// <summary>One that may be given several times.</summary>
    /// <param name="name">As the caller writes it.</param>
    /// <param name="description">What it means.</param>
    /// <param name="schema">An array of what one may be.</param>
    /// <param name="example">Values that make sense.</param>
    /// <param name="read">From all that is given to the value.</param>
    internal static Parameter<T> Repeated(string name, string description, OpenApiSchema schema, JsonNode example, Func<StringValues, T> read)
        => new(name, description, schema, example, read);

    /// <summary>Its value in a request.</summary>
    /// <exception cref="BadParameterException">It is not what it may be, or there too often.</exception>
    internal T Read(IQueryCollection query) => _read(query[Name]);

    /// <summary>Its value from where a form or a path has it.</summary>
    /// <exception cref="BadParameterException">It is not what it may be.</exception>
    internal T Read(string? text) => _read(text is null ? StringValues.Empty : text);
}
