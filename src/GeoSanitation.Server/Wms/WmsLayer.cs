using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.Wms;

/// <summary>A layer of the maps.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its name among people.</param>
/// <param name="Abstract">What it shows.</param>
/// <param name="IsQueryable">Whether GetFeatureInfo tells of it.</param>
/// <param name="OfIssues">Whether the issue filter, and so TIME, changes it.</param>
/// <param name="Styles">Its styles with their titles, the usual one first.</param>
internal sealed record WmsLayer(string Name, string Title, string Abstract, bool IsQueryable, bool OfIssues, IReadOnlyList<(string Name, string Title)> Styles)
{
    internal const string Heatmap = "heatmap", Hotspots = "hotspots", Issues = "issues", Wards = "wards";

    /// <summary>All layers, from the one that covers most to the one that covers least.</summary>
    internal static IReadOnlyList<WmsLayer> All { get; } =
    [
        new(Heatmap, "Density of issues", "How dense issues are, one scale of colors for all boxes of a scale.", false, true, [("default", "Colors for a light map"), ("dark", "Colors for a dark map")]),
        new(Hotspots, "Hotspots", "Where issues concentrate more than chance would have it: the published analysis, or Gi* of the issues that are chosen.", true, true, [("default", "Hot and cold")]),
        new(Issues, "Issues", "One dot for each, by severity.", true, true, [("default", "By severity")]),
        new(Wards, "Wards", "Areas that somebody answers for.", true, false, [("default", "Outlines"), (WardLayer.Named, "Outlines and names")]),
    ];

    /// <summary>The layer of a name.</summary>
    /// <param name="key">Where the name was given.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="BadParameterException">There is none.</exception>
    internal static WmsLayer Find(string key, string name)
        => All.FirstOrDefault(l => l.Name == name) ?? throw new BadParameterException(key, name, "one of " + string.Join(", ", All.Select(l => l.Name)));

    /// <summary>Layers with their styles, the lowest first.</summary>
    /// <exception cref="BadParameterException">There is no such layer or style, or not one for each.</exception>
    internal static IReadOnlyList<(WmsLayer Layer, string Style)> Read(WmsQuery query)
    {
        var layers = query.Required("layers", "names of layers with commas between: " + string.Join(", ", All.Select(l => l.Name))).Split(',').Select(name => Find("layers", name)).ToList();
        var styles = query.Text("styles")?.Split(',') ?? [.. layers.Select(_ => "")];
        if (layers.Count > All.Count)
        {
            throw new BadParameterException("layers", query.Text("layers"), $"at most {All.Count} names");
        }
        return styles.Length == layers.Count
            ? [.. layers.Zip(styles, (layer, style) => (layer, layer.StyleOf("styles", style)))]
            : throw new BadParameterException("styles", query.Text("styles"), "a style for each layer, or nothing");
    }

    /// <summary>A style of the layer.</summary>
    /// <exception cref="BadParameterException">It has none of this name.</exception>
    internal string StyleOf(string key, string? style)
        => string.IsNullOrEmpty(style) ? Styles[0].Name
            : Styles.Any(s => s.Name == style) ? style
            : throw new BadParameterException(key, style, $"of {Name}, one of {string.Join(", ", Styles.Select(s => s.Name))}, or nothing");
}
