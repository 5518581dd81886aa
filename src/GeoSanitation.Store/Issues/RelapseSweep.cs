namespace GeoSanitation.Store.Issues;

/// <summary>
/// Finds the relapses among issues that come ordered by report time, in one pass: the same rule as the SQL function
/// <c>geosan.find_relapse</c>. It remembers the closed issues that can still matter and nothing else.
/// </summary>
/// <remarks>
/// An issue links to one that was closed before it was reported, so that one was reported, and read, earlier still. Closed issues wait in a queue until
/// the sweep has passed their closing, then stand in a grid of cells of the rule's distance, latest closed first, until they are too old.
/// Distances are those of a plane with the ellipsoid's two radii of curvature at the pair's middle, exact to less than a micrometer at these lengths.
/// </remarks>
/// <param name="rule">How near and how soon.</param>
public sealed class RelapseSweep(RelapseRule rule)
{
    private const double SemiMajorMeters = 6378137;
    private const double Flattening = 1 / 298.257223563;
    private const double EccentricitySquared = Flattening * (2 - Flattening);
    private const double ShortestDegreeMeters = 110_500;

    private readonly double _rowDegrees = Math.Max(rule.DistanceMeters, 1) / ShortestDegreeMeters;
    private readonly TimeSpan _window = TimeSpan.FromDays(Math.Min(rule.Days, 36_500));
    private readonly PriorityQueue<Closed, (DateTime ClosedAt, long Id)> _pending = new();
    private readonly Dictionary<(int Category, int Row, int Column), List<Closed>> _cells = [];
    private int _standing;
    private int _purgeAt = 1 << 12;

    /// <summary>Takes the next issue.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="category">Any number that stands for its category.</param>
    /// <param name="lonDegrees">Longitude.</param>
    /// <param name="latDegrees">Latitude.</param>
    /// <param name="reportedAt">When it was reported; not before that of the issue taken last.</param>
    /// <param name="closedAt">When it was closed, not before its report; null when it is not closed.</param>
    /// <returns>Id of the issue that it is a relapse of, or null.</returns>
    public long? Next(long id, int category, double lonDegrees, double latDegrees, DateTime reportedAt, DateTime? closedAt)
    {
        while (_pending.TryPeek(out var waiting, out var key) && key.ClosedAt < reportedAt)
        {
            _pending.Dequeue();
            Stand(waiting);
        }
        if (_standing >= _purgeAt)
        {
            Purge(reportedAt - _window);
        }
        var found = Find(category, lonDegrees, latDegrees, reportedAt - _window);
        if (closedAt is { } at)
        {
            _pending.Enqueue(new Closed(id, category, lonDegrees, latDegrees, at), (at, -id));
        }
        return found;
    }

    private void Stand(Closed issue)
    {
        var row = Row(issue.LatDegrees);
        var key = (issue.Category, row, Column(issue.LonDegrees, row));
        if (!_cells.TryGetValue(key, out var cell))
        {
            _cells[key] = cell = new List<Closed>(1);
        }
        cell.Add(issue);
        _standing++;
    }

    private long? Find(int category, double lon, double lat, DateTime oldest)
    {
        Closed? best = null;
        var row = Row(lat);
        for (var r = row - 1; r <= row + 1; r++)
        {
            var reach = ColumnDegrees(r);
            for (var c = Column(lon - reach, r); c <= Column(lon + reach, r); c++)
            {
                if (!_cells.TryGetValue((category, r, c), out var cell))
                {
                    continue;
                }
                // Latest closed last; of those closed at the same moment the lowest id last.
                for (var i = cell.Count - 1; i >= 0 && cell[i].ClosedAt >= oldest; i--)
                {
                    var issue = cell[i];
                    if (best is { } b && (issue.ClosedAt, -issue.Id).CompareTo((b.ClosedAt, -b.Id)) <= 0)
                    {
                        break;
                    }
                    if (DistanceMeters(issue.LonDegrees, issue.LatDegrees, lon, lat) <= rule.DistanceMeters)
                    {
                        best = issue;
                        break;
                    }
                }
            }
        }
        return best?.Id;
    }

    private void Purge(DateTime oldest)
    {
        _standing = 0;
        foreach (var (key, cell) in _cells)
        {
            cell.RemoveAll(issue => issue.ClosedAt < oldest);
            _standing += cell.Count;
            if (cell.Count == 0)
            {
                _cells.Remove(key);
            }
        }
        _purgeAt = Math.Max(1 << 12, 2 * _standing);
    }

    private int Row(double latDegrees) => (int)Math.Floor(latDegrees / _rowDegrees);

    private int Column(double lonDegrees, int row) => (int)Math.Floor(lonDegrees / ColumnDegrees(row));

    // Wide enough for the rule's distance at the edge of the row that lies nearer to a pole.
    private double ColumnDegrees(int row)
    {
        var latDegrees = Math.Min(89.9, (Math.Abs(row) + 1) * _rowDegrees);
        return Math.Max(_rowDegrees / Math.Cos(latDegrees * Math.PI / 180), 2e-7);
    }

    private static double DistanceMeters(double lon1, double lat1, double lon2, double lat2)
    {
        var (sin, cos) = Math.SinCos((lat1 + lat2) / 2 * Math.PI / 180);
        var w = 1 - EccentricitySquared * sin * sin;
        var northRadius = SemiMajorMeters * (1 - EccentricitySquared) / (w * Math.Sqrt(w));
        var eastRadius = SemiMajorMeters / Math.Sqrt(w);
        var north = (lat2 - lat1) * Math.PI / 180 * northRadius;
        var east = (lon2 - lon1) * Math.PI / 180 * eastRadius * cos;
        return Math.Sqrt(north * north + east * east);
    }

    private readonly record struct Closed(long Id, int Category, double LonDegrees, double LatDegrees, DateTime ClosedAt);
}
