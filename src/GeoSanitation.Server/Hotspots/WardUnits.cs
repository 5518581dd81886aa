using GeoSanitation.Coordinates;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Hotspots.Weights;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Tiles;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Hotspots;

/// <summary>The wards of one level as cells.</summary>
internal sealed class WardUnits : CellUnits
{
    private const int FewWards = 8;

    /// <summary>Wards whose borders are this close touch: real boundaries seldom meet exactly.</summary>
    private const double SnapMeters = 5;

    /// <summary>Borders seldom meet exactly: a smaller part of a ward is not meant, and does not lack.</summary>
    private const double LeastShare = 0.01;

    private readonly IReadOnlyList<WardOutline> _wards;
    private readonly IReadOnlyList<PolygonRings> _polygons;
    private readonly Crs _crs;

    private WardUnits(IReadOnlyList<WardOutline> wards, IReadOnlyList<PolygonRings> polygons, Crs crs) => (_wards, _polygons, _crs) = (wards, polygons, crs);

    internal override IReadOnlyList<WardOutline> Wards => _wards;

    protected override string DefaultKind => "queen";

    internal static WardUnits Cut(AnalysisInput input, CellParameters parameters, Exposure? exposure, Explain explain)
    {
        explain.Root["study_area"] = input.Places.StudyArea;
        var wards = Choose(input, parameters.Level, explain);
        if (exposure is not null)
        {
            wards = Exposed(wards, exposure, input.Crs, explain);
        }
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
        return new WardUnits(wards, polygons, input.Crs) { Limits = input.Limits, CellOfPoint = wardOfPoint, Counts = counts, Weights = values };
    }

    internal override string IdOf(int cell) => _wards[cell].Code;

    internal override IReadOnlyList<IReadOnlyList<double[]>> OutlineOf(int cell) => StudyArea.Nested(_wards[cell].Geometry!, _crs);

    internal override Points Centers() => StudyArea.Centroids(_wards, _crs);

    protected override double AreaSquareMeters(int cell) => StudyArea.AreaOf(_polygons[cell]);

    /// <summary>The wards whose exposure is known: of the others nothing can be said.</summary>
    private static List<WardOutline> Exposed(List<WardOutline> wards, Exposure exposure, Crs crs, Explain explain)
    {
        var centers = StudyArea.Centroids(wards, crs);
        var known = wards.Where((ward, i) => exposure.Of(ward, 1, centers.XMeters[i], centers.YMeters[i]) > 0).ToList();
        if (known.Count < wards.Count)
        {
            explain.Warn($"{wards.Count - known.Count} of {wards.Count} wards were left out: it is not known what to divide their issues by.");
        }
        return known;
    }

    /// <summary>So far that no ward is without a neighbor.</summary>
    protected override double StepMeters()
    {
        var centers = Centers();
        var nearest = NearestNeighbors.Build(centers, 1);
        var farthest = 0.0;
        for (var i = 0; i < centers.Count; i++)
        {
            foreach (var j in nearest.NeighborsOf(i))
            {
                farthest = Math.Max(farthest, double.Hypot(centers.XMeters[i] - centers.XMeters[j], centers.YMeters[i] - centers.YMeters[j]));
            }
        }
        return Math.Max(farthest, 1);
    }

    protected override double NeighborsWithin(double distanceMeters) => Count;

    protected override SpatialWeights Contiguous(bool corners, Explain explain)
    {
        var weights = Contiguity.Build(_polygons, SnapMeters, corners);
        if (weights.IsolatedCount > 0)
        {
            explain.Warn($"{weights.IsolatedCount} wards touch no other and stand for themselves alone; neighbors=band with a distance, or neighbors=knn, joins them.");
        }
        explain.Root["borders_touch_within_m"] = SnapMeters;
        return weights;
    }

    /// <summary>The wards that lie, at least in part, where the issues of the filter can be.</summary>
    private static List<WardOutline> Meant(List<WardOutline> wards, Geometry? places, Explain explain)
    {
        if (places is null)
        {
            return wards;
        }
        var meant = wards.ConvertAll(w => (Ward: w, Share: w.Geometry!.EnvelopeInternal.Intersects(places.EnvelopeInternal) ? FilterPlaces.Common(w.Geometry, places)!.Area / w.Geometry.Area : 0))
            .FindAll(w => w.Share > LeastShare);
        var inPart = meant.Count(w => w.Share < 1 - LeastShare);
        if (inPart > 0)
        {
            explain.Warn($"{inPart} of {meant.Count} wards lie only in part within the places of the filter: what is outside was not asked for, so that their figures are too low.");
        }
        return meant.ConvertAll(w => w.Ward);
    }

    private static List<WardOutline> Choose(AnalysisInput input, string? level, Explain explain)
    {
        var scope = input.Wards.Current.Where(w => input.Filter.Wards.Count == 0 || input.Wards.IsWithin(w, input.Filter.Wards)).ToList();
        var levels = scope.CountBy(w => w.Level).OrderByDescending(l => l.Value).ThenBy(l => l.Key, StringComparer.Ordinal).ToList();
        if (level is not null && levels.All(l => l.Key != level))
        {
            throw new BadParameterException("level", level, levels.Count == 0 ? "left out, as there are no wards" : "one of " + string.Join(", ", levels.Select(l => l.Key)));
        }
        if (level is null)
        {
            var fitting = levels.FirstOrDefault(l => l.Value <= input.Limits.MaxWards);
            level = fitting.Key ?? "";
            explain.Chosen("level", level, "most-wards", $"The level with most wards, {fitting.Value}, of those with at most {input.Limits.MaxWards}.");
        }
        else
        {
            explain.Parameter("level", level);
        }
        var wards = Meant([.. scope.Where(w => w.Level == level)], input.Places.Within, explain);
        if (wards.Count > input.Limits.MaxWards)
        {
            throw new BadParameterException("level", level, $"a level with at most {input.Limits.MaxWards} wards in the study area; it has {wards.Count}");
        }
        if (wards.Count < FewWards)
        {
            explain.Warn($"Only {wards.Count} wards: too few to tell hot from cold.");
        }
        return wards;
    }
}
