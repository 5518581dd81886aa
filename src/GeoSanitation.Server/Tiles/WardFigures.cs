using GeoSanitation.Server.Scorecards;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>How wards stand by the filters that tiles were asked of last: the tiles of a view ask at once, and for the same.</summary>
internal sealed class WardFigures(ScorecardReader reader)
{
    private const int MaxEntries = 8;

    private readonly Lock _lock = new();

    // The one asked for last comes first.
    private readonly List<(string Key, string Version, Task<(IReadOnlyDictionary<int, ScorecardFigures> OfRow, string DataVersion)> Figures)> _known = [];

    /// <summary>The figures of the wards in force, by their rows: of those within the filter's wards where it names any.</summary>
    /// <param name="filter">Which issues are counted.</param>
    /// <param name="version">The data version that is wanted, or a newer one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    internal Task<(IReadOnlyDictionary<int, ScorecardFigures> OfRow, string DataVersion)> GetAsync(IssueFilter filter, string version, CancellationToken cancellation)
    {
        var key = IssuePointStore.KeyOf(filter);
        lock (_lock)
        {
            var found = _known.Find(k => k.Key == key && k.Version == version && !k.Figures.IsFaulted);
            _known.RemoveAll(k => k.Key == key);
            var figures = found.Figures ?? ReadAsync(filter, version);
            _known.Insert(0, (key, version, figures));
            _known.RemoveRange(Math.Min(MaxEntries, _known.Count), Math.Max(0, _known.Count - MaxEntries));
            return figures.WaitAsync(cancellation);
        }
    }

    private async Task<(IReadOnlyDictionary<int, ScorecardFigures> OfRow, string DataVersion)> ReadAsync(IssueFilter filter, string version)
    {
        var reading = await reader.ReadAsync(filter, version, CancellationToken.None);
        var wards = reading.Wards.Current.Where(w => filter.Wards.Count == 0 || reading.Wards.IsWithin(w, [.. filter.Wards]));
        return (wards.ToDictionary(w => w.Id, reading.Now.FiguresOf), reading.Basis.DataVersion);
    }
}
