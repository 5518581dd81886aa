using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>Issues put together on a map: where, and their sums.</summary>
internal struct MapCluster
{
    /// <summary>Mean place of the issues, in the units of <see cref="ClusterPyramid"/>, from the west.</summary>
    internal int X;

    /// <summary>The same from the north.</summary>
    internal int Y;

    internal int Count;
    internal int Open;
    internal int Overdue;
    internal int Relapses;

    /// <summary>Sum of the severities.</summary>
    internal int Severity;

    /// <summary>Zoom at which it came together; at the next one it falls apart.</summary>
    internal byte Zoom;

    /// <summary>Counts an issue in; the place stays.</summary>
    internal void Add(byte status, IssueTraits traits, byte severity)
    {
        Count++;
        Open += status <= ClusterNode.LastOpen ? 1 : 0;
        Overdue += (traits & IssueTraits.Overdue) != 0 ? 1 : 0;
        Relapses += (traits & IssueTraits.Relapse) != 0 ? 1 : 0;
        Severity += severity;
    }

    /// <summary>Counts an issue by itself in; the place stays.</summary>
    internal void Add(in ClusterNode issue)
    {
        Count++;
        Open += issue.Open;
        Overdue += issue.Overdue;
        Relapses += issue.Relapse;
        Severity += issue.Severity;
    }

    /// <summary>Counts the issues of another one in; the place stays.</summary>
    internal void Add(in MapCluster other)
    {
        Count += other.Count;
        Open += other.Open;
        Overdue += other.Overdue;
        Relapses += other.Relapses;
        Severity += other.Severity;
    }

    /// <summary>Attributes that clusters and bins have alike.</summary>
    internal readonly void TagSums(MvtLayer layer)
    {
        layer.Tag("open", Open);
        layer.Tag("overdue", Overdue);
        layer.Tag("relapses", Relapses);
        layer.Tag("severity", Math.Round((double)Severity / Count, 2));
    }
}
