using GeoSanitation.Server.Hotspots;
using GeoSanitation.Store;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Runs;

namespace GeoSanitation.Server.Ogc;

/// <summary>A collection of OGC API: a layer, or what a hotspot method makes of the issues with its usual parameters.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Description">What its features are.</param>
/// <param name="Layer">The layer; of a method, the issues, whose attributes its filters name.</param>
/// <param name="Method">The method; null for a layer.</param>
/// <param name="Version">What its features depend on beside the data version.</param>
/// <param name="Count">How many features it has, of a run; null where the data say so.</param>
internal sealed record Collection(string Name, string Title, string Description, Layer Layer, HotspotMethod? Method, string Version, long? Count = null)
{
    /// <summary>All collections, the hotspots without those of a run.</summary>
    internal static IReadOnlyList<Collection> Fixed { get; } = [Of(LayerCatalog.Issues), Of(LayerCatalog.Wards), Of((RunRecord?)null), .. HotspotMethod.All.Select(Of)];

    /// <summary>Whether clients may write to it.</summary>
    internal bool IsEditable => Method is null && Layer.Name == LayerCatalog.Issues.Name;

    /// <summary>Attributes that filters may name.</summary>
    internal IEnumerable<LayerColumn> Queryables => Layer.Columns.Where(c => c.IsQueryable);

    /// <summary>All collections as they are now.</summary>
    internal static async Task<IReadOnlyList<Collection>> AllAsync(Database database, CancellationToken cancellation)
    {
        var hotspots = await FindAsync("hotspots", database, cancellation);
        return [.. Fixed.Select(c => c.Name == hotspots.Name ? hotspots : c)];
    }

    /// <summary>The collection of a name that there is.</summary>
    internal static async Task<Collection> FindAsync(string name, Database database, CancellationToken cancellation)
        => name == "hotspots" ? Of(await new RunStore(database).LastPublishedAsync(cancellation)) : Fixed.First(c => c.Name == name);

    private static string NameOf(HotspotMethod method) => method.Name == "dbscan" ? "clusters" : method.Name;

    private static Collection Of(Layer layer) => new(layer.Name, layer.Title, layer.Description, layer, null, "");

    private static Collection Of(RunRecord? run) => run is null
        ? Of(LayerCatalog.Hotspots(null)) with { Count = 0 }
        : new("hotspots", run.Name ?? $"Hotspots ({run.Method})", $"Hotspots of run {run.Id} ({run.Method}), the one published last", LayerCatalog.Hotspots(run), null, $"{run.Id} {run.PublishedAt:O}", run.Features);

    private static Collection Of(HotspotMethod method) => new(
        NameOf(method), $"{method.Summary} ({method.Name})", $"{method.Summary}: of all issues, or those that filter and datetime choose, with the method's usual parameters", LayerCatalog.Issues, method, "");
}
