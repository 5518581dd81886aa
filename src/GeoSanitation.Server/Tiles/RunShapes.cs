using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Runs;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Runs;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace GeoSanitation.Server.Tiles;

/// <summary>The features of an analysis, ready for tiles; never changed.</summary>
internal sealed class RunShape
{
    private readonly STRtree<RunFeature> _index = new();
    private readonly Lazy<RunShape> _inGcj02;

    /// <param name="method">Name of its method.</param>
    /// <param name="run">Id of its run; null where it is not kept.</param>
    /// <param name="columns">Names of the attributes.</param>
    /// <param name="features">The features.</param>
    internal RunShape(string method, long? run, IReadOnlyList<string> columns, IReadOnlyList<RunFeature> features)
    {
        (Method, Run, Columns) = (method, run, columns);
        Run = run;
        foreach (var feature in features)
        {
            _index.Insert(feature.Geometry.EnvelopeInternal, feature);
            Bounds.ExpandToInclude(feature.Geometry.EnvelopeInternal);
        }
        // An index that many read at once is built before.
        _index.Build();
        _inGcj02 = new(() => new RunShape(method, run, columns, [.. features.Select(f => f with { Geometry = Gcj02Shift.Of(f.Geometry) })]));
    }

    /// <summary>Name of the method.</summary>
    internal string Method { get; }

    /// <summary>Id of the run; null where it is not kept.</summary>
    internal long? Run { get; }

    /// <summary>Names of the attributes.</summary>
    internal IReadOnlyList<string> Columns { get; }

    /// <summary>Lon/lat box of the features, degrees.</summary>
    internal Envelope Bounds { get; } = new();

    /// <summary>The same features where a map of mainland China in GCJ-02 shows them.</summary>
    internal RunShape InGcj02 => _inGcj02.Value;

    /// <summary>The features whose boxes meet a box, in their order.</summary>
    internal IEnumerable<RunFeature> Near(Envelope lonLat) => _index.Query(lonLat).OrderBy(f => f.Id);
}

/// <summary>The analyses that tiles were asked of last.</summary>
internal sealed class RunShapes(Database database)
{
    private const int MaxEntries = 16;

    private readonly RunStore _store = new(database);
    private readonly RecentTasks<long, RunShape> _ofRuns = new(MaxEntries);
    private readonly ConditionalWeakTable<FeatureTable, Lazy<RunShape>> _ofTables = [];

    /// <summary>The runs that a request is about: one by its id, or the last published one of each method.</summary>
    /// <param name="id">Id of a run that is done; null for the published ones.</param>
    /// <param name="method">Only of this method; null for all.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    /// <exception cref="ConflictException">It is not done.</exception>
    internal async Task<IReadOnlyList<RunRecord>> ChooseAsync(long? id, string? method, CancellationToken cancellation)
    {
        if (id is not { } one)
        {
            return [.. (await _store.LastPublishedOfEachAsync(cancellation)).Where(r => method is null || r.Method == method)];
        }
        var run = await _store.FindAsync(one, cancellation) ?? throw new NotFoundException("run", $"{one}");
        return run.State == "done" ? [run] : throw new ConflictException($"run {one} is not done; only one that is done has a result");
    }

    /// <summary>The features of a run that is done.</summary>
    internal Task<RunShape> GetAsync(RunRecord run, CancellationToken cancellation) => _ofRuns.GetAsync(run.Id, () => ReadAsync(run), cancellation);

    /// <summary>What an analysis came to, as long as its table is held.</summary>
    internal RunShape Of(HotspotMethod method, FeatureTable table)
        => _ofTables.GetValue(table, t => new(() => new RunShape(
            method.Name, null, [.. t.Columns.Select(c => c.Name)], [.. RunFeatures.Of(t).Select((f, i) => new RunFeature(i + 1, f.Key, f.PropertiesJson, f.Geometry))]))).Value;

    private async Task<RunShape> ReadAsync(RunRecord run)
        => new(run.Method, run.Id, [.. JsonDocument.Parse(run.ColumnsJson).RootElement.EnumerateArray().Select(c => c.GetProperty("name").GetString()!)], await _store.FeaturesAsync(run.Id, CancellationToken.None).ToListAsync(CancellationToken.None));
}
