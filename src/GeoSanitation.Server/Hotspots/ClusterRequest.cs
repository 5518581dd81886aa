using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Clusters by whichever method is named: one address, and one command, for all of them.</summary>
internal static class ClusterRequest
{
    internal const string Name = "clusters";
    internal const string Summary = "Clusters of issues by density, or each issue with its cluster";

    private static readonly HotspotMethod[] Methods = [ClusterAnalysis.DbscanMethod, HdbscanAnalysis.Method, ClusterAnalysis.StDbscanMethod];

    private static readonly Parameter<string> Method = Parameter.Word("method", "Clustering method", [.. Methods.Select(m => m.Name)]);

    /// <summary>The method, and what any of them takes.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } = [Method, .. Methods.SelectMany(m => m.Parameters).Distinct()];

    /// <summary>Reads a request from names and values.</summary>
    /// <exception cref="Problems.BadParameterException">A value is not what it must be, or the method named does not take it.</exception>
    internal static AnalysisRequest Parse(IQueryCollection values)
        => AnalysisRequest.Parse(HotspotMethod.Find(Method.Name, Method.Read(values)), new QueryCollection(values.Where(p => p.Key != Method.Name).ToDictionary()));
}
