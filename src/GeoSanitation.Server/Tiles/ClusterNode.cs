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
    /// <summary>Last of the statuses that are open: reported, accepted, dispatched, resolved.</summary>
    internal const byte LastOpen = 3;

    /// <summary>An issue by itself.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="chunk">Its chunk.</param>
    /// <param name="i">Its position there.</param>
    /// <param name="lastDeadline">The last deadline that has passed, for <see cref="IssueChunk.IsOverdue"/>.</param>
    /// <param name="x">Units from the middle to the east.</param>
    /// <param name="y">Units to the south.</param>
    internal static ClusterNode Of(int number, IssueChunk chunk, int i, long lastDeadline, int x, int y)
    {
        var traits = chunk.TraitsAt(i, lastDeadline);
        return new(number, x, y, (chunk.Status(i) <= LastOpen ? 1 : 0) | ((traits & IssueTraits.Overdue) != 0 ? 2 : 0) | ((traits & IssueTraits.Relapse) != 0 ? 4 : 0) | chunk.Severity(i) << 3);
    }

    internal int Open => Traits & 1;

    internal int Overdue => Traits >> 1 & 1;

    internal int Relapse => Traits >> 2 & 1;

    internal int Severity => Traits >> 3;
}
