using System.Collections.Concurrent;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Runs;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>A layer of the service.</summary>
/// <param name="Number">Its number in addresses.</param>
/// <param name="Layer">The layer.</param>
/// <param name="HasPoints">Whether its shapes are points; polygons otherwise.</param>
internal sealed record EsriLayer(int Number, Layer Layer, bool HasPoints)
{
    /// <summary>Whether its features can be changed.</summary>
    internal bool IsEditable => Layer == LayerCatalog.Issues;
}

/// <summary>Where the features of a layer are, and when they began.</summary>
/// <param name="Box">Lon/lat box, degrees; null (in the sense of the envelope) when there are none.</param>
/// <param name="Times">First and last time; null where the layer has none.</param>
internal sealed record LayerExtent(Envelope Box, (DateTime First, DateTime Last)? Times);

/// <summary>The layers of the service by their numbers: 0 issues, 1 wards, 2 hotspots of the run that was published last.</summary>
internal sealed class FeatureServer(Database database, DataSnapshots data)
{
    /// <summary>Name of the service.</summary>
    internal const string Name = "GeoSanitation";

    /// <summary>Features of an answer at most.</summary>
    internal const int MostFeatures = 2000;

    private const int Layers = 3;

    private readonly RunStore _runs = new(database);

    // By the layer and what it held; one entry a layer.
    private readonly ConcurrentDictionary<int, (string Version, LayerExtent Extent)> _extents = new();

    /// <summary>A shape's kind in Esri's words.</summary>
    internal static string GeometryTypeOf(bool points) => points ? "esriGeometryPoint" : "esriGeometryPolygon";

    /// <summary>All layers.</summary>
    internal async Task<IReadOnlyList<EsriLayer>> AllAsync(CancellationToken cancellation)
    {
        var layers = new List<EsriLayer>();
        for (var number = 0; number < Layers; number++)
        {
            layers.Add(await FindAsync($"{number}", cancellation));
        }
        return layers;
    }

    /// <summary>The layer of a number.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal async Task<EsriLayer> FindAsync(string number, CancellationToken cancellation)
    {
        switch (number)
        {
            case "0":
                return new EsriLayer(0, LayerCatalog.Issues, HasPoints: true);
            case "1":
                return new EsriLayer(1, LayerCatalog.Wards, HasPoints: false);
            case "2":
                var hotspots = LayerCatalog.Hotspots(await _runs.LastPublishedAsync(cancellation));
                return new EsriLayer(2, hotspots, await FeatureTotals.ArePointsAsync(database, hotspots, cancellation));
            default:
                throw new NotFoundException("layer", number);
        }
    }

    /// <summary>Where its features are, worked out once for a version of the data.</summary>
    internal async Task<LayerExtent> ExtentOfAsync(EsriLayer layer, CancellationToken cancellation)
    {
        // Runs are no part of the data's version: an answer of theirs is small enough to be asked for each time.
        var version = (await data.CurrentAsync(cancellation)).Version;
        if (layer.Number < 2 && _extents.TryGetValue(layer.Number, out var known) && known.Version == version)
        {
            return known.Extent;
        }
        var all = new FeatureQuery(layer.Layer);
        var (_, box) = await FeatureTotals.ExtentAsync(database, all, cancellation);
        (DateTime, DateTime)? times = null;
        if (layer.Layer.Time is { } time)
        {
            var ends = await new FeatureGroups(all) { Statistics = [new(StatisticKind.Least, time), new(StatisticKind.Greatest, time)] }.ReadAsync(database, cancellation);
            times = ends is [[DateTime first, DateTime last]] ? (first, last) : null;
        }
        var extent = new LayerExtent(box, times);
        _extents[layer.Number] = (version, extent);
        return extent;
    }
}
