using System.Text.Json.Nodes;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store;
using GeoSanitation.Store.Runs;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoSanitation.Server.Runs;

/// <summary>A published run, and what it says that the one of its name before did not.</summary>
/// <param name="Run">The run.</param>
/// <param name="Previous">The run of its name and method that was published before; null for none.</param>
/// <param name="News">What is new.</param>
internal sealed record PublishedRun(RunRecord Run, long? Previous, RunNews News);

/// <summary>What is new of a published run.</summary>
/// <param name="Features">How many features it has that stand for a concentration: hotspots, clusters.</param>
/// <param name="Changes">The hotspots of each word of <see cref="RunComparison.Changes"/>, those that vanished by their ids before; null where there is nothing to compare with.</param>
/// <param name="Incomparable">Why it cannot be compared with the run before; null where it can, or there is none.</param>
/// <param name="Box">Lon/lat box around what has changed, or around all hotspots where nothing has; null (in the sense of the envelope) for none.</param>
/// <param name="Grave">Outlines of what is to be looked at at once, see <see cref="PublishedRuns.IsGrave"/>; null for nothing.</param>
/// <param name="GraveCount">How many hotspots that is.</param>
internal sealed record RunNews(int Features, IReadOnlyDictionary<string, HotspotIds>? Changes, string? Incomparable, Envelope Box, Geometry? Grave, int GraveCount);

/// <summary>Hotspots by their ids.</summary>
/// <param name="Count">How many.</param>
/// <param name="First">The first of them.</param>
internal sealed record HotspotIds(int Count, IReadOnlyList<string> First)
{
    private const int MostNamed = 20;

    internal static HotspotIds Of(IReadOnlyList<string> ids) => new(ids.Count, [.. ids.Take(MostNamed)]);
}

/// <summary>Published runs with what has changed from each to the next of its name. Neither ever changes, so that each pair is compared once.</summary>
internal sealed class PublishedRuns(Database database) : IDisposable
{
    private const int MostKnown = 1000;

    // q of 99 %, after the correction.
    private const double GraveQ = 0.01;

    private readonly RunStore _store = new(database);
    private readonly Dictionary<(long Run, long? Previous), RunNews> _known = [];
    // Who asks at the same time need not compare the same, nor all of it at once.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The runs, the one published last first.</summary>
    /// <param name="name">Only those of a name; null for all.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Cancels.</param>
    internal async Task<IReadOnlyList<PublishedRun>> ListAsync(string? name, int most, CancellationToken cancellation)
        => await WithNewsAsync(await _store.ListPublishedAsync(name, since: null, most, cancellation), cancellation);

    /// <summary>The runs that are the last of their name and method.</summary>
    /// <param name="since">Only those that were published later.</param>
    /// <param name="cancellation">Cancels.</param>
    internal async Task<IReadOnlyList<PublishedRun>> LatestAsync(DateTime since, CancellationToken cancellation)
        => await WithNewsAsync(await _store.ListPublishedAsync(name: null, since, most: null, cancellation), cancellation);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<IReadOnlyList<PublishedRun>> WithNewsAsync(IReadOnlyList<(RunRecord Run, long? Previous)> published, CancellationToken cancellation)
    {
        var runs = new List<PublishedRun>();
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_known.Count > MostKnown)
            {
                _known.Clear();
            }
            foreach (var (run, previous) in published)
            {
                if (!_known.TryGetValue((run.Id, previous), out var news))
                {
                    _known[(run.Id, previous)] = news = await NewsAsync(run, previous, cancellation);
                }
                runs.Add(new PublishedRun(run, previous, news));
            }
        }
        finally
        {
            _turn.Release();
        }
        return runs;
    }

    /// <summary>Whether a feature stands for a concentration: a hot cell, a cluster, a circle.</summary>
    internal static bool IsHot(JsonObject properties)
        => properties.ContainsKey("class") ? (int)properties["class"]! > 0
            : properties.ContainsKey("quadrant") ? (string?)properties["quadrant"] == "HH"
            : !properties.ContainsKey("pattern") || ((string?)properties["pattern"])?.EndsWith("hot spot", StringComparison.Ordinal) == true;

    /// <summary>
    /// Whether a hotspot is to be looked at at once: significant at 99 % after the correction, and new or stronger than in the run of its name before (Gi*, local Moran's I); or new or intensifying
    /// by its own series (emerging hot spots). Clusters and circles have no significance that would be comparable.
    /// </summary>
    /// <param name="properties">Its properties.</param>
    /// <param name="isNewOrStronger">Whether it appeared or grew.</param>
    internal static bool IsGrave(JsonObject properties, bool isNewOrStronger)
        => properties.ContainsKey("class") ? isNewOrStronger && (int)properties["class"]! == 3
            : properties.ContainsKey("quadrant") ? isNewOrStronger && (string?)properties["quadrant"] == "HH" && (double?)properties["q"] <= GraveQ
            : (string?)properties["pattern"] is "new hot spot" or "intensifying hot spot";

    private async Task<RunNews> NewsAsync(RunRecord run, long? previous, CancellationToken cancellation)
    {
        var features = await _store.FeaturesAsync(run.Id, cancellation).ToListAsync(cancellation);
        var properties = features.Select(f => JsonNode.Parse(f.PropertiesJson)!.AsObject()).ToList();
        var hot = features.Zip(properties).Where(f => IsHot(f.Second)).Select(f => f.First).ToList();
        var (changes, incomparable) = (new List<HotspotChange>(), (string?)null);
        if (previous is { } id && await _store.FindAsync(id, cancellation) is { } before)
        {
            try
            {
                changes = [.. RunComparison.Compare((before, await _store.FeaturesAsync(id, cancellation).ToListAsync(cancellation)), (run, features))];
            }
            catch (ConflictException problem)
            {
                incomparable = problem.Message;
            }
        }
        var box = new Envelope();
        foreach (var shape in changes.Where(c => c.Change != "unchanged").Select(c => c.Geometry).DefaultIfEmpty().SelectMany(shape => shape is null ? hot.Select(f => f.Geometry) : [shape]))
        {
            box.ExpandToInclude(shape.EnvelopeInternal);
        }
        var stronger = changes.Where(c => c.Change is "appeared" or "grew").SelectMany(c => c.After).ToHashSet();
        var grave = features.Zip(properties).Where(f => IsGrave(f.Second, stronger.Contains(f.First.Key))).Select(f => f.First.Geometry).ToList();
        return new RunNews(
            hot.Count, previous is null || incomparable is not null ? null : RunComparison.Changes.ToDictionary(word => word, word => HotspotIds.Of([.. changes.Where(c => c.Change == word).SelectMany(c => c.Change == "vanished" ? c.Before : c.After)])),
            incomparable, box, grave.Count > 0 ? OverlayNGRobust.Union(grave, grave[0].Factory) : null, grave.Count);
    }
}
