using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Scorecards;

/// <summary>What is counted of the issues of a ward, without the wards within it.</summary>
/// <param name="steps">Steps of the trend.</param>
internal sealed class Tally(int steps)
{
    private const byte Closed = 4;
    private const byte Rejected = 5;
    private const double SecondsPerDay = 86_400;

    private int _total;
    private int _closed;
    private int _rejected;
    private int _overdue;
    private int _relapses;
    private int _onTime;
    private int _onTimeOf;

    // Seconds from the report to the end of those that are closed.
    private readonly List<long> _timesToClose = [];

    private readonly int[] _steps = new int[steps];

    /// <summary>Counts an issue.</summary>
    /// <param name="chunk">Its chunk.</param>
    /// <param name="i">Its position there.</param>
    /// <param name="isOverdue">Whether it is overdue.</param>
    /// <param name="step">Its step of the trend.</param>
    internal void Add(IssueChunk chunk, int i, bool isOverdue, int step)
    {
        var status = chunk.Status(i);
        _total++;
        _steps[step]++;
        _relapses += (chunk.Traits[i] & IssueTraits.Relapse) != 0 ? 1 : 0;
        if (status == Rejected)
        {
            _rejected++;
        }
        else if (status == Closed)
        {
            _closed++;
            _timesToClose.Add(chunk.SecondsToClose[i]);
        }
        if (isOverdue)
        {
            _overdue++;
            _onTimeOf++;
        }
        else if (!chunk.Waits(i) && status != Rejected && chunk.Done(i) != Punctuality.Unknown)
        {
            _onTimeOf++;
            _onTime += chunk.Done(i) == Punctuality.InTime ? 1 : 0;
        }
    }

    /// <summary>The figures of several tallies together.</summary>
    /// <param name="tallies">The tallies, all with the same steps.</param>
    /// <param name="areaSquareMeters">Area of what they were counted in; null where it is none.</param>
    internal static ScorecardFigures FiguresOf(IReadOnlyCollection<Tally> tallies, double? areaSquareMeters)
    {
        var total = tallies.Sum(t => t._total);
        var (closed, rejected, onTime, onTimeOf, relapses) = (
            tallies.Sum(t => t._closed), tallies.Sum(t => t._rejected), tallies.Sum(t => t._onTime), tallies.Sum(t => t._onTimeOf), tallies.Sum(t => t._relapses));
        var (times, at) = (new long[closed], 0);
        foreach (var tally in tallies)
        {
            tally._timesToClose.CopyTo(times, at);
            at += tally._timesToClose.Count;
        }
        return new ScorecardFigures
        {
            Total = total,
            Open = total - closed - rejected,
            Closed = closed,
            Rejected = rejected,
            Overdue = tallies.Sum(t => t._overdue),
            Relapses = relapses,
            RelapseRate = Rate(relapses, total),
            RelapseRateOf = total,
            OnTime = onTime,
            OnTimeRate = Rate(onTime, onTimeOf),
            OnTimeRateOf = onTimeOf,
            MedianDaysToClose = times.Length == 0 ? null : Math.Round(Median.Of(times) / SecondsPerDay, 2),
            MedianDaysToCloseOf = times.Length,
            PerKm2 = areaSquareMeters > 0 ? Math.Round(total / (areaSquareMeters.Value / 1e6), 2) : null,
        };
    }

    /// <summary>Reports in each step of several tallies together.</summary>
    internal static int[] TrendOf(IReadOnlyCollection<Tally> tallies, int steps)
    {
        var trend = new int[steps];
        foreach (var tally in tallies)
        {
            for (var i = 0; i < steps; i++)
            {
                trend[i] += tally._steps[i];
            }
        }
        return trend;
    }

    private static double? Rate(int count, int of) => of == 0 ? null : Math.Round((double)count / of, 4);
}
