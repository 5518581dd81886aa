using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Snapshot;

/// <summary>One immutable version of the points of a filter, with what is worked out of them once.</summary>
internal sealed class PointSnapshot
{
    private readonly Lazy<ChosenIssues> _chosen;
    private readonly Lazy<PointSnapshot> _inGcj02;
    private readonly Lock _gathering = new();
    private readonly WeakReference<IssuePoints?> _gathered = new(null);
    private readonly IssuePoints? _read;

    /// <summary>Points that were read.</summary>
    internal PointSnapshot(IssuePoints issues)
        : this(new Lazy<ChosenIssues>(() => ChosenIssues.Of(issues)), issues.DataVersion, issues.Count, BoundsOf(issues))
        => _read = issues;

    /// <summary>Points of the columns.</summary>
    internal PointSnapshot(ChosenIssues chosen)
        : this(new Lazy<ChosenIssues>(chosen), chosen.DataVersion, chosen.Count, chosen.Bounds())
    {
    }

    private PointSnapshot(Lazy<ChosenIssues> chosen, string dataVersion, int count, Envelope bounds)
    {
        (_chosen, DataVersion, Count, Bounds) = (chosen, dataVersion, count, bounds);
        _inGcj02 = new(() => new PointSnapshot(Chosen.InGcj02()) { Rounds = Rounds });
    }

    /// <summary>The data that the points are of.</summary>
    internal string DataVersion { get; }

    /// <summary>How many.</summary>
    internal int Count { get; }

    /// <summary>The issues, in the order of the map.</summary>
    internal ChosenIssues Chosen => _chosen.Value;

    /// <summary>Whether they were read by themselves, so that only what <see cref="IssuePoints"/> holds is known of them.</summary>
    internal bool ArePointsAlone => _read is not null;

    /// <summary>Inspection rounds: when and where somebody looked.</summary>
    internal IReadOnlyList<Round> Rounds { get; init; } = [];

    /// <summary>Lon/lat box around the points, degrees; null (in the sense of the envelope) when there is none.</summary>
    internal Envelope Bounds { get; }

    /// <summary>Latitude in the middle of <see cref="Bounds"/>, degrees; 0 when there is no point.</summary>
    internal double MiddleLatDegrees => Bounds.Centre?.Y ?? 0;

    /// <summary>The same issues where a map of mainland China in GCJ-02 shows their places.</summary>
    internal PointSnapshot InGcj02 => _inGcj02.Value;

    /// <summary>The points as arrays, by id. They are gathered for those who ask at the same time, and live as long as one of them holds them: to be asked for once.</summary>
    internal IssuePoints Gather()
    {
        if (_read is { } read)
        {
            return read;
        }
        lock (_gathering)
        {
            if (!_gathered.TryGetTarget(out var points))
            {
                _gathered.SetTarget(points = Chosen.Gather());
            }
            return points;
        }
    }

    private static Envelope BoundsOf(IssuePoints issues)
    {
        var bounds = new Envelope();
        for (var i = 0; i < issues.Count; i++)
        {
            bounds.ExpandToInclude(issues.LonDegrees[i], issues.LatDegrees[i]);
        }
        return bounds;
    }
}
