using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What the features of a method look like, known without any data.</summary>
internal static class ResultShape
{
    /// <summary>No issue at all.</summary>
    internal static PointSnapshot NoPoints => new(new IssuePoints
    {
        DataVersion = "none",
        Categories = [],
        Ids = [],
        LonDegrees = [],
        LatDegrees = [],
        Category = [],
        Severity = [],
        Status = [],
        ReportedAt = [],
        Ward = [],
        Traits = [],
    });

    /// <summary>No ward at all.</summary>
    internal static WardSnapshot NoWards => new(new WardOutlines("none", []));

    /// <summary>What a method with its usual parameters makes of no issue at all: no feature, and every attribute that one can have.</summary>
    /// <param name="method">The method.</param>
    /// <param name="settings">The operator's settings.</param>
    internal static FeatureTable Of(HotspotMethod method, Settings settings)
        => AnalysisRequest.Parse(method, new QueryCollection()).Run(NoPoints, NoWards, settings, new AnalysisWork(1, new Progress<double>(), CancellationToken.None)).Table;
}
