using GeoSanitation.Coordinates;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Snapshot;

/// <summary>One immutable version of the points of a filter, with what is worked out of them once.</summary>
internal sealed class PointSnapshot
{
    private readonly Lazy<IssuePoints> _issues;
    private readonly Lazy<QuadOrder> _order;
    private readonly Lazy<PointSnapshot> _inGcj02;
    private readonly (QuadOrder All, Lazy<bool[]> Taken)? _among;

    /// <summary>Points that were read.</summary>
    internal PointSnapshot(IssuePoints issues)
    {
        (DataVersion, Count) = (issues.DataVersion, issues.Count);
        for (var i = 0; i < issues.Count; i++)
        {
            Bounds.ExpandToInclude(issues.LonDegrees[i], issues.LatDegrees[i]);
        }
        _issues = new(issues);
        _order = new(() => new QuadOrder(issues));
        _inGcj02 = new(Shifted);
    }

    /// <summary>Points that are gathered when somebody asks for them.</summary>
    /// <param name="chosen">Which.</param>
    /// <param name="all">All points of the same version; null where they are not at hand.</param>
    internal PointSnapshot(ChosenIssues chosen, PointSnapshot? all)
    {
        (DataVersion, Count, Bounds) = (chosen.DataVersion, chosen.Count, chosen.Bounds());
        _issues = new(chosen.Gather);
        _among = all is null ? null : (all._order.Value, new(() => all._order.Value.Along(chosen.AmongAll())));
        _order = new(() => _among is var (order, taken) ? new QuadOrder(order, taken.Value, Count) : new QuadOrder(Issues));
        _inGcj02 = new(Shifted);
    }

    /// <summary>The data that the points are of.</summary>
    internal string DataVersion { get; }

    /// <summary>How many.</summary>
    internal int Count { get; }

    /// <summary>The columns, by id.</summary>
    internal IssuePoints Issues => _issues.Value;

    /// <summary>Inspection rounds: when and where somebody looked.</summary>
    internal IReadOnlyList<Round> Rounds { get; init; } = [];

    /// <summary>Lon/lat box around the points, degrees; null (in the sense of the envelope) when there is none.</summary>
    internal Envelope Bounds { get; } = new();

    /// <summary>Latitude in the middle of <see cref="Bounds"/>, degrees; 0 when there is no point.</summary>
    internal double MiddleLatDegrees => Bounds.Centre?.Y ?? 0;

    /// <summary>The same issues where a map of mainland China in GCJ-02 shows their places.</summary>
    internal PointSnapshot InGcj02 => _inGcj02.Value;

    /// <summary>Works out the order of the map, so that whoever asks for a square first need not wait for it.</summary>
    internal void PutInOrder() => _ = _order.Value;

    /// <summary>All of the issues, quarter by quarter, without putting them in order where all others are.</summary>
    internal QuadWalk Along() => _among is var (order, taken) && !_order.IsValueCreated ? order.Walk(taken.Value) : _order.Value.Walk([]);

    /// <summary>The issues whose place lies in a square of the web map, quarter by quarter: those of any smaller square of it are neighbors.</summary>
    /// <param name="zoom">Zoom of the square, 0 to 31.</param>
    /// <param name="x">Its column from the west.</param>
    /// <param name="y">Its row from the north.</param>
    internal ReadOnlySpan<PlacedIssue> InSquare(int zoom, int x, int y) => _order.Value.InSquare(zoom, x, y);

    /// <summary>The issues around a square of the web map, within a margin of it, and some others.</summary>
    /// <param name="zoom">Zoom of the square, 0 to 31.</param>
    /// <param name="x">Its column from the west.</param>
    /// <param name="y">Its row from the north.</param>
    /// <param name="margin">The margin, a part of the square's side.</param>
    internal IReadOnlyList<ReadOnlyMemory<PlacedIssue>> Around(int zoom, int x, int y, double margin)
        => _order.Value.Around(zoom, x, y, (long)Math.Ceiling(Math.ScaleB(margin, QuadOrder.AxisBits - zoom)));

    private PointSnapshot Shifted()
    {
        var (lon, lat) = (new double[Count], new double[Count]);
        for (var i = 0; i < lon.Length; i++)
        {
            (lon[i], lat[i]) = Gcj02.FromWgs84(new LonLat(Issues.LonDegrees[i], Issues.LatDegrees[i]));
        }
        return new PointSnapshot(Issues.At(lon, lat)) { Rounds = Rounds };
    }
}
