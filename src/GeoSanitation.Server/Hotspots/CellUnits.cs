using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Tiles;

namespace GeoSanitation.Server.Hotspots;

/// <summary>The cells of one analysis, of whatever kind, with what each holds; cells without an issue are there too, as zeros.</summary>
internal abstract class CellUnits
{
    private const int DefaultNearest = 8;

    /// <summary>How much may be asked for.</summary>
    internal required AnalysisLimits Limits { get; init; }

    /// <summary>For each point of the input the position of its cell, or -1 outside the study area.</summary>
    internal required int[] CellOfPoint { get; init; }

    /// <summary>Issues in each cell.</summary>
    internal required int[] Counts { get; init; }

    /// <summary>Sum of the weights in each cell.</summary>
    internal required double[] Weights { get; init; }

    /// <summary>What the weights of each cell are divided by; null for nothing.</summary>
    internal double[]? Exposures { get; private set; }

    /// <summary>What is analyzed: the weights, or these divided by the exposures.</summary>
    internal double[] Values { get; private set; } = [];

    /// <summary>Number of cells.</summary>
    internal int Count => Counts.Length;

    /// <summary>Issues that no cell holds.</summary>
    internal int Outside => CellOfPoint.AsSpan().Count(-1);

    /// <summary>The wards that are the cells; null for a grid.</summary>
    internal virtual IReadOnlyList<WardOutline>? Wards => null;

    /// <summary>Cuts the study area into cells and counts the issues in them.</summary>
    /// <exception cref="BadParameterException">There would be too many cells, or there are no wards of that level.</exception>
    internal static CellUnits Of(AnalysisInput input, CellParameters parameters, Explain explain, RateParameters? rate = null)
    {
        explain.Parameter("cell", parameters.Cell);
        if (!input.Places.IsTold)
        {
            explain.Warn("The filter tells where issues lie in a way that the study area cannot follow (by a shape beside something else with \"or\", by a line, or by a border): cells without issues of the filter count wherever they are, so that its places may look hot as a whole.");
        }
        var exposure = rate?.Of(input, explain);
        CellUnits units = parameters.IsGrid ? GridUnits.Cut(input, parameters, exposure?.Within, explain) : WardUnits.Cut(input, parameters, exposure, explain);
        units.Divide(input.Points, exposure);
        explain.Root["cells"] = units.Count;
        explain.Root["empty_cells"] = units.Counts.Count(c => c == 0);
        explain.Root["outside_study_area"] = units.Outside;
        if (units.Outside > 0)
        {
            explain.Warn($"{units.Outside} issues lie outside the study area and were not counted.");
        }
        return units;
    }

    private void Divide(Points points, Exposure? exposure)
    {
        Values = Weights;
        if (exposure is null)
        {
            return;
        }
        var centers = Centers();
        double[] exposures = [.. Enumerable.Range(0, Count).Select(i => exposure.Of(Wards?[i], AreaSquareMeters(i), centers.XMeters[i], centers.YMeters[i]))];
        // Where it is unknown in the middle of a cell, it is known at an issue that the cell was taken in for.
        for (var p = 0; p < CellOfPoint.Length; p++)
        {
            if (CellOfPoint[p] is >= 0 and var i && exposures[i] == 0)
            {
                exposures[i] = exposure.Of(Wards?[i], AreaSquareMeters(i), points.XMeters[p], points.YMeters[p]);
            }
        }
        // A cell on the very border of where something is known may come out of it by rounding.
        var least = exposures.Where(e => e > 0).DefaultIfEmpty(double.NaN).Min();
        Exposures = [.. exposures.Select(e => e > 0 ? e : least)];
        Values = [.. Weights.Select((weight, i) => weight / Exposures[i])];
    }

    /// <summary>Area of a cell.</summary>
    protected abstract double AreaSquareMeters(int cell);

    /// <summary>How far a cell reaches from its middle, about.</summary>
    internal double HalfWidthMeters(int cell) => Math.Sqrt(AreaSquareMeters(cell) / Math.PI);

    /// <summary>What tells a cell from all others, also when the data change.</summary>
    internal abstract string IdOf(int cell);

    /// <summary>Its polygons, meters.</summary>
    internal abstract IReadOnlyList<IReadOnlyList<double[]>> OutlineOf(int cell);

    /// <summary>Finds the neighbors of each cell.</summary>
    /// <param name="parameters">Which are meant.</param>
    /// <param name="explain">Is told what was chosen.</param>
    /// <exception cref="BadParameterException">There would be too many pairs.</exception>
    internal SpatialWeights Neighbors(CellParameters parameters, Explain explain)
    {
        switch (Kind(parameters, explain))
        {
            case "band":
                var distance = Distance(parameters, explain);
                RequireFewLinks(NeighborsWithin(distance), "distance", parameters.DistanceMeters is null ? null : $"{distance}");
                return DistanceBand.Build(Centers(), distance);
            case "knn":
                var k = parameters.Nearest ?? DefaultNearest;
                explain.Parameter("k", k);
                RequireFewLinks(k, "k", $"{k}");
                return NearestNeighbors.Build(Centers(), k);
            case "queen":
                return Contiguous(corners: true, explain);
            default:
                return Contiguous(corners: false, explain);
        }
    }

    /// <summary>The same without listing pairs, where that can be done: for cells of a grid within a distance; otherwise null.</summary>
    internal virtual GridBand? Band(CellParameters parameters, Explain explain) => null;

    /// <summary>What kind of neighbors is meant.</summary>
    protected string Kind(CellParameters parameters, Explain explain)
    {
        var kind = parameters.Neighbors ?? DefaultKind;
        explain.Parameter("neighbors", kind);
        return kind;
    }

    /// <summary>The distance of a band.</summary>
    protected double Distance(CellParameters parameters, Explain explain)
        => explain.Parameter("distance", parameters.DistanceMeters, () => BandRule.ChooseBand(Centers(), Values, StepMeters()));

    protected abstract string DefaultKind { get; }

    /// <summary>Centers of the cells, meters.</summary>
    internal abstract Points Centers();

    /// <summary>First distance, and step, of the search for a band.</summary>
    protected abstract double StepMeters();

    /// <summary>About how many neighbors a cell has within a distance.</summary>
    protected abstract double NeighborsWithin(double distanceMeters);

    protected abstract SpatialWeights Contiguous(bool corners, Explain explain);

    private void RequireFewLinks(double neighbors, string parameter, string? value)
    {
        if (Count * Math.Min(neighbors, Count) > Limits.MaxNeighborPairs)
        {
            throw new BadParameterException(parameter, value, $"smaller, or the cells larger: {Count} cells with about {neighbors:0} neighbors each are more than {Limits.MaxNeighborPairs} pairs");
        }
    }
}
