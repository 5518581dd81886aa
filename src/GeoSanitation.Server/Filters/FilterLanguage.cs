using GeoSanitation.Coordinates;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Filters;

/// <summary>A condition in CQL2 as query parameters: its text, its form, and the system of its coordinates.</summary>
internal static class FilterLanguage
{
    private const string Text = "cql2-text";
    private const string Json = "cql2-json";

    internal static readonly Parameter<string?> Filter = new(
        "filter", "Condition in CQL2 (OGC 21-065r2) on the attributes that the layer's queryables name; text, or JSON where it begins with a brace",
        new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = FilterTokens.LongestText }, "S_INTERSECTS(geometry, BBOX(112.6, 32.4, 112.7, 32.5))", text => text);

    private static readonly Parameter<string?> Language = Parameter.Choice("filter-lang", "Form of filter; told by its first character when left out", Json, Text);

    private static readonly Parameter<Crs> System = new(
        "filter-crs", "Coordinate system of shapes in filter: EPSG:n, an OGC URI or URN; CRS84 (longitude, latitude) when left out",
        new() { Type = JsonSchemaType.String }, "http://www.opengis.net/def/crs/EPSG/0/4490", text => text is null ? CrsRegistry.Crs84 : CrsRegistry.Find(text));

    /// <summary>The parameters.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } = [Filter, Language, System];

    /// <summary>The conformance classes of CQL2 that are taken, by their addresses; also a name that clients know from drafts.</summary>
    internal static IReadOnlyList<string> Classes { get; } =
    [
        .. ((string[])[
            "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "basic-spatial-functions", "basic-spatial-operators", "basic-spatial-functions-plus",
            "spatial-functions", "temporal-functions", "array-functions", "arithmetic", "property-property"]).Select(name => "http://www.opengis.net/spec/cql2/1.0/conf/" + name),
    ];

    /// <summary>The condition of a request; null when there is none.</summary>
    /// <exception cref="BadParameterException">It is no condition on the layer.</exception>
    internal static Predicate? Read(IQueryCollection query, Layer layer)
    {
        var (text, language) = (Filter.Read(query), Language.Read(query));
        Crs system;
        try
        {
            system = System.Read(query);
        }
        catch (UnknownCrsException unknown)
        {
            throw new BadParameterException(System.Name, unknown.Given, $"one of {UnknownCrsException.Allowed}");
        }
        if (text is null)
        {
            return null;
        }
        var build = new PredicateBuilder(layer, system);
        try
        {
            return language == Json || (language is null && text.TrimStart().StartsWith('{')) ? new Cql2Json(build).Parse(text) : new Cql2Text(text, build).Parse();
        }
        catch (FilterException problem)
        {
            throw new BadParameterException(Filter.Name, text, $"CQL2 on {layer.Name}: {problem.Message}");
        }
    }
}
