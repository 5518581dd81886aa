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
    /// <exception cref="InvalidOperationException">The settings name no projected system for analyses.</exception>
    internal static void AddHotspots(this IServiceCollection services, Settings settings)
    {
        AnalysisCrs.Check(settings.Analysis.Crs);
        services.AddSingleton<AnalysisGate>().AddSingleton<AnalysisJobs>().AddSingleton<KeptTables>().AddSingleton<HotspotAnalyses>();
    }

    internal static void MapHotspots(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/hotspots").WithTags("Hotspots").Takes(IssueFilterQuery.Parameters).Takes(AnalysisRequest.CommonParameters).Takes(CommonParameters.GeoJson);
        Map<ClusterProperties>("/" + ClusterRequest.Name, "GetClusters", ClusterRequest.Summary, ClusterRequest.Parameters, ClusterRequest.Parse);
        MapMethod<GiStarProperties>("GetGiStar", GiStarAnalysis.Method);
        MapMethod<LocalMoranProperties>("GetLocalMoran", LocalMoranAnalysis.Method);
        MapMethod<EmergingProperties>("GetEmerging", EmergingAnalysis.Method);
        MapMethod<ScanProperties>("GetScan", ScanAnalysis.Method);
        MapMethod<DensityProperties>("GetDensity", DensityAnalysis.Method);

        void MapMethod<T>(string name, HotspotMethod method)
            => Map<T>("/" + method.Name, name, method.Summary, method.Parameters, values => AnalysisRequest.Parse(method, values));

        void Map<T>(string path, string name, string summary, IEnumerable<Parameter> parameters, Func<IQueryCollection, AnalysisRequest> parse)
            => group.MapGet(path, (HttpContext context, HotspotAnalyses analyses) => analyses.RespondAsync(context, parse(WithoutForm(context.Request.Query))))
                .WithName(name).WithSummary(summary).Takes(parameters)
                .Produces<AnalysisAnswer<T>>(200, FeatureWriter.MediaType).Produces<Runs.RunState>(202).Produces(304).ProducesProblem(400).ProducesProblem(503);
    }

    private static QueryCollection WithoutForm(IQueryCollection query)
    {
        CommonParameters.GeoJson.Read(query);
        return new QueryCollection(query.Where(p => p.Key != CommonParameters.GeoJson.Name).ToDictionary());
    }
}
