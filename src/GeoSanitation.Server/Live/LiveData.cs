using System.Text.Json.Serialization;

namespace GeoSanitation.Server.Live;

/// <summary>Data of an event <c>issue</c>.</summary>
/// <param name="Id">Number of the issue.</param>
/// <param name="Change"><c>created</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="Matches">Whether it is one of those of the filter now; false for one that is no longer, or was deleted.</param>
/// <param name="Ward">Code of its ward; null for none.</param>
/// <param name="Category">Code of its category.</param>
/// <param name="Status">Its status.</param>
/// <param name="Severity">1 to 5.</param>
/// <param name="Lon">Longitude, degrees.</param>
/// <param name="Lat">Latitude, degrees.</param>
/// <param name="Before">What it was before, where any of this was otherwise; else left out.</param>
internal sealed record ChangedIssue(
    long Id, string Change, bool Matches, string? Ward, string Category, string Status, int Severity, double Lon, double Lat,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LiveIssue? Before);

/// <summary>What is told of an issue.</summary>
/// <param name="Ward">Code of its ward; null for none.</param>
/// <param name="Category">Code of its category.</param>
/// <param name="Status">Its status.</param>
/// <param name="Severity">1 to 5.</param>
/// <param name="Lon">Longitude, degrees.</param>
/// <param name="Lat">Latitude, degrees.</param>
internal sealed record LiveIssue(string? Ward, string Category, string Status, int Severity, double Lon, double Lat);

/// <summary>Data of an event <c>table</c>: reference data were changed.</summary>
/// <param name="Table"><c>ward</c>, <c>category</c>, <c>round</c> or <c>calendar_day</c>.</param>
internal sealed record ChangedTable(string Table);

/// <summary>Data of an event <c>hotspots</c>: another run of a method is now the one published last.</summary>
/// <param name="Method">The method.</param>
/// <param name="Run">The run; null when the last one was taken back.</param>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="ShownByPortals">Whether it is the run published last of all methods, which tiles and portals show.</param>
/// <param name="Previous">The run before; null for none.</param>
/// <param name="Appeared">Hotspots that were not in the run before; null where the two cannot be compared.</param>
/// <param name="Vanished">Hotspots that are no longer in it; null where the two cannot be compared.</param>
/// <param name="Comparison">Where all differences are; null where the two cannot be compared.</param>
internal sealed record PublishedHotspots(
    string Method, long? Run, string? Name, DateTime? PublishedAt, bool ShownByPortals, long? Previous, HotspotKeys? Appeared, HotspotKeys? Vanished, string? Comparison);

/// <summary>Hotspots by their ids in the run.</summary>
/// <param name="Count">How many.</param>
/// <param name="Ids">The first of them.</param>
internal sealed record HotspotKeys(int Count, IReadOnlyList<string> Ids)
{
    private const int Most = 200;

    internal static HotspotKeys Of(IReadOnlyList<string> ids) => new(ids.Count, [.. ids.Take(Most)]);
}

/// <summary>Data of an event <c>start</c>: from here on every change is told.</summary>
/// <param name="DataVersion">The data as of which.</param>
internal sealed record Start(string DataVersion);

/// <summary>Data of an event <c>reset</c>: what has changed is not told one by one, so all must be read again.</summary>
/// <param name="Reason"><c>too_old</c>: the last event is too long ago, or is none of this database. <c>many_changes</c>: as of an import.</param>
/// <param name="DataVersion">The data as of which the events go on.</param>
internal sealed record Reset(string Reason, string DataVersion);
