using System.Text.Json.Nodes;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Hotspots.Significance;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Tiles;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What Gi* is asked for; null means chosen from the data.</summary>
/// <param name="Cell"><c>hex</c>, <c>square</c> or <c>ward</c>.</param>
/// <param name="SizeMeters">Width of a hexagon, side of a square.</param>
/// <param name="DistanceMeters">Cells with centers at most this far apart are neighbors.</param>
/// <param name="Level">Level of the wards that are cells.</param>
/// <param name="Alpha">A cell is significant at or below it.</param>
/// <param name="Corrected">Whether q decides, or p.</param>
/// <param name="SignificantOnly">Whether only significant cells are wanted; null: all, unless they are very many.</param>
/// <param name="Wards">Codes that the filter asks for: they are the study area.</param>
internal sealed record GiStarParameters(
    string Cell, double? SizeMeters, double? DistanceMeters, string? Level, double? Alpha, bool Corrected, bool? SignificantOnly, IReadOnlyList<string> Wards);

/// <summary>Hot and cold cells (Getis-Ord Gi*).</summary>
internal static class GiStarAnalysis
{
    /// <summary>Most cells that a study area may be cut into.</summary>
    internal const int MaxCells = 250_000;

    /// <summary>Most cells when the size is chosen: what a web map takes without trouble.</summary>
    private const int ComfortableCells = 10_000;

    private const int MaxLinks = 30_000_000;
    private const int MaxWards = 5_000;
    private const int LeastWards = 8;
    private const int FewNeighbors = 8;
    private const double DefaultAlpha = 0.10;

    /// <summary>Up to this many cells all of them are sent.</summary>
    private const int ManyCells = 20_000;

    /// <summary>Wards whose borders are this close touch: real boundaries seldom meet exactly.</summary>
    private const double SnapMeters = 5;

    internal static byte[] Run(AnalysisInput input, GiStarParameters parameters, AnalysisOptions options, Explain explain, CancellationToken cancellation)
    {
        explain.Parameter("cell", parameters.Cell);
        var units = parameters.Cell == "ward" ? OfWards(input, parameters, explain) : OfGrid(input, parameters, explain);
        cancellation.ThrowIfCancellationRequested();
        var weights = units.Neighbors(parameters.DistanceMeters);
        cancellation.ThrowIfCancellationRequested();
        var result = GiStar.Compute(units.Values, weights);
        var alpha = parameters.Alpha ?? DefaultAlpha;
        explain.Parameter("alpha", alpha);
        explain.Parameter("correction", parameters.Corrected ? "fdr" : "none");
        var significant = Enumerable.Range(0, units.Count).Where(i => (parameters.Corrected ? result.Q[i] : result.P[i]) <= alpha).ToHashSet();
        var all = parameters.SignificantOnly is { } only ? !only : units.Count <= ManyCells;
        if (parameters.SignificantOnly is not null)
        {
            explain.Parameter("output", all ? "all" : "significant");
        }
        else
        {
            explain.Chosen("output", all ? "all" : "significant", "number-of-cells", $"{units.Count} cells; all are sent up to {ManyCells}.");
        }
        Describe(units, result, significant.Count, alpha, parameters.Corrected, explain);

        using var writer = new FeatureCollectionWriter(input.Crs, options.Output);
        for (var i = 0; i < units.Count; i++)
        {
            if (all || significant.Contains(i))
            {
                writer.BeginPolygons(units.IdOf(i), units.OutlineOf(i));
                writer.Json.WriteString("cell", units.IdOf(i));
                writer.Json.WriteNumber("count", units.Counts[i]);
                if (options.BySeverity)
                {
                    writer.Number("weight", units.Values[i]);
                }
                writer.Number("z", result.Z[i]);
                writer.Number("p", result.P[i]);
                writer.Number("q", result.Q[i]);
                writer.Json.WriteNumber("class", result.ClassOf(i, parameters.Corrected));
                writer.Json.WriteNumber("neighbors", result.NeighborCounts[i]);
                if (result.Undefined[i] != UndefinedReason.None)
                {
                    writer.Json.WriteString("reason", Words(result.Undefined[i]));
                }
                if (units.Wards is { } wards)
                {
                    writer.Json.WriteString("name", wards[i].Name);
                    writer.Json.WriteString("name_en", wards[i].NameEn);
                }
                writer.EndFeature();
            }
        }
        return writer.Finish(explain.Finish());
    }

