using GeoSanitation.Hotspots.Clustering;
using GeoSanitation.Hotspots.Scan;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Circles, and times, with more issues than chance would put there: Kulldorff's scan statistics.</summary>
internal static class ScanAnalysis
{
    private const double Alpha = 0.05;
    private const int DefaultReplications = 999;
    private const int MostReplications = 9_999;
    private const int DefaultMinCases = 2;
    private const int ComfortableCells = 1_500;
    private const int CircleCorners = 64;

    private static readonly Parameter<string> Model = Parameter.Word(
        "model", "What is expected: issues in proportion to rate (poisson); the same in every step too (space-time-poisson); or what time and place alone give, without anything else known (space-time-permutation)",
        "poisson", "space-time-poisson", "space-time-permutation");

    private static readonly Parameter<double?> MaxRadius = HotspotParameters.Meters("max_radius", "Greatest radius of a circle; half of what is expected is never exceeded", 1000);
    private static readonly Parameter<int?> MaxDays = Parameter.Whole("max_days", 1, 36_500, "Longest time of a cluster, days; half of the period when left out; with a space-time model", 90);
    private static readonly Parameter<int?> MinCases = Parameter.Whole("min_cases", 1, 1_000_000, "Fewest issues of a cluster; 2 when left out", 5);
    private static readonly Parameter<bool> Prospective = Parameter.Flag("prospective", "Only clusters that are alive in the last step; with a space-time model");
    private static readonly Parameter<int?> Replications = Parameter.Whole("replications", 9, MostReplications, "Random data sets that p is taken from; 999 when left out", 99);
    private static readonly Parameter<int?> Seed = Parameter.Whole("seed", 0, int.MaxValue, "Names the random data: the same seed gives the same p; 1 when left out", 1);
    private static readonly Parameter<string> Output = Parameter.Word("output", "Clusters of p up to 0.05, or all", "significant", "all");

    internal static HotspotMethod Method { get; } = new(
        "scan", 1, "Circles, and times, with more issues than chance would put there (Kulldorff's scan statistics)",
        [Model, .. CellParameters.OfCells, RateParameters.Parameter, StepParameters.Step, MaxRadius, MaxDays, MinCases, Prospective, Replications, Seed, Output], Parse);

    private static Analysis Parse(IQueryCollection values)
    {
        var (model, cells) = (Model.Read(values), CellParameters.Read(values) with { ComfortableCells = ComfortableCells });
        foreach (var parameter in (Parameter[])[StepParameters.Step, MaxDays, Prospective])
        {
            HotspotParameters.RefuseWhere(values, model == "poisson", parameter, "model=poisson, which knows no time");
        }
        HotspotParameters.RefuseWhere(values, model == "space-time-permutation", RateParameters.Parameter, "model=space-time-permutation, which expects nothing but what time and place give");
        var rate = RateParameters.Read(values, cells);
        var (stepText, step) = StepParameters.Step.Read(values);
        var (maxDays, all) = (MaxDays.Read(values), Output.Read(values) == "all");
        var options = new ScanOptions
        {
            MaxRadiusMeters = MaxRadius.Read(values),
            MinCases = MinCases.Read(values) ?? DefaultMinCases,
            Prospective = Prospective.Read(values),
            Replications = Replications.Read(values) ?? DefaultReplications,
            Seed = (ulong)(Seed.Read(values) ?? 1),
        };
        return (input, explain, work) =>
        {
            explain.Parameter("model", model);
            if (input.BySeverity)
            {
                explain.Warn("A scan counts issues: severities play no part in it.");
            }
            var units = CellUnits.Of(input, cells, explain, model == "space-time-permutation" ? null : rate.Per == "none" ? rate with { Per = "area" } : rate);
            RequireFew(units, cells);
            var (edges, steps) = (Array.Empty<double>(), 1);
            if (model != "poisson")
            {
                explain.Parameter("step", stepText);
                var period = StepParameters.Cut(input, step, most: null, explain);
                edges = [.. period.EdgesUtc.Select(e => (e - DateTime.UnixEpoch).TotalSeconds / AnalysisInput.SecondsPerDay)];
                steps = period.Count;
            }
            if (steps == 0 || units.Count == 0)
            {
                return TableOf(input, units, [], [], edges, timed: model != "poisson");
            }
            var longest = maxDays is { } days && edges.Length > 0 ? Math.Max(1, (int)(days * steps / (edges[^1] - edges[0]))) : Math.Max(1, steps / 2);
            var own = options with { MaxSteps = longest, Threads = work.Threads };
            RequireFeasible(units, steps, own);
            Describe(own, steps, explain);
            int[] stepOfPoint = [.. Enumerable.Range(0, units.CellOfPoint.Length).Select(p => StepOf(input, edges, p))];
            var cases = Count(units, stepOfPoint, steps);
            var expected = new double[cases.Length];
            for (var i = 0; i < expected.Length; i++)
            {
                expected[i] = units.Exposures?[i / steps] ?? 1;
            }
            var result = model == "space-time-permutation"
                ? KulldorffScan.SpaceTimePermutation(units.Centers(), cases, steps, own, work.Progress, work.Cancellation)
                : KulldorffScan.Poisson(units.Centers(), cases, expected, steps, own, work.Progress, work.Cancellation);
            explain.Root["cases"] = result.Cases;
            explain.Root["clusters"] = result.SpaceTimeClusters.Count;
            explain.Root["significant"] = result.SpaceTimeClusters.Count(c => c.P <= Alpha);
            explain.Parameter("output", all ? "all" : "significant");
            return TableOf(input, units, [.. result.SpaceTimeClusters.Where(c => all || c.P <= Alpha)], stepOfPoint, edges, timed: model != "poisson");
        };
    }

