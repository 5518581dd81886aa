namespace GeoSanitation.Server.Snapshot;

/// <summary>Ids of issues: four bytes each, or eight where one of them is too large.</summary>
internal sealed class IdColumn
{
    private readonly long[]? _long;

    internal IdColumn(ReadOnlySpan<long> ids)
    {
        Length = ids.Length;
        if (ids.ContainsAnyExceptInRange(0, uint.MaxValue))
        {
            _long = [.. ids];
            return;
        }
        Short = new uint[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            Short[i] = (uint)ids[i];
        }
    }

    internal long this[int i] => _long is { } ids ? ids[i] : Short[i];

    /// <summary>The ids of some rows.</summary>
    internal long[] At(ReadOnlySpan<ushort> rows)
    {
        var ids = new long[rows.Length];
        for (var n = 0; n < rows.Length; n++)
        {
            ids[n] = this[rows[n]];
        }
        return ids;
    }

    /// <summary>The ids, where they are short; else nothing.</summary>
    internal uint[] Short { get; } = [];

    internal bool AreShort => _long is null;

    internal int Length { get; }

    /// <summary>What it takes in memory.</summary>
    internal long Bytes => AreShort ? sizeof(uint) * (long)Length : sizeof(long) * (long)Length;
}
