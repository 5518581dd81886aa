using System.Globalization;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Analyses of where issues concentrate, as GeoJSON with an <c>explain</c> member.</summary>
internal static class HotspotEndpoints
{
    private const double MaxMeters = 100_000;

    private static readonly Parameter<string> Method = Parameter.Word("method", "Clustering method", "dbscan");
    private static readonly Parameter<double?> Eps = Meters("eps", "Radius in which neighbors are counted; from the data when left out", 80);
    private static readonly Parameter<int?> MinPoints = Parameter.Whole("min_points", 1, 1_000_000, "Issues within eps, itself included, that make a place dense; from the data when left out", 10);
    private static readonly Parameter<string> ClusterOutput = Parameter.Word("output", "Hulls of clusters, or each issue with its cluster (-1 for none)", "clusters", "points");

    private static readonly Parameter<string> Cell = Parameter.Word("cell", "Cells of the study area: hexagons, squares, or the wards of one level", "hex", "square", "ward");
    private static readonly Parameter<double?> Size = Meters("size", "Width of a cell, flat side to flat side; from the data when left out; not with cell=ward", 250);
    private static readonly Parameter<double?> Distance = Meters("distance", "Distance up to which cells are neighbors; from the data when left out", 600);
    private static readonly Parameter<string?> Level = Parameter.OfText("level", "Level of the wards, with cell=ward; the deepest when left out", "community");
    private static readonly Parameter<double?> Alpha = Parameter.Number("alpha", 1e-9, 0.5, "largest share of false discoveries", "Level of significance", 0.05);
    private static readonly Parameter<string> Correction = Parameter.Word("correction", "Correction for many tests: false discovery rate (Benjamini-Hochberg), or none", "fdr", "none");
    private static readonly Parameter<string?> CellOutput = Parameter.Choice("output", "All cells, or the significant ones; the latter where there are too many when left out", "all", "significant");

    private static readonly Parameter<double?> Bandwidth = Meters("bandwidth", "Standard deviation of a Gaussian kernel, or radius of a quartic one; from the data when left out", 200);
    private static readonly Parameter<string> Kernel = Parameter.Word("kernel", "Shape of the kernel", "gaussian", "quartic");
    private static readonly Parameter<(int Count, double[]? Levels)> Levels = new(
        "levels", "A number of levels, or the levels themselves in ascending order with commas between (issues per km2)",
        Parameter.Pattern(@"^\d+(\.\d+)?(,\d+(\.\d+)?)*$"), "5,10,20", LevelsOf);

    /// <exception cref="InvalidOperationException">The settings name no projected system for analyses.</exception>
    internal static void AddHotspots(this IServiceCollection services, Settings settings)
    {
        AnalysisCrs.Check(settings.Analysis.Crs);
        services.AddSingleton<AnalysisGate>().AddSingleton<HotspotAnalyses>();
    }

    internal static void MapHotspots(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/hotspots").WithTags("Hotspots").Takes(IssueFilterQuery.Parameters).Takes(HotspotAnalyses.Parameters);
        Map<ClusterProperties>("/clusters", "GetClusters", "Clusters of issues by density (DBSCAN), or each issue with its cluster", [Method, Eps, MinPoints, ClusterOutput], (context, analyses) =>
        {
            var query = context.Request.Query;
            Method.Read(query);
            var parameters = new ClusterParameters(Eps.Read(query), MinPoints.Read(query), ClusterOutput.Read(query) == "points");
            return analyses.RespondAsync(context, "dbscan", parameters, (input, options, explain, cancellation) => ClusterAnalysis.Run(input, parameters, options, explain, cancellation));
        });
        Map<GiStarProperties>("/gi-star", "GetGiStar", "Hot and cold cells (Getis-Ord Gi*): z, two-sided p, and q after the correction for many tests", [Cell, Size, Distance, Level, Alpha, Correction, CellOutput], (context, analyses) =>
        {
            var query = context.Request.Query;
            var cell = Cell.Read(query);
            var output = CellOutput.Read(query);
            RefuseWhere(cell == "ward", Size);
            RefuseWhere(cell != "ward", Level);
            var parameters = new GiStarParameters(
                cell, Size.Read(query), Distance.Read(query), Level.Read(query), Alpha.Read(query), Correction.Read(query) == "fdr",
                output is null ? null : output == "significant", IssueFilterQuery.Parse(query).Wards);
            return analyses.RespondAsync(context, "gi-star", parameters, (input, options, explain, cancellation) => GiStarAnalysis.Run(input, parameters, options, explain, cancellation));

            void RefuseWhere(bool meaningless, Parameter parameter)
            {
                if (meaningless && query[parameter.Name] is [{ } text, ..])
                {
                    throw new BadParameterException(parameter.Name, text, $"left out with cell={cell}");
                }
            }
        });
        Map<DensityProperties>("/density", "GetDensity", "Density of issues per km2 as contour polygons", [Bandwidth, Kernel, Levels], (context, analyses) =>
        {
            var query = context.Request.Query;
            var (count, levels) = Levels.Read(query);
            var parameters = new DensityParameters(Bandwidth.Read(query), Kernel.Read(query) == "quartic", count, levels);
            return analyses.RespondAsync(context, "density", parameters, (input, options, explain, cancellation) => DensityAnalysis.Run(input, parameters, options, explain, cancellation));
        });

        void Map<T>(string path, string name, string summary, Parameter[] parameters, Func<HttpContext, HotspotAnalyses, Task> handle)
            => group.MapGet(path, handle).WithName(name).WithSummary(summary).Takes(parameters)
                .Produces<AnalysisResult<T>>(200, HotspotAnalyses.GeoJson).Produces(304).ProducesProblem(400);
    }

    private static Parameter<double?> Meters(string name, string description, double example) => Parameter.Number(name, 0.1, MaxMeters, "meters", description, example);

    /// <summary>A number of levels, or the levels themselves with commas between.</summary>
    private static (int Count, double[]? Levels) LevelsOf(string? text)
    {
        const int defaultCount = 6;
        if (text is null)
        {
            return (defaultCount, null);
        }
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= DensityAnalysis.MaxLevels)
        {
            return (count, null);
        }
        var levels = text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN).ToArray();
        return levels.Length is > 1 and <= DensityAnalysis.MaxLevels && levels[0] > 0 && double.IsFinite(levels[^1]) && levels.Zip(levels.Skip(1)).All(pair => pair.Second > pair.First)
            ? (0, levels)
            : throw new BadParameterException("levels", text, $"a number of levels from 1 to {DensityAnalysis.MaxLevels}, or as many levels > 0 in ascending order (issues per km2), such as 5,10,20");
    }
}
