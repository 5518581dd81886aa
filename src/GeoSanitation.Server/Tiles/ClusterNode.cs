using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>An issue by itself, or a cluster, while clusters are made; 16 bytes, so that one look at memory has all of it.</summary>
/// <param name="Number">Number of the issue or, of a cluster, the complement of the cluster's.</param>
/// <param name="X">Units from the middle of the web map's square to the east.</param>
/// <param name="Y">Units to the south.</param>
/// <param name="Traits">Of an issue: whether it is open, overdue, a relapse, and above these three bits its severity.</param>
internal readonly record struct ClusterNode(int Number, int X, int Y, int Traits)
{
    /// <summary>An issue by itself.</summary>
    internal static ClusterNode Of(IssuePoints issues, int i, int x, int y)
        => new(i, x, y, (issues.Status[i] <= PlacedIssue.LastOpen ? 1 : 0) | (issues.Has(i, IssueTraits.Overdue) ? 2 : 0) | (issues.Has(i, IssueTraits.Relapse) ? 4 : 0) | issues.Severity[i] << 3);

    internal int Open => Traits & 1;

    internal int Overdue => Traits >> 1 & 1;

    internal int Relapse => Traits >> 2 & 1;

    internal int Severity => Traits >> 3;
}