    private static void Describe(ScanOptions options, int steps, Explain explain)
    {
        explain.Parameter("max_radius", options.MaxRadiusMeters);
        explain.Parameter("min_cases", options.MinCases);
        explain.Parameter("replications", options.Replications);
        explain.Parameter("seed", options.Seed);
        explain.Root["max_share"] = options.MaxShare;
        if (steps > 1)
        {
            explain.Parameter("prospective", options.Prospective);
            explain.Root["max_steps"] = options.MaxSteps;
        }
        explain.Root["p"] = $"(1 + data sets at least as strong) / ({options.Replications} + 1); that of a secondary cluster too is compared with the strongest of each data set";
    }

    private static int[] Count(CellUnits units, int[] stepOfPoint, int steps)
    {
        var cases = new int[units.Count * steps];
        for (var p = 0; p < units.CellOfPoint.Length; p++)
        {
            if (units.CellOfPoint[p] >= 0 && stepOfPoint[p] is >= 0 and var t)
            {
                cases[units.CellOfPoint[p] * steps + t]++;
            }
        }
        return cases;
    }

    /// <summary>The step that an issue was reported in; -1 for none.</summary>
    private static int StepOf(AnalysisInput input, double[] edges, int point)
    {
        if (edges.Length == 0)
        {
            return 0;
        }
        var found = Array.BinarySearch(edges, input.Points.TimeDays[point]);
        var step = found >= 0 ? found : ~found - 1;
        return step < edges.Length - 1 ? step : -1;
    }

    private static FeatureTable TableOf(AnalysisInput input, CellUnits units, ScanCluster[] clusters, int[] stepOfPoint, double[] edges, bool timed)
    {
        var centers = units.Centers();
        var pointsOfCell = Enumerable.Range(0, units.CellOfPoint.Length).ToLookup(p => units.CellOfPoint[p]);
        var issues = Array.ConvertAll(clusters, c => c.Locations.SelectMany(cell => pointsOfCell[cell]).Order().Where(p => stepOfPoint[p] >= c.Start && stepOfPoint[p] <= c.End).Select(p => input.Rows[p]).ToList());
        var rank = Column.Whole("rank", c => c + 1);
        return new FeatureTable
        {
            Plane = input.Crs,
            Rows = [.. Enumerable.Range(0, clusters.Length)],
            OutlineOf = c => [[Circle(centers.XMeters[clusters[c].Center], centers.YMeters[clusters[c].Center], clusters[c].RadiusMeters + units.HalfWidthMeters(clusters[c].Center))]],
            Id = rank,
            Columns =
            [
                rank,
                Column.Whole("observed", c => clusters[c].Observed),
                Column.Number("expected", c => clusters[c].Expected),
                Column.Number("llr", c => clusters[c].LogLikelihoodRatio),
                Column.Number("relative_risk", c => clusters[c].RelativeRisk),
                Column.Number("p", c => clusters[c].P),
                .. timed ? [Column.Time("start", c => Second(edges[clusters[c].Start])), Column.Time("end", c => Second(edges[clusters[c].End + 1]))] : (Column[])[],
                Column.Number("radius_m", c => Math.Round(clusters[c].RadiusMeters, 1)),
                Column.Whole("cells", c => clusters[c].Locations.Length),
                Column.Json("wards", c => ClusterTable.WardsOf(input, issues[c])),
            ],
        };

        static long Second(double days) => (long)Math.Round(days * AnalysisInput.SecondsPerDay);
    }

    private static double[] Circle(double x, double y, double radiusMeters)
    {
        var ring = new double[2 * (CircleCorners + 1)];
        for (var i = 0; i <= CircleCorners; i++)
        {
            var (sine, cosine) = Math.SinCos(2 * Math.PI * (i % CircleCorners) / CircleCorners);
            (ring[2 * i], ring[2 * i + 1]) = (x + radiusMeters * cosine, y + radiusMeters * sine);
        }
        return ring;
    }

    private static void RequireFew(CellUnits units, CellParameters cells)
    {
        if (units.Count > units.Limits.MaxScanCells)
        {
            throw new BadParameterException(cells.IsGrid ? "size" : "level", cells.IsGrid ? $"{cells.SizeMeters}" : cells.Level, $"so that there are at most {units.Limits.MaxScanCells} cells to scan around; there are {units.Count}");
        }
    }

    private static void RequireFeasible(CellUnits units, int steps, ScanOptions options)
    {
        // About half of all cells are in the largest circle around each.
        var intervals = steps == 1 ? 1.0 : options.Prospective ? options.MaxSteps!.Value : (double)steps * options.MaxSteps!.Value;
        var each = 0.5 * units.Count * units.Count * intervals;
        if (each * options.Replications > units.Limits.MaxScanWindows)
        {
            throw new BadParameterException("replications", $"{options.Replications}",
                FormattableString.Invariant($"at most {Math.Floor(units.Limits.MaxScanWindows / each)} here, or cells larger, steps longer or max_days less: {units.Count} cells and {steps} steps make about {each:0.##e+0} windows"));
        }
    }
}
