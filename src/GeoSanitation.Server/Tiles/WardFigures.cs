using GeoSanitation.Server.Scorecards;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Tiles;

/// <summary>How wards stand by the filters that tiles were asked of last: the tiles of a view ask at once, and for the same.</summary>
internal sealed class WardFigures(ScorecardReader reader)
{
    private const int MaxEntries = 8;

    private readonly RecentTasks<(string Filter, string Version), (IReadOnlyDictionary<int, ScorecardFigures> OfRow, string DataVersion)> _known = new(MaxEntries);

    /// <summary>The figures of the wards in force, by their rows: of those within the filter's wards where it names any.</summary>
    /// <param name="filter">Which issues are counted.</param>
    /// <param name="version">The data version that is wanted, or a newer one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    internal Task<(IReadOnlyDictionary<int, ScorecardFigures> OfRow, string DataVersion)> GetAsync(IssueFilter filter, string version, CancellationToken cancellation)
        => _known.GetAsync((IssuePointStore.KeyOf(filter), version), () => ReadAsync(filter, version), cancellation);

    private async Task<(IReadOnlyDictionary<int, ScorecardFigures> OfRow, string DataVersion)> ReadAsync(IssueFilter filter, string version)
    {
        var reading = await reader.ReadAsync(filter, version, CancellationToken.None);
        var wards = reading.Wards.Current.Where(w => filter.Wards.Count == 0 || reading.Wards.IsWithin(w, [.. filter.Wards]));
        return (wards.ToDictionary(w => w.Id, reading.Now.FiguresOf), reading.Basis.DataVersion);
    }
}
