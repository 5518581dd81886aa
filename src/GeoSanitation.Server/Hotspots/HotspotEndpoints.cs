using System.Globalization;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Analyses of where issues concentrate, as GeoJSON with an <c>explain</c> member.</summary>
internal static class HotspotEndpoints
{
    private const double MaxMeters = 100_000;

    private static readonly string[] Reading = ["GET", "HEAD"];

    /// <exception cref="InvalidOperationException">The settings name no projected system for analyses.</exception>
    internal static void AddHotspots(this IServiceCollection services, Settings settings)
    {
        AnalysisCrs.Check(settings.Analysis.Crs);
        services.AddSingleton<AnalysisGate>().AddSingleton<HotspotAnalyses>();
    }

    internal static void MapHotspots(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/hotspots").WithTags("Hotspots");
        Map("/clusters", "GetClusters", "Clusters of issues by density (DBSCAN), or each issue with its cluster", (context, analyses) =>
        {
            var query = context.Request.Query;
            QueryValues.Word(query, "method", "dbscan");
            var parameters = new ClusterParameters(
                Meters(query, "eps"), QueryValues.Whole(query, "min_points", 1, 1_000_000), QueryValues.Word(query, "output", "clusters", "points") == "points");
            return analyses.RespondAsync(context, "dbscan", parameters, (input, options, explain, cancellation) => ClusterAnalysis.Run(input, parameters, options, explain, cancellation));
        });
        Map("/gi-star", "GetGiStar", "Hot and cold cells (Getis-Ord Gi*): z, two-sided p, and q after the correction for many tests", (context, analyses) =>
        {
            var query = context.Request.Query;
            var cell = QueryValues.Word(query, "cell", "hex", "square", "ward");
            var output = QueryValues.Text(query, "output") is null ? null : QueryValues.Word(query, "output", "all", "significant");
            var wards = IssueFilterQuery.Parse(query).Wards;
            var parameters = new GiStarParameters(
                cell, Only("size", cell != "ward") ? Meters(query, "size") : null, Meters(query, "distance"), Only("level", cell == "ward") ? QueryValues.Text(query, "level") : null,
                QueryValues.Number(query, "alpha", 1e-9, 0.5, "largest share of false discoveries"), QueryValues.Word(query, "correction", "fdr", "none") == "fdr",
                output is null ? null : output == "significant", wards);
            return analyses.RespondAsync(context, "gi-star", parameters, (input, options, explain, cancellation) => GiStarAnalysis.Run(input, parameters, options, explain, cancellation));

            bool Only(string name, bool fits)
                => fits || QueryValues.Text(query, name) is not { } text ? fits : throw new BadParameterException(name, text, $"left out with cell={cell}");
        });
        Map("/density", "GetDensity", "Density of issues per km2 as contour polygons", (context, analyses) =>
        {
            var query = context.Request.Query;
            var (count, levels) = Levels(QueryValues.Text(query, "levels"));
            var parameters = new DensityParameters(Meters(query, "bandwidth"), QueryValues.Word(query, "kernel", "gaussian", "quartic") == "quartic", count, levels);
            return analyses.RespondAsync(context, "density", parameters, (input, options, explain, cancellation) => DensityAnalysis.Run(input, parameters, options, explain, cancellation));
        });

        void Map(string path, string name, string summary, Func<HttpContext, HotspotAnalyses, Task> handle)
            => group.MapMethods(path, Reading, handle).WithName(name).WithSummary(summary)
                .Produces(200, contentType: HotspotAnalyses.GeoJson).Produces(304).ProducesProblem(400);
    }

    private static double? Meters(IQueryCollection query, string name) => QueryValues.Number(query, name, 0.1, MaxMeters, "meters");

    /// <summary>A number of levels, or the levels themselves with commas between.</summary>
    private static (int Count, double[]? Levels) Levels(string? text)
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
