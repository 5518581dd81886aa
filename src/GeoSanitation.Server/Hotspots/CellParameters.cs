using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Into which cells the study area is cut, and which of them are neighbors; null means chosen.</summary>
/// <param name="Cell"><c>hex</c>, <c>square</c> or <c>ward</c>.</param>
/// <param name="SizeMeters">Width of a hexagon, side of a square.</param>
/// <param name="Level">Level of the wards that are cells.</param>
/// <param name="Neighbors"><c>band</c>, <c>knn</c>, <c>queen</c> or <c>rook</c>.</param>
/// <param name="DistanceMeters">The band: cells with centers at most this far apart are neighbors.</param>
/// <param name="Nearest">How many nearest cells are neighbors.</param>
internal sealed record CellParameters(string Cell, double? SizeMeters, string? Level, string? Neighbors, double? DistanceMeters, int? Nearest)
{
    private static readonly Parameter<string> CellKind = Parameter.Word("cell", "Cells of the study area: hexagons, squares, or the wards of one level", "hex", "square", "ward");
    private static readonly Parameter<double?> Size = HotspotParameters.Meters("size", "Width of a cell, flat side to flat side; from the data when left out; not with cell=ward", 250);
    private static readonly Parameter<string?> WardLevel = Parameter.OfText("level", "Level of the wards, with cell=ward; the one with most wards when left out", "community");
    private static readonly Parameter<string?> NeighborKind = Parameter.Choice(
        "neighbors", "Which cells are neighbors: those within distance, the k nearest, those that touch (queen), or share an edge (rook). Band when left out, queen with cell=ward",
        "band", "knn", "queen", "rook");

    private static readonly Parameter<double?> Distance = HotspotParameters.Meters("distance", "Distance between centers up to which cells are neighbors; from the data when left out; with neighbors=band", 600);
    private static readonly Parameter<int?> K = Parameter.Whole("k", 1, 100, "How many nearest cells are neighbors, 8 when left out; with neighbors=knn", 8);

    /// <summary>The parameters that say so.</summary>
    internal static IReadOnlyList<Parameter> All { get; } = [CellKind, Size, WardLevel, NeighborKind, Distance, K];

    /// <summary>Those of them that say what the cells are.</summary>
    internal static IReadOnlyList<Parameter> OfCells { get; } = [CellKind, Size, WardLevel];

    /// <summary>Most cells when their size is chosen: what a web map takes without trouble.</summary>
    internal int ComfortableCells { get; init; } = 10_000;

    /// <summary>True for the cells of a grid.</summary>
    internal bool IsGrid => Cell != "ward";

    /// <exception cref="BadParameterException">A value is not what it must be, or means nothing beside another.</exception>
    internal static CellParameters Read(IQueryCollection values)
    {
        var cell = CellKind.Read(values);
        HotspotParameters.RefuseWhere(values, cell == "ward", Size, "cell=ward");
        HotspotParameters.RefuseWhere(values, cell != "ward", WardLevel, $"cell={cell}");
        var (neighbors, distance, k) = (NeighborKind.Read(values), Distance.Read(values), K.Read(values));
        // A distance or a number says what kind is meant.
        neighbors ??= distance is not null ? "band" : k is not null ? "knn" : null;
        HotspotParameters.RefuseWhere(values, neighbors != "band", Distance, $"neighbors={neighbors}");
        HotspotParameters.RefuseWhere(values, neighbors != "knn", K, $"neighbors={neighbors}");
        return new CellParameters(cell, Size.Read(values), WardLevel.Read(values), neighbors, distance, k);
    }
}
