using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Scorecards;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Exports;

/// <summary>What exports stand on that is not only read: the issues in memory, figures of wards, analyses.</summary>
/// <param name="data">The data in memory.</param>
/// <param name="figures">How wards stand.</param>
/// <param name="analyse">Works out what an analysis comes to, of a data version or a newer one.</param>
internal sealed class ExportSources(DataSnapshots data, WardFigures figures, Func<AnalysisRequest, string, CancellationToken, Task<(FeatureTable Table, string DataVersion)>> analyse)
{
    /// <summary>Those of a program that serves nobody beside.</summary>
    internal static ExportSources Of(Database database, Settings settings)
    {
        var data = new DataSnapshots(database, settings);
        var (points, wards) = (new PointSnapshots(database, data), new WardSnapshots(database));
        return new(data, new WardFigures(new ScorecardReader(data, points, wards, settings)), async (request, version, cancellation) =>
        {
            var (chosen, outlines) = (await points.GetAsync(request.Filter, version, cancellation), await wards.GetAsync(version, cancellation));
            var work = new AnalysisWork(Environment.ProcessorCount, new Progress<double>(), cancellation);
            return (await Task.Run(() => request.Run(chosen, outlines, settings, work).Table, CancellationToken.None), chosen.DataVersion);
        });
    }

    /// <summary>The version of the data now.</summary>
    internal async Task<string> VersionAsync(CancellationToken cancellation) => (await data.CurrentAsync(cancellation)).Version;

    /// <summary>How the wards in force stand by the issues of a filter, by their rows.</summary>
    internal async Task<(IReadOnlyDictionary<int, ScorecardFigures> OfRow, string DataVersion)> FiguresAsync(IssueFilter filter, CancellationToken cancellation)
        => await figures.GetAsync(filter, await VersionAsync(cancellation), cancellation);

    /// <summary>What an analysis comes to.</summary>
    internal async Task<(FeatureTable Table, string DataVersion)> AnalyseAsync(AnalysisRequest request, CancellationToken cancellation)
        => await analyse(request, await VersionAsync(cancellation), cancellation);
}
