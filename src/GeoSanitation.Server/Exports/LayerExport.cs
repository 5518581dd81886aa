using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Scorecards;
using GeoSanitation.Store;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using GeoSanitation.Store.Runs;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Exports;

/// <summary>
/// A layer as a file to take away, the same over HTTP and on the command line. The issue filter means what it does on tiles: issues are chosen by it, wards tell the
/// figures of its issues, hotspots are what a method makes of them.
/// </summary>
/// <param name="Features">The features that are read; of hotspots that are worked out, only how many are wanted.</param>
/// <param name="Counted">The issues that wards are to tell the figures of; null for none.</param>
/// <param name="Analysis">What hotspots are worked out by; null where they are read.</param>
internal sealed record LayerExport(FeatureQuery Features, IssueFilter? Counted = null, AnalysisRequest? Analysis = null)
{
    /// <summary>Names of the layers.</summary>
    internal static readonly string[] Names = ["issues", "wards", "hotspots"];

    private static readonly Parameter<RowOrder> SortIssuesBy = CommonParameters.SortBy(LayerCatalog.Issues, "id", "By number");
    private static readonly Parameter<int?> Limit = Parameter.Whole("limit", 1, int.MaxValue - 1, "Only the first so many; all when left out", 1000);

    private static readonly Parameter<string?> Method = Parameter.Choice(
        "method", $"The last published run of this method; with the issue filter, the method that is worked out, {HotspotMethod.Usual} when left out", [.. HotspotMethod.All.Select(m => m.Name)]);

    /// <summary>What tells one export of the same parameters from another, beside the data version.</summary>
    internal string Edition => $"{Features.Columns.Count} {Features.Layer.Edition}";

    /// <summary>What an export of a layer takes.</summary>
    internal static IReadOnlyList<Parameter> ParametersOf(string layer)
        => [.. IssueFilterQuery.Parameters, layer switch { "issues" => SortIssuesBy, "wards" => ScorecardParameters.Level, _ => Method }, Limit, CommonParameters.Crs];

    /// <summary>Reads a request.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="query">Its parameters.</param>
    /// <param name="database">Where the published run is looked up.</param>
    /// <param name="showReporters">Whether who reported an issue is in it.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    /// <exception cref="NotFoundException">Nothing is published yet, and no filter given.</exception>
    internal static async Task<LayerExport> ParseAsync(string layer, IQueryCollection query, Database database, bool showReporters, CancellationToken cancellation)
    {
        var (filter, limit) = (IssueFilterQuery.IsGiven(query) ? IssueFilterQuery.Parse(query) : null, Limit.Read(query));
        switch (layer)
        {
            case "issues":
                return new(All(LayerCatalog.Issues) with { Issues = filter ?? IssueFilter.All, Order = SortIssuesBy.Read(query) });
            case "wards":
                var wards = All(LayerCatalog.Wards);
                Predicate? ofLevel = ScorecardParameters.Level.Read(query) is { } level
                    ? new Store.Predicates.Comparison(new ColumnValue(wards.Layer.Find("level")!), ComparisonOperator.Equal, Literal.Of(level)) : null;
                return new(wards with { Boxes = CommonParameters.Bbox.Read(query), Where = ofLevel }, filter);
        }
        var method = Method.Read(query);
        if (filter is not null)
        {
            return new(All(LayerCatalog.Hotspots(run: null)), Analysis: AnalysisRequest.OfFilter(method, query));
        }
        var runs = new RunStore(database);
        var run = method is null ? await runs.LastPublishedAsync(cancellation) : (await runs.LastPublishedOfEachAsync(cancellation)).FirstOrDefault(r => r.Method == method);
        return run is not null ? new(All(LayerCatalog.Hotspots(run)))
            : throw new NotFoundException("published run", $"{(method is null ? "" : $"of {method} ")}yet: POST /api/runs/{{id}}/publish publishes one; with the issue filter, hotspots are worked out");

        FeatureQuery All(Layer of) => new(of) { Columns = [.. of.Columns.Where(c => !c.IsPrivate || showReporters)], Limit = limit, Count = true };
    }

    /// <summary>Begins to read, or works out what is not there to be read.</summary>
    internal async Task<ExportReading> OpenAsync(Database database, ExportSources sources, CancellationToken cancellation)
    {
        if (Analysis is not null)
        {
            var (table, version) = await sources.AnalyseAsync(Analysis, cancellation);
            var found = FeatureSet.Of(table, Features.Layer.Name, $"What {Analysis.Method.Name} makes of the issues of a filter");
            return new(found with { Rows = found.Rows.Take(Features.Limit ?? int.MaxValue), Count = Math.Min(table.Rows.Count, Features.Limit ?? int.MaxValue) }, table.Rows.Count, version);
        }
        var query = Features;
        (IReadOnlyDictionary<int, ScorecardFigures> OfRow, string DataVersion)? figures = null;
        if (Counted is not null)
        {
            figures = await sources.FiguresAsync(Counted, cancellation);
            query = query with { Numbers = [.. figures.Value.OfRow.Keys.Select(row => (long)row)] };
        }
        var reading = await FeatureReading.OpenAsync(database, query, cancellation);
        var (layer, matched) = (query.Layer, reading.Matched!.Value);
        var features = new FeatureSet(layer.Name, layer.Description, layer.Shape, query.Columns, reading.ReadAsync(cancellation)) { Count = Math.Min(matched, query.Limit ?? long.MaxValue) };
        return figures is not { } known ? new(features, matched, reading.DataVersion, reading)
            : new(WardWithFigures.AddTo(features, known.OfRow), matched, known.DataVersion, reading) { IsOfOneVersion = known.DataVersion == reading.DataVersion };
    }
}

/// <summary>An export while it is read.</summary>
/// <param name="Features">The features that are to be written.</param>
/// <param name="Matched">How many are meant, written or not.</param>
/// <param name="DataVersion">The data that they are of.</param>
/// <param name="Reading">What they are read from; null where they were worked out.</param>
internal sealed record ExportReading(FeatureSet Features, long Matched, string DataVersion, FeatureReading? Reading = null) : IAsyncDisposable
{
    /// <summary>False where something was written between what was counted and what was read.</summary>
    internal bool IsOfOneVersion { get; init; } = true;

    public ValueTask DisposeAsync() => Reading?.DisposeAsync() ?? ValueTask.CompletedTask;
}
