using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Runs;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Exports;

/// <summary>A layer as a file to take away: which features, in which system. The same over HTTP and on the command line.</summary>
internal static class LayerExport
{
    /// <summary>Names of the layers.</summary>
    internal static readonly string[] Names = ["issues", "wards", "hotspots"];

    private static readonly Parameter<RowOrder> SortIssuesBy = CommonParameters.SortBy(LayerCatalog.Issues, "id", "By number");
    private static readonly Parameter<int?> Limit = Parameter.Whole("limit", 1, int.MaxValue - 1, "Only the first so many; all when left out", 1000);

    /// <summary>What an export of a layer takes.</summary>
    internal static IReadOnlyList<Parameter> ParametersOf(string layer)
        => layer == "issues" ? [.. IssueFilterQuery.Parameters, SortIssuesBy, Limit, CommonParameters.Crs] : [CommonParameters.Bbox, .. FilterLanguage.Parameters, Limit, CommonParameters.Crs];

    /// <summary>The features that are meant; with who reported them only for those who may see that.</summary>
    /// <exception cref="NotFoundException">Nothing is published yet.</exception>
    internal static async Task<FeatureQuery> QueryOf(string layer, IQueryCollection query, Database database, bool showReporters, CancellationToken cancellation)
    {
        var run = layer == "hotspots" ? await new RunStore(database).LastPublishedAsync(cancellation) : null;
        var features = new FeatureQuery(layer switch
        {
            "issues" => LayerCatalog.Issues,
            "wards" => LayerCatalog.Wards,
            _ => LayerCatalog.Hotspots(run),
        });
        features = features with { Columns = [.. features.Layer.Columns.Where(c => !c.IsPrivate || showReporters)], Limit = Limit.Read(query), Count = true };
        features = layer == "issues" ? features with { Issues = IssueFilterQuery.Parse(query), Order = SortIssuesBy.Read(query) }
            : features with { Boxes = CommonParameters.Bbox.Read(query), Where = FilterLanguage.Read(query, features.Layer) };
        // What is asked wrongly is refused first.
        return layer == "hotspots" && run is null ? throw new NotFoundException("published run", "yet: POST /api/runs/{id}/publish publishes one") : features;
    }

    /// <summary>How many features there are to be written.</summary>
    internal static long CountOf(FeatureReading reading, FeatureQuery query) => Math.Min(reading.Matched!.Value, query.Limit ?? long.MaxValue);

    /// <summary>Writes features while they are read.</summary>
    /// <returns>How many there were.</returns>
    internal static async Task<long> WriteAsync(FeatureReading reading, FeatureQuery query, FileForm form, Crs crs, Stream file, CancellationToken cancellation)
    {
        var layer = query.Layer;
        var count = CountOf(reading, query);
        await form.WriteAsync(new FeatureSet(layer.Name, layer.Description, layer.Shape, query.Columns, reading.ReadAsync(cancellation)) { Count = count }, crs, file, cancellation);
        return count;
    }
}
