using GeoSanitation.Store;
using GeoSanitation.Store.Tiles;

namespace GeoSanitation.Server.Snapshot;

/// <summary>The wards, read again when one of them has changed.</summary>
internal sealed class WardSnapshots(Database database)
{
    private readonly WardOutlineStore _store = new(database);
    private readonly Lock _lock = new();
    private Known? _known;

    /// <summary>The wards as of a data version, or newer.</summary>
    /// <param name="dataVersion">The version of a <see cref="DataView"/> that the caller has.</param>
    /// <param name="cancellation">Ends the waiting; the reading goes on for whoever asks next.</param>
    internal Task<WardSnapshot> GetAsync(string dataVersion, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_known is null || _known.DataVersion != dataVersion || _known.Wards.IsFaulted)
            {
                _known = new Known(dataVersion, ReadAsync(_known?.Wards));
            }
            return _known.Wards.WaitAsync(cancellation);
        }
    }

    private async Task<WardSnapshot> ReadAsync(Task<WardSnapshot>? before)
    {
        var last = before is { IsCompletedSuccessfully: true } ? before.Result : null;
        var outlines = await _store.ReadAsync(last?.Outlines, CancellationToken.None);
        return last is not null && ReferenceEquals(outlines, last.Outlines) ? last : new WardSnapshot(outlines);
    }

    private sealed record Known(string DataVersion, Task<WardSnapshot> Wards);
}
