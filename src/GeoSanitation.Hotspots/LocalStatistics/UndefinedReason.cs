namespace GeoSanitation.Hotspots.LocalStatistics;

/// <summary>Why a statistic has no value at a unit.</summary>
public enum UndefinedReason : byte
{
    /// <summary>It has one.</summary>
    None,

    /// <summary>Fewer than three units.</summary>
    TooFewUnits,

    /// <summary>All units have the same value.</summary>
    NoSpread,

    /// <summary>Every unit is a neighbor: nothing is left to compare with.</summary>
    EveryoneIsNeighbor,

    /// <summary>The unit has no neighbor.</summary>
    NoNeighbor,

    /// <summary>The unit's value is the mean, which leaves no variance.</summary>
    ValueIsMean,
}
