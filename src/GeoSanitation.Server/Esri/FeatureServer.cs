using System.Collections.Concurrent;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Runs;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>A layer of the service.</summary>
/// <param name="Number">Its number in addresses.</param>
/// <param name="Layer">The layer.</param>
/// <param name="HasPoints">Whether its shapes are points; polygons otherwise.</param>
/// <param name="PublishedAt">When the run was published that its features are of; null for the other layers, and without a run.</param>
internal sealed record EsriLayer(int Number, Layer Layer, bool HasPoints, DateTime? PublishedAt = null)
{
    /// <summary>Whether its features can be changed.</summary>
    internal bool IsEditable => Layer == LayerCatalog.Issues;
}

/// <summary>Where the features of a layer are, when they began, and when they were changed.</summary>
/// <param name="Box">Lon/lat box, degrees; null (in the sense of the envelope) when there are none.</param>
/// <param name="Times">First and last time; null where the layer has none.</param>
/// <param name="LastEdit">When they were changed last: another time for every other content. Null when they never were.</param>
internal sealed record LayerExtent(Envelope Box, (DateTime First, DateTime Last)? Times, DateTime? LastEdit);

/// <summary>The layers of the service by their numbers: 0 issues, 1 wards, 2 hotspots of the run that was published last.</summary>
internal sealed class FeatureServer(Database database, DataSnapshots data)
{
    /// <summary>Name of the service.</summary>
    internal const string Name = "GeoSanitation";

    /// <summary>Features of an answer at most, where nothing is said.</summary>
    internal const int MostFeatures = 2000;

    /// <summary>How many times as many a request may ask for.</summary>
    internal const int LargestFactor = 5;

    private const int Layers = 3;

    private readonly RunStore _runs = new(database);
    private readonly GenerationLog _log = new(database);

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
                var run = await _runs.LastPublishedAsync(cancellation);
                var hotspots = LayerCatalog.Hotspots(run);
                return new EsriLayer(2, hotspots, await FeatureTotals.ArePointsAsync(database, hotspots, cancellation), run?.PublishedAt);
            default:
                throw new NotFoundException("layer", number);
        }
    }

    /// <summary>Where its features are, worked out once for a version of the data.</summary>
    internal async Task<LayerExtent> ExtentOfAsync(EsriLayer layer, CancellationToken cancellation)
    {
        // Runs are no part of the data's version: an answer of theirs is small enough to be asked for each time.
        var view = await data.CurrentAsync(cancellation);
        var version = view.Version;
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
        var extent = new LayerExtent(box, times, await LastEditAsync(layer, view, cancellation));
        _extents[layer.Number] = (version, extent);
        return extent;
    }

    private async Task<DateTime?> LastEditAsync(EsriLayer layer, DataView view, CancellationToken cancellation)
    {
        if (!layer.IsEditable)
        {
            return layer.Number == 1 ? await _log.LastOfWardsAsync(cancellation) : layer.PublishedAt;
        }
        if (await _log.LastOfIssuesAsync(cancellation) is not { } last)
        {
            return null;
        }
        // An issue turns overdue without being written.
        if (view.LastDeadline is { } deadline && DateTime.UnixEpoch.AddMicroseconds(deadline) is var passed && passed > last)
        {
            last = passed;
        }
        // A change may be committed after a later one was: the milliseconds are of the data's version, which tells such apart.
        return last.AddTicks(-(last.Ticks % TimeSpan.TicksPerSecond)).AddMilliseconds(view.Data.Position.Number % 1000);
    }
}
