using System.Globalization;
using System.Text.Json.Serialization;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;

namespace GeoSanitation.Server.Live;

/// <summary>An event in the envelope of CloudEvents 1.0 (structured mode, JSON), with types of OGC API - Publish-Subscribe where it has one.</summary>
/// <param name="Id">Tells it from others of its source; the same when it is told once more.</param>
/// <param name="Source">Address of the server.</param>
/// <param name="Type">What came about.</param>
/// <param name="Subject">To what.</param>
/// <param name="Time">When.</param>
/// <param name="Data">More of it.</param>
internal sealed record CloudEvent(
    string Id, string Source, string Type, string Subject, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? Time, object Data)
{
    internal const string MediaType = "application/cloudevents+json";

    /// <summary>A job has ended.</summary>
    internal const string JobType = "org.ogc.api.job.result";

    internal const string ItemType = "org.ogc.api.collection.item.";

    /// <summary>All of a collection is another, as of hotspots when a run is published.</summary>
    internal const string ReplaceType = "org.geosanitation.collection.replace";

    /// <summary>What came before the events, or what became of those that are not told: see <see cref="Start"/> and <see cref="Reset"/>.</summary>
    internal const string StreamType = "org.geosanitation.stream.";

    /// <summary>What there are events about.</summary>
    internal static readonly string[] Collections = ["issues", "wards", "categories", "rounds", "calendar", "hotspots"];

    [JsonPropertyName("specversion"), JsonPropertyOrder(-1)]
    public string SpecVersion { get; } = "1.0";

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; } = "application/json";

    /// <summary>What became of an issue, in the words of OGC API.</summary>
    internal static string OperationOf(string change) => change switch
    {
        "created" => "create",
        "deleted" => "delete",
        _ => "update",
    };

    /// <summary>The collection that an event is about; null for those that are about the stream itself.</summary>
    internal static string? CollectionOf(object data) => data switch
    {
        ChangedIssue => "issues",
        ChangedTable { Table: "ward" } => "wards",
        ChangedTable { Table: "category" } => "categories",
        ChangedTable { Table: "round" } => "rounds",
        ChangedTable => "calendar",
        PublishedHotspots => "hotspots",
        _ => null,
    };

    /// <summary>An event in this form.</summary>
    /// <param name="told">The event.</param>
    /// <param name="source">Address of the server.</param>
    /// <param name="version">The data as of which it is told.</param>
    internal static CloudEvent Of(LiveEvent told, string source, string version)
    {
        var collection = CollectionOf(told.Data);
        var (type, subject, data) = told.Data switch
        {
            ChangedIssue issue => (ItemType + OperationOf(issue.Change), $"collections/issues/items/{issue.Id}",
                new ChangedItem("issues", $"{issue.Id}", OperationOf(issue.Change), version, WardsOf(issue), TilesOf(issue), told.At) { Issue = issue }),
            PublishedHotspots news => (ReplaceType, "collections/hotspots", new ChangedItem("hotspots", news.Run is { } run ? $"{run}" : null, "replace", version, [], [], told.At) { Hotspots = news }),
            ChangedTable => (ReplaceType, $"collections/{collection}", new ChangedItem(collection!, null, "replace", version, [], [], told.At)),
            _ => (StreamType + told.Name, "collections", told.Data),
        };
        return new CloudEvent($"{told.Key}#{subject}", source, type, subject, told.At, data);
    }

    private static IReadOnlyList<string> WardsOf(ChangedIssue issue) => [.. new[] { issue.Ward, issue.Before?.Ward }.OfType<string>().Distinct()];

    /// <summary>Tiles that the issue lies in, and lay in before; from the whole world down.</summary>
    private static IReadOnlyList<string> TilesOf(ChangedIssue issue)
        => [.. TilesAt(issue.Lon, issue.Lat).Concat(issue.Before is { } before ? TilesAt(before.Lon, before.Lat) : []).Distinct()];

    private static IEnumerable<string> TilesAt(double lonDegrees, double latDegrees)
    {
        var (x, y) = WebMercator.FromLonLat(lonDegrees, latDegrees);
        return Enumerable.Range(0, TileContent.IssueMaxzoom + 1).Select(zoom => string.Create(CultureInfo.InvariantCulture, $"{zoom}/{(int)Math.ScaleB(x, zoom)}/{(int)Math.ScaleB(y, zoom)}"));
    }
}

/// <summary>Data of a CloudEvent about a collection.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Id">What of it: the number of an issue or of the run that is published; null for all of it.</param>
/// <param name="Op"><c>create</c>, <c>update</c>, <c>delete</c> or <c>replace</c>.</param>
/// <param name="Version">The data as of which it is told: tiles and answers of this version know of it.</param>
/// <param name="Wards">Codes of the wards that it lies in and lay in before; none for all of a collection.</param>
/// <param name="Tiles">Tiles, as z/x/y, that it lies in and lay in before, at zooms 0 to 16; none for all of a collection.</param>
/// <param name="At">When it came about.</param>
internal sealed record ChangedItem(
    string Collection, string? Id, string Op, string Version, IReadOnlyList<string> Wards, IReadOnlyList<string> Tiles, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? At)
{
    /// <summary>The issue; for others left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChangedIssue? Issue { get; init; }

    /// <summary>Hotspots of a method; for others left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PublishedHotspots? Hotspots { get; init; }
}
