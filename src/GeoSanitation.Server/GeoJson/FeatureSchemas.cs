using System.Text.Json.Serialization;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.GeoJson;

// What features look like, for the OpenAPI document.

/// <summary>A GeoJSON geometry.</summary>
/// <param name="Type">Point, LineString, Polygon or another of RFC 7946.</param>
/// <param name="Coordinates">A position, positions, rings of them or polygons of rings, as the type has it. A position is longitude, latitude, or the two axes of another system in its order.</param>
internal sealed record AnyGeometry(string Type, IReadOnlyList<object> Coordinates);

/// <summary>A GeoJSON Feature.</summary>
/// <typeparam name="T">Its properties.</typeparam>
/// <param name="Type">Always Feature.</param>
/// <param name="Id">What names it.</param>
/// <param name="Geometry">Where it is; null where it was left out.</param>
/// <param name="Properties">What is known of it.</param>
internal sealed record Feature<T>(string Type, object Id, AnyGeometry? Geometry, T Properties)
{
    /// <summary>System of the coordinates; left out for longitude and latitude, and where the collection says it.</summary>
    [JsonPropertyName("coordRefSys")]
    public string? CoordRefSys { get; init; }
}

/// <summary>A page of features as a GeoJSON FeatureCollection.</summary>
/// <typeparam name="T">Properties of its features.</typeparam>
/// <param name="Type">Always FeatureCollection.</param>
/// <param name="Features">The features.</param>
/// <param name="Links">This page, and the next where there is one.</param>
internal sealed record FeatureList<T>(string Type, IReadOnlyList<Feature<T>> Features, IReadOnlyList<Link> Links)
{
    /// <summary>System of the coordinates; left out for longitude and latitude.</summary>
    [JsonPropertyName("coordRefSys")]
    public string? CoordRefSys { get; init; }

    /// <summary>All features that are meant.</summary>
    [JsonPropertyName("numberMatched")]
    public long NumberMatched { get; init; }

    /// <summary>Features on this page.</summary>
    [JsonPropertyName("numberReturned")]
    public long NumberReturned { get; init; }
}
