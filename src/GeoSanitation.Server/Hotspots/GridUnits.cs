using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Server.Problems;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Hexagons or squares that cover the study area: the wards, or the hull of the issues where there are none.</summary>
internal sealed class GridUnits : CellUnits
{
    // Null where there is neither a ward nor an issue.
    private readonly StudyCells? _cells;

    private GridUnits(StudyCells? cells) => _cells = cells;

    protected override string DefaultKind => "band";

    internal static GridUnits Cut(AnalysisInput input, CellParameters parameters, Geometry? looked, Explain explain)
    {
        var area = StudyArea.OfWards(input.Wards, input.Filter.Wards, FilterPlaces.Common(looked, input.Places.Within), input.Crs);
        if (looked is not null && area is { AreaSquareMeters: 0 })
        {
            throw new BadParameterException("rate", "visits", "another rate: no inspection round of this time went anywhere in the study area");
        }
        area = area is { AreaSquareMeters: 0 } ? null : area;
        explain.Root["study_area"] = area is null ? "hull of the issues" : input.Places.StudyArea;
        if (area is null)
        {
            explain.Warn("There are no wards to take as the study area: the convex hull of the issues stands in, so empty places around it do not count.");
            area = StudyArea.OfPoints(input.Points);
        }
        if (area is null)
        {
            return new GridUnits(null) { Limits = input.Limits, CellOfPoint = [], Counts = [], Weights = [] };
        }
        explain.Root["study_area_km2"] = Math.Round(area.AreaSquareMeters / 1e6, 3);
        var hex = parameters.Cell == "hex";
        var size = explain.Parameter("size", parameters.SizeMeters, () => CellSizeRule.ChooseSize(input.Points.Count, area.AreaSquareMeters, maxCells: parameters.ComfortableCells));
        RequireFewEnough(area, size, hex, parameters.SizeMeters is null, input.Limits.MaxCells);
        CellGrid grid = hex ? new HexGrid(size) : new SquareGrid(size);
        var cells = StudyCells.Cover(grid, new PolygonLocator([area.Rings]), input.Points, int.MaxValue);
        return new GridUnits(cells) { Limits = input.Limits, CellOfPoint = cells.CellOfPoint.ToArray(), Counts = cells.PointCounts.ToArray(), Weights = cells.WeightSums.ToArray() };
    }

    internal override string IdOf(int cell) => _cells!.Grid.Id(_cells.Cells[cell]);

    internal override IReadOnlyList<IReadOnlyList<double[]>> OutlineOf(int cell) => [[_cells!.Grid.Ring(_cells.Cells[cell])]];

    protected override double AreaSquareMeters(int cell) => ConvexHull.SignedArea(_cells!.Grid.Ring(_cells.Cells[cell]));

    internal override GridBand? Band(CellParameters parameters, Explain explain)
    {
        if (_cells is null || (parameters.Neighbors ?? DefaultKind) != "band")
        {
            return null;
        }
        Kind(parameters, explain);
        var distance = Distance(parameters, explain);
        try
        {
            return _cells.Band(distance);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new BadParameterException("distance", $"{distance}", "smaller, or the cells larger: they are scattered so thinly that each pair of neighbors must be listed, and there are too many");
        }
    }

    internal override Points Centers() => _cells?.Centers() ?? new Points([], []);

    protected override double StepMeters() => _cells?.Grid.SizeMeters ?? 1;

    protected override double NeighborsWithin(double distanceMeters) => _cells is null ? 0 : Math.PI * distanceMeters * distanceMeters / _cells.Grid.CellAreaSquareMeters;

    protected override SpatialWeights Contiguous(bool corners, Explain explain) => _cells?.Contiguity(corners) ?? SpatialWeights.FromNeighborLists([]);

    private static void RequireFewEnough(StudyArea area, double size, bool hex, bool chosen, int maxCells)
    {
        var rows = hex ? size * Math.Sqrt(3) / 2 : size;
        var cells = (area.Bounds.Width / size + 2) * (area.Bounds.Height / rows + 2);
        if (cells > maxCells)
        {
            var least = Math.Ceiling(Math.Sqrt(area.Bounds.Width * area.Bounds.Height / (maxCells * 0.9) * (hex ? 2 / Math.Sqrt(3) : 1)));
            throw new BadParameterException("size", chosen ? null : $"{size}", $"at least {least} meters here: {cells:0} cells would be needed and at most {maxCells} are allowed");
        }
    }
}