    private static void Describe(Units units, GiStarResult result, int significant, double alpha, bool corrected, Explain explain)
    {
        var classes = Enumerable.Range(0, units.Count).CountBy(i => result.ClassOf(i, corrected)).ToDictionary();
        explain.Root["cells"] = units.Count;
        explain.Root["empty_cells"] = units.Counts.Count(c => c == 0);
        explain.Root["outside_study_area"] = units.Outside;
        explain.Root["mean"] = result.Mean;
        explain.Root["deviation"] = result.Deviation;
        explain.Root["significant"] = significant;
        if (corrected && FalseDiscoveryRate.CriticalP(result.P, alpha) is { } critical)
        {
            explain.Root["critical_p"] = critical;
        }
        explain.Root["classes"] = new JsonObject(Enumerable.Range(-3, 7).Select(c => KeyValuePair.Create($"{c}", (JsonNode?)classes.GetValueOrDefault(c))));
        if (units.Count > 0)
        {
            var mean = result.NeighborCounts.Average();
            explain.Root["neighbors"] = new JsonObject { ["min"] = result.NeighborCounts.Min(), ["mean"] = Math.Round(mean, 2), ["max"] = result.NeighborCounts.Max() };
            if (mean < FewNeighbors)
            {
                explain.Warn($"Cells have {mean:0.#} neighbors on average, themselves included; below {FewNeighbors} the normal distribution of z is a rough approximation.");
            }
        }
        if (units.Outside > 0)
        {
            explain.Warn($"{units.Outside} issues lie outside the study area and were not counted.");
        }
        if (result.Undefined.FirstOrDefault(u => u != UndefinedReason.None) is not UndefinedReason.None and var reason)
        {
            explain.Warn($"No statistic is defined for some cells: {Words(reason)}.");
        }
    }

    private static Units OfGrid(AnalysisInput input, GiStarParameters parameters, Explain explain)
    {
        var area = StudyArea.OfWards(input.Wards, parameters.Wards, input.Crs);
        if (area is null)
        {
            area = StudyArea.OfPoints(input.Points);
            explain.Root["study_area"] = "hull of the issues";
            explain.Warn("There are no wards to take as the study area: the convex hull of the issues stands in, so empty places around it do not count.");
        }
        else
        {
            explain.Root["study_area"] = "wards";
        }
        if (area is null)
        {
            return new Units { Values = [], Counts = [], Outside = 0, IdOf = _ => "", OutlineOf = _ => [], Neighbors = _ => SpatialWeights.FromNeighborLists([]) };
        }
        explain.Root["study_area_km2"] = Math.Round(area.AreaSquareMeters / 1e6, 3);
        var hex = parameters.Cell == "hex";
        var size = explain.Parameter("size", parameters.SizeMeters, () => CellSizeRule.ChooseSize(input.Points.Count, area.AreaSquareMeters, maxCells: ComfortableCells));
        RequireFewEnough(area, size, hex, parameters.SizeMeters is null);
        CellGrid grid = hex ? new HexGrid(size) : new SquareGrid(size);
        var cells = StudyCells.Cover(grid, new PolygonLocator([area.Rings]), input.Points, int.MaxValue);
        return new Units
        {
            Values = cells.WeightSums.ToArray(),
            Counts = cells.PointCounts.ToArray(),
            Outside = cells.CellOfPoint.Count(-1),
            IdOf = i => grid.Id(cells.Cells[i]),
            OutlineOf = i => [[grid.Ring(cells.Cells[i])]],
            Neighbors = given =>
            {
                var centers = cells.Centers();
                var distance = explain.Parameter("distance", given, () => BandRule.ChooseBand(centers, cells.WeightSums, size));
                RequireFewLinks(cells.Count, Math.PI * distance * distance / grid.CellAreaSquareMeters, distance);
                return DistanceBand.Build(centers, distance);
            },
        };
    }

