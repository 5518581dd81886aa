using System.Text.Json.Nodes;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Runs;
using GeoSanitation.Store;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Runs;
using NetTopologySuite.Geometries;
using SkiaSharp;

namespace GeoSanitation.Server.Wms;

/// <summary>A feature of the layer.</summary>
/// <param name="Key">What tells it from others.</param>
/// <param name="Properties">Its attributes.</param>
/// <param name="Shape">Longitude and latitude.</param>
/// <param name="Look">How it is drawn; null for what may be chance, which is told of where it is asked for but not drawn.</param>
internal sealed record HotspotFeature(string Key, JsonObject Properties, Geometry Shape, Look? Look);

/// <summary>Hotspots to be drawn: those of the run published last; where issues are chosen by a filter, or nothing is published, cells of Gi* with its usual parameters.</summary>
internal sealed class HotspotLayer(Database database, AnalysisJobs jobs)
{
    private const int Kept = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();

    // The one used last comes first.
    private readonly List<(string Key, IReadOnlyList<HotspotFeature> Features)> _kept = [];

    /// <summary>Names what would be drawn: equal texts mean equal hotspots.</summary>
    internal async Task<(RunRecord? Run, string Key)> FindAsync(WmsQuery query, CancellationToken cancellation)
    {
        var run = query.FilterValues.Count == 0 ? await new RunStore(database).LastPublishedAsync(cancellation) : null;
        return (run, run is null ? $"gi-star {IssuePointStore.KeyOf(query.Filter)}" : $"run {run.Id} {run.PublishedAt:O}");
    }

    /// <summary>The hotspots.</summary>
    /// <param name="query">The request.</param>
    /// <param name="version">The data version that is wanted, or a newer one.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="BusyException">The analysis takes longer than a picture can wait.</exception>
    internal async Task<IReadOnlyList<HotspotFeature>> GetAsync(WmsQuery query, string version, CancellationToken cancellation)
    {
        var (run, what) = await FindAsync(query, cancellation);
        var key = run is null ? $"{version} {what}" : what;
        lock (_lock)
        {
            if (_kept.Find(k => k.Key == key) is { Features: { } known })
            {
                return known;
            }
        }
        var features = run is null
            ? await AnalyzeAsync(query, version, cancellation)
            : await new RunStore(database).FeaturesAsync(run.Id, cancellation).Select(f => (f.Key, f.PropertiesJson, f.Geometry)).ToListAsync(cancellation);
        IReadOnlyList<HotspotFeature> all = [.. features.Select(FeatureOf)];
        lock (_lock)
        {
            _kept.RemoveAll(k => k.Key == key);
            _kept.Insert(0, (key, all));
            _kept.RemoveRange(Math.Min(Kept, _kept.Count), Math.Max(0, _kept.Count - Kept));
        }
        return all;
    }

    internal static void Draw(SKCanvas canvas, MapView view, IReadOnlyList<HotspotFeature> features)
    {
        using var fill = new SKPaint { Style = SKPaintStyle.Fill, IsAntialias = true };
        using var line = new SKPaint { Style = SKPaintStyle.Stroke, IsAntialias = true, StrokeJoin = SKStrokeJoin.Round };
        var seen = view.Degrees;
        foreach (var (_, _, shape, drawn) in features.Where(f => f.Shape.EnvelopeInternal.Intersects(seen)))
        {
            if (drawn is not { } look)
            {
                continue;
            }
            (fill.Color, line.Color, line.StrokeWidth) = (look.Fill, look.Line, look.LineWidth);
            if (shape is Point point)
            {
                canvas.DrawCircle(view.At(point.X, point.Y), 2.2f, fill);
                continue;
            }
            using var path = view.PathOf(shape);
            canvas.DrawPath(path, fill);
            if (look.LineWidth > 0)
            {
                canvas.DrawPath(path, line);
            }
        }
    }

    private async Task<List<(string Key, string PropertiesJson, Geometry Geometry)>> AnalyzeAsync(WmsQuery query, string version, CancellationToken cancellation)
    {
        var job = jobs.Join(AnalysisRequest.Parse(HotspotMethod.Find("method", HotspotMethod.Usual), query.FilterValues), version);
        try
        {
            return [.. RunFeatures.Of((await job.Result.WaitAsync(Patience, cancellation)).Table)];
        }
        catch (TimeoutException)
        {
            throw new BusyException("the hotspots of this filter take longer than a picture can wait; keep them as a run, and publish it");
        }
        finally
        {
            job.Leave();
        }
    }

    private static HotspotFeature FeatureOf((string Key, string PropertiesJson, Geometry Geometry) feature)
    {
        var properties = JsonNode.Parse(feature.PropertiesJson)!.AsObject();
        return new HotspotFeature(feature.Key, properties, feature.Geometry, FeatureStyle.LookByAttributes(properties));
    }
}
