using GeoSanitation.Coordinates;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Reference;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Snapshot;

/// <summary>One immutable version of the points of a filter, with what is worked out of them once.</summary>
internal sealed class PointSnapshot
{
    private readonly Lazy<QuadOrder> _order;
    private readonly Lazy<PointSnapshot> _inGcj02;

    /// <param name="issues">The points.</param>
    /// <param name="all">All points of the same version, and which of them these are, by row; null where they are not at hand.</param>
    internal PointSnapshot(IssuePoints issues, (PointSnapshot Points, Func<bool[]> IsChosen)? all = null)
    {
        Issues = issues;
        for (var i = 0; i < issues.Count; i++)
        {
            Bounds.ExpandToInclude(issues.LonDegrees[i], issues.LatDegrees[i]);
        }
        _order = new(() => all is { } known ? new QuadOrder(known.Points._order.Value, known.IsChosen(), issues.Count) : new QuadOrder(issues));
        _inGcj02 = new(() => new PointSnapshot(Shifted(issues)) { Rounds = Rounds });
    }

    /// <summary>The columns, by id.</summary>
    internal IssuePoints Issues { get; }

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

    private static IssuePoints Shifted(IssuePoints issues)
    {
        var (lon, lat) = (new double[issues.Count], new double[issues.Count]);
        for (var i = 0; i < lon.Length; i++)
        {
            (lon[i], lat[i]) = Gcj02.FromWgs84(new LonLat(issues.LonDegrees[i], issues.LatDegrees[i]));
        }
        return issues.At(lon, lat);
    }
}