    private static Units OfWards(AnalysisInput input, GiStarParameters parameters, Explain explain)
    {
        var scope = input.Wards.Current.Where(w => parameters.Wards.Count == 0 || input.Wards.IsWithin(w, parameters.Wards)).ToList();
        var levels = scope.CountBy(w => w.Level).OrderByDescending(l => l.Value).ThenBy(l => l.Key, StringComparer.Ordinal).ToList();
        var level = parameters.Level;
        if (level is not null && levels.All(l => l.Key != level))
        {
            throw new BadParameterException("level", level, levels.Count == 0 ? "left out, as there are no wards" : "one of " + string.Join(", ", levels.Select(l => l.Key)));
        }
        if (level is null)
        {
            var fitting = levels.FirstOrDefault(l => l.Value <= MaxWards);
            level = fitting.Key ?? "";
            explain.Chosen("level", level, "most-wards", $"The level with most wards, {fitting.Value}, of those with at most {MaxWards}.");
        }
        else
        {
            explain.Parameter("level", level);
        }
        var wards = scope.Where(w => w.Level == level).ToList();
        if (wards.Count > MaxWards)
        {
            throw new BadParameterException("level", level, $"a level with at most {MaxWards} wards in the study area; it has {wards.Count}");
        }
        if (wards.Count < LeastWards)
        {
            explain.Warn($"Only {wards.Count} wards: too few to tell hot from cold.");
        }
        explain.Root["study_area"] = "wards";
        var polygons = wards.ConvertAll(w => StudyArea.PolygonsOf(w.Geometry!, input.Crs));
        var wardOfPoint = new int[input.Points.Count];
        new PolygonLocator(polygons).Locate(input.Points.XMeters, input.Points.YMeters, wardOfPoint);
        var (values, counts) = (new double[wards.Count], new int[wards.Count]);
        for (var p = 0; p < wardOfPoint.Length; p++)
        {
            if (wardOfPoint[p] >= 0)
            {
                counts[wardOfPoint[p]]++;
                values[wardOfPoint[p]] += input.Points.WeightOf(p);
            }
        }
        return new Units
        {
            Values = values,
            Counts = counts,
            Outside = wardOfPoint.Count(w => w < 0),
            Wards = wards,
            IdOf = i => wards[i].Code,
            OutlineOf = i => StudyArea.Nested(wards[i].Geometry!, input.Crs),
            Neighbors = given =>
            {
                if (given is { } distance)
                {
                    explain.Parameter("distance", distance);
                    RequireFewLinks(wards.Count, wards.Count, distance);
                    return DistanceBand.Build(StudyArea.Centroids(wards, input.Crs), distance);
                }
                explain.Chosen("distance", null, "contiguity", $"Wards whose borders come within {SnapMeters} m of each other are neighbors, corners included.");
                var weights = Contiguity.Build(polygons, SnapMeters);
                if (weights.IsolatedCount > 0)
                {
                    explain.Warn($"{weights.IsolatedCount} wards touch no other and stand for themselves alone; give a distance to join them.");
                }
                return weights;
            },
        };
    }

    private static void RequireFewEnough(StudyArea area, double size, bool hex, bool chosen)
    {
        var rows = hex ? size * Math.Sqrt(3) / 2 : size;
        var cells = (area.Bounds.Width / size + 2) * (area.Bounds.Height / rows + 2);
        if (cells > MaxCells)
        {
            var least = Math.Ceiling(Math.Sqrt(area.Bounds.Width * area.Bounds.Height / (MaxCells * 0.9) * (hex ? 2 / Math.Sqrt(3) : 1)));
            throw new BadParameterException("size", chosen ? null : $"{size}", $"at least {least} meters here: {cells:0} cells would be needed and at most {MaxCells} are allowed");
        }
    }

    private static void RequireFewLinks(int cells, double neighbors, double distance)
    {
        if (cells * Math.Min(neighbors, cells) > MaxLinks)
        {
            throw new BadParameterException(
                "distance", $"{distance}", $"smaller, or the cells larger: {cells} cells with about {neighbors:0} neighbors each are more than {MaxLinks} pairs");
        }
    }

    private static string Words(UndefinedReason reason) => reason switch
    {
        UndefinedReason.TooFewUnits => "there are fewer than three cells",
        UndefinedReason.NoSpread => "all cells have the same value",
        UndefinedReason.EveryoneIsNeighbor => "every cell is a neighbor, so nothing is left to compare with",
        _ => reason.ToString(),
    };

    /// <summary>The cells of one analysis, of whatever kind.</summary>
    private sealed class Units
    {
        internal required double[] Values { get; init; }

        internal required int[] Counts { get; init; }

        internal required int Outside { get; init; }

        internal IReadOnlyList<WardOutline>? Wards { get; init; }

        internal required Func<int, string> IdOf { get; init; }

        internal required Func<int, IReadOnlyList<IReadOnlyList<double[]>>> OutlineOf { get; init; }

        internal required Func<double?, SpatialWeights> Neighbors { get; init; }

        internal int Count => Counts.Length;
    }
}
