using GeoSanitation.Server.GeoJson;

namespace GeoSanitation.Server.Backdrop;

// What the files look like, for the OpenAPI document.

/// <summary>A layer of the map's background as a GeoJSON FeatureCollection.</summary>
/// <param name="Type">Always FeatureCollection.</param>
/// <param name="Features">Its features.</param>
internal sealed record BackdropLayer(string Type, IReadOnlyList<BackdropFeature> Features);

/// <summary>Something on the map's background.</summary>
/// <param name="Type">Always Feature.</param>
/// <param name="Geometry">Where it is.</param>
/// <param name="Properties">What it is.</param>
internal sealed record BackdropFeature(string Type, AnyGeometry Geometry, BackdropProperties Properties);

/// <summary>What something on the map's background is.</summary>
internal sealed record BackdropProperties
{
    /// <summary>Its layer, where all layers are in one.</summary>
    public string? Layer { get; init; }

    /// <summary>Kind, such as trunk or lane for a road.</summary>
    public string? Kind { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>English name.</summary>
    public string? NameEn { get; init; }
}
