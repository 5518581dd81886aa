using System.Globalization;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Tiles;

/// <summary>How issues are put together in vector tiles.</summary>
/// <param name="Aggregate"><c>clusters</c>, <c>hex</c>, <c>square</c> or <c>none</c>.</param>
/// <param name="ClusterZoom">Last zoom with clusters.</param>
/// <param name="Attributes">What is said of a single issue.</param>
internal sealed record IssueTileParameters(string Aggregate, int ClusterZoom, IssueAttributes Attributes)
{
    private const int UsualClusterZoom = 13;

    private static readonly Parameter<string> AggregateWord = Parameter.Word(
        "aggregate", "How issues are put together: those near each other up to cluster_zoom, by hexagons or squares of 1/16 of a tile at every zoom, or not at all; a tile of too many single issues is refused", "clusters", "hex", "square", "none");

    private static readonly Parameter<int?> ClusterZoomNumber = Parameter.Whole(
        "cluster_zoom", 0, ClusterPyramid.LastZoom, $"Last zoom with clusters, beside aggregate=clusters; {UsualClusterZoom} when left out", 12);

    private static readonly Parameter<IssueAttributes> Properties = new(
        "properties", "Attributes of single issues, with commas between; all of them when left out. Fewer make smaller tiles, sooner",
        Parameter.Pattern($"^({string.Join('|', IssueAttributeNames.All)})(,({string.Join('|', IssueAttributeNames.All)}))*$"), "category,severity,status", text => IssueAttributeNames.Parse("properties", text));

    /// <summary>What it takes beside the issue filter.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } = [AggregateWord, ClusterZoomNumber, Properties];

    internal bool HasClusters => Aggregate == "clusters";

    internal bool HasBins => Aggregate is "hex" or "square";

    /// <summary>Reads <c>aggregate</c>, <c>cluster_zoom</c> and <c>properties</c>.</summary>
    /// <exception cref="BadParameterException">One of them is not what it must be.</exception>
    internal static IssueTileParameters Parse(IQueryCollection query)
    {
        var (aggregate, zoom) = (AggregateWord.Read(query), ClusterZoomNumber.Read(query));
        return zoom is null || aggregate == "clusters"
            ? new IssueTileParameters(aggregate, zoom ?? UsualClusterZoom, Properties.Read(query))
            : throw new BadParameterException(ClusterZoomNumber.Name, query[ClusterZoomNumber.Name], $"left out beside aggregate={aggregate}");
    }

    /// <summary>Refuses a tile of too many single issues: no request takes the memory and the time of others.</summary>
    /// <param name="issues">How many are in the tile.</param>
    /// <param name="most">How many may be: <see cref="TileSettings.MaxIssues"/>.</param>
    /// <param name="zoom">Zoom of the tile.</param>
    /// <exception cref="BadParameterException">There are too many.</exception>
    internal void RequireFewEnough(int issues, int most, int zoom)
    {
        if (issues <= most)
        {
            return;
        }
        var why = string.Create(CultureInfo.InvariantCulture, $"in a tile of {issues:N0} issues, of which at most {most:N0} come each by itself");
        throw HasClusters && zoom <= ClusterPyramid.LastZoom
            ? new BadParameterException(ClusterZoomNumber.Name, $"{ClusterZoom}", $"{zoom} or more {why}")
            : new BadParameterException(AggregateWord.Name, Aggregate, $"{(zoom <= ClusterPyramid.LastZoom ? "clusters, " : "")}hex or square {why}");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Aggregate} {ClusterZoom} {(int)Attributes}");
}
