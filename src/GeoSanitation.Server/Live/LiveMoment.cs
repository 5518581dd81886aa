using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Runs;

namespace GeoSanitation.Server.Live;

/// <summary>What there is at a moment.</summary>
/// <param name="View">The issues.</param>
/// <param name="Published">The run of each method that was published last.</param>
internal sealed record LiveMoment(DataView View, IReadOnlyList<RunRecord> Published)
{
    private readonly Dictionary<int, string> _wards = View.Tables.Wards.ToDictionary(w => w.Id, w => w.Code);

    /// <summary>Where a listener stands who has been told everything.</summary>
    internal LiveCursor Cursor { get; } = new(View.Data.Position, Published.ToDictionary(r => r.Method, r => r.Id));

    /// <summary>The run published last of all, which portals show; null for none.</summary>
    internal long? LastPublished { get; } = Published.OrderBy(r => r.PublishedAt).ThenBy(r => r.Id).LastOrDefault()?.Id;

    /// <summary>Code of a ward by its row; null for 0.</summary>
    internal string? WardCode(int row) => _wards.GetValueOrDefault(row);
}
