using GeoSanitation.Server.Filters;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Analyses of where issues concentrate, as GeoJSON with an <c>explain</c> member.</summary>
internal static class HotspotEndpoints
{
    private static readonly HotspotMethod[] Clustering = [ClusterAnalysis.DbscanMethod, HdbscanAnalysis.Method, ClusterAnalysis.StDbscanMethod];

    private static readonly Parameter<string> ClusterMethod = Parameter.Word("method", "Clustering method", [.. Clustering.Select(m => m.Name)]);

    /// <exception cref="InvalidOperationException">The settings name no projected system for analyses.</exception>
    internal static void AddHotspots(this IServiceCollection services, Settings settings)
    {
        AnalysisCrs.Check(settings.Analysis.Crs);
        services.AddSingleton<AnalysisGate>().AddSingleton<AnalysisJobs>().AddSingleton<HotspotAnalyses>();
    }

    internal static void MapHotspots(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/hotspots").WithTags("Hotspots").Takes(IssueFilterQuery.Parameters).Takes(AnalysisRequest.CommonParameters);
        Map<ClusterProperties>("/clusters", "GetClusters", "Clusters of issues by density, or each issue with its cluster", [ClusterMethod, .. Clustering.SelectMany(m => m.Parameters).Distinct()],
            values => AnalysisRequest.Parse(
                HotspotMethod.Find(ClusterMethod.Name, ClusterMethod.Read(values)), new QueryCollection(values.Where(p => p.Key != ClusterMethod.Name).ToDictionary())));
        MapMethod<GiStarProperties>("GetGiStar", GiStarAnalysis.Method);
        MapMethod<LocalMoranProperties>("GetLocalMoran", LocalMoranAnalysis.Method);
        MapMethod<EmergingProperties>("GetEmerging", EmergingAnalysis.Method);
        MapMethod<ScanProperties>("GetScan", ScanAnalysis.Method);
        MapMethod<DensityProperties>("GetDensity", DensityAnalysis.Method);

        void MapMethod<T>(string name, HotspotMethod method)
            => Map<T>("/" + method.Name, name, method.Summary, method.Parameters, values => AnalysisRequest.Parse(method, values));

        void Map<T>(string path, string name, string summary, IEnumerable<Parameter> parameters, Func<IQueryCollection, AnalysisRequest> parse)
            => group.MapGet(path, (HttpContext context, HotspotAnalyses analyses) => analyses.RespondAsync(context, parse(context.Request.Query)))
                .WithName(name).WithSummary(summary).Takes(parameters)
                .Produces<AnalysisAnswer<T>>(200, FeatureWriter.MediaType).Produces<Runs.RunState>(202).Produces(304).ProducesProblem(400).ProducesProblem(503);
    }
}
