using GeoSanitation.Server.Scorecards;

namespace GeoSanitation.Server.Tiles;

/// <summary>What is in tiles of a kind, for TileJSON.</summary>
/// <param name="Extension">How their addresses end.</param>
/// <param name="Maxzoom">Last zoom; a map draws deeper ones from these.</param>
/// <param name="Layers">Vector layers; null for pictures.</param>
internal sealed record TileContent(string Extension, int Maxzoom, IReadOnlyList<TileJson.VectorLayer>? Layers)
{
    /// <summary>Last zoom of issues: a map draws deeper tiles from those of it.</summary>
    internal const int IssueMaxzoom = 16;
    private const int PolygonMaxzoom = 15;
    private const int HeatmapMaxzoom = 18;

    private static readonly Dictionary<string, string> IssueFields = new()
    {
        ["count"] = "Always 1.",
        ["category"] = "Category code.",
        ["severity"] = "1 to 5.",
        ["status"] = "Status.",
        ["overdue"] = "Whether it is past its deadline.",
        ["relapse"] = "Whether it came back after an earlier one was closed.",
        ["default_point"] = "Whether it stands on a geocoder's default point.",
        ["reported_at"] = "Seconds since 1970-01-01T00:00Z.",
    };

    private static readonly Dictionary<string, string> SumFields = new()
    {
        ["open"] = "Issues that are reported, accepted, dispatched or resolved.",
        ["overdue"] = "Issues past their deadline.",
        ["relapses"] = "Issues that came back after an earlier one was closed.",
        ["severity"] = "Mean severity, 1 to 5.",
    };

    private static readonly Dictionary<string, string> ClusterFields = new(SumFields)
    {
        ["point_count"] = "Issues in the cluster, 2 or more.",
        ["point_count_abbreviated"] = "The same as a short text: 950, 1.2k, 34k.",
        ["expansion_zoom"] = "Zoom at which the cluster falls apart.",
    };

    private static readonly Dictionary<string, string> BinFields = new(SumFields)
    {
        ["count"] = "Issues in the cell, 1 or more.",
        ["density"] = "Issues per km2.",
    };

    private static readonly Dictionary<string, string> WardFields = new()
    {
        ["code"] = "Code.",
        ["name"] = "Name.",
        ["name_en"] = "English name, where there is one.",
        ["level"] = "Level.",
    };

    /// <summary>Pictures of the heatmap.</summary>
    internal static TileContent Heatmap { get; } = new("png", HeatmapMaxzoom, null);

    /// <summary>Outlines of wards, and the places of their names.</summary>
    /// <param name="withFigures">Whether they tell how the wards stand.</param>
    internal static TileContent Wards(bool withFigures)
    {
        var fields = withFigures ? WardFields.Concat(ScorecardFigures.ByName.Select(f => KeyValuePair.Create(f.Name, "As in the scorecard."))).ToDictionary() : WardFields;
        return new("mvt", PolygonMaxzoom, [new("wards", fields, 0, PolygonMaxzoom), new("ward_labels", fields, 0, PolygonMaxzoom)]);
    }

    /// <summary>Issues, put together as asked.</summary>
    internal static TileContent Issues(IssueTileParameters parameters)
    {
        // Behind the last zoom with clusters there is one of single issues, for a map to draw deeper ones from.
        var last = parameters.HasClusters ? Math.Max(IssueMaxzoom, parameters.ClusterZoom + 1) : IssueMaxzoom;
        TileJson.VectorLayer issues = new("issues", IssueAttributeNames.Of(parameters.Attributes).ToDictionary(name => name, name => IssueFields[name]), 0, last);
        return new("mvt", last, parameters switch
        {
            { HasClusters: true } => [issues, new("clusters", ClusterFields, 0, parameters.ClusterZoom)],
            { HasBins: true } => [new("bins", BinFields, 0, last)],
            _ => [issues],
        });
    }

    /// <summary>Features of analyses.</summary>
    /// <param name="columns">Names of their attributes, by method.</param>
    /// <param name="kept">Whether they are of runs.</param>
    internal static TileContent Hotspots(IEnumerable<(string Method, IEnumerable<string> Names)> columns, bool kept)
    {
        var fields = new Dictionary<string, string> { ["method"] = "Method of the analysis." };
        if (kept)
        {
            fields["run"] = "Id of the run.";
        }
        foreach (var (method, names) in columns)
        {
            foreach (var name in names)
            {
                fields.TryAdd(name, $"As in the result of {method}.");
            }
        }
        return new("mvt", PolygonMaxzoom, [new("hotspots", fields, 0, PolygonMaxzoom)]);
    }
}
