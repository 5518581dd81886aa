using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>An analysis with its parameters filled in: from its input to its features, telling beside it how they came about.</summary>
internal delegate FeatureTable Analysis(AnalysisInput input, Explain explain, AnalysisWork work);

/// <summary>How an analysis is to work.</summary>
/// <param name="Threads">Threads that it may use; they never change its result.</param>
/// <param name="Progress">Is told the part done, 0 to 1, where a step takes long.</param>
/// <param name="Cancellation">Ends it with an <see cref="OperationCanceledException"/>, within a step that takes long too.</param>
internal sealed record AnalysisWork(int Threads, IProgress<double> Progress, CancellationToken Cancellation)
{
    internal void ThrowIfCancelled() => Cancellation.ThrowIfCancellationRequested();
}

/// <summary>A hotspot method as callers know it, over HTTP and on the command line.</summary>
/// <param name="Name">Its name: <c>dbscan</c>, <c>gi-star</c> ...</param>
/// <param name="Version">Grows when the same data and parameters give other numbers than before.</param>
/// <param name="Summary">What it tells, in one line.</param>
/// <param name="Parameters">What it takes, beside what all methods take (<see cref="AnalysisRequest.CommonParameters"/>).</param>
/// <param name="Parse">Reads its parameters.</param>
internal sealed record HotspotMethod(string Name, int Version, string Summary, IReadOnlyList<Parameter> Parameters, Func<IQueryCollection, Analysis> Parse)
{
    /// <summary>Name of the method that is meant where none is named.</summary>
    internal const string Usual = "gi-star";

    /// <summary>Every method there is.</summary>
    internal static IReadOnlyList<HotspotMethod> All { get; } =
        [
            ClusterAnalysis.DbscanMethod, HdbscanAnalysis.Method, ClusterAnalysis.StDbscanMethod, GiStarAnalysis.Method, LocalMoranAnalysis.Method, EmergingAnalysis.Method, ScanAnalysis.Method,
            DensityAnalysis.Method,
        ];

    /// <summary>The method of a name.</summary>
    /// <param name="parameter">Where the name was given.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="Problems.BadParameterException">There is none.</exception>
    internal static HotspotMethod Find(string parameter, string? name)
        => All.FirstOrDefault(m => m.Name == name) ?? throw new Problems.BadParameterException(parameter, name, "one of " + string.Join(", ", All.Select(m => m.Name)));
}
