using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Density;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What a density of issues is divided by, at every place: the study area itself (1 inside), thousands of people per km2, or visits of inspectors.</summary>
/// <param name="At">Of a place, meters; 0 where nothing is known.</param>
/// <remarks>Risk as a ratio of two densities with one kernel: Bithell (1990), doi 10.1002/sim.4780090616; Kelsall and Diggle (1995), doi 10.1002/sim.4780142106. By the area it is
/// the density corrected for what the kernel loses beyond the edge.</remarks>
internal sealed record ExposureSurface(Func<double, double, double> At)
{
    // Where less than this part of the mean is known, a ratio says nothing.
    private const double LeastShare = 0.01;

    private const double SquareMetersPerKm2 = 1e6;

    /// <summary>The surface that is meant; null for none.</summary>
    /// <exception cref="BadParameterException">There is nothing to divide by.</exception>
    internal static ExposureSurface? Of(AnalysisInput input, RateParameters rate, Explain explain)
    {
        var exposure = rate.Of(input, explain);
        switch (rate.Per)
        {
            case "none":
                return null;
            case "area":
                var area = StudyArea.OfWards(input.Wards, input.Filter.Wards, input.Places.Within, input.Crs) ?? StudyArea.OfPoints(input.Points);
                var inside = area is null ? null : new PolygonLocator([area.Rings]);
                return new ExposureSurface((x, y) => inside?.Locate(x, y) >= 0 ? 1 : 0);
            case "population":
                return OfPeople(input, explain).Within(input);
            default:
                explain.Root["rate_unit"] = "issues per km2 and visit";
                return new ExposureSurface((x, y) => exposure!.Of(null, 0, x, y)).Within(input);
        }
    }

    /// <summary>The same where the issues of the filter can lie, and nothing elsewhere.</summary>
    private ExposureSurface Within(AnalysisInput input)
    {
        if (input.Places.Within is not { } places)
        {
            return this;
        }
        var inside = new PolygonLocator([StudyArea.PolygonsOf(places, input.Crs)]);
        return new ExposureSurface((x, y) => inside.Locate(x, y) >= 0 ? At(x, y) : 0);
    }

    /// <summary>Issues where something is known to divide by.</summary>
    internal Points Known(Points points, Explain explain)
    {
        int[] known = [.. Enumerable.Range(0, points.Count).Where(i => At(points.XMeters[i], points.YMeters[i]) > 0)];
        if (known.Length == points.Count)
        {
            return points;
        }
        explain.Warn($"{points.Count - known.Length} issues lie where it is not known what to divide by, and were not counted.");
        return new Points(
            Array.ConvertAll(known, i => points.XMeters[i]), Array.ConvertAll(known, i => points.YMeters[i]), points.HasWeight ? Array.ConvertAll(known, points.WeightOf) : null);
    }

    /// <summary>Divides a density by this surface, smoothed by the same kernel; 0 outside of where anything is known.</summary>
    /// <param name="density">Issues per km2.</param>
    /// <param name="smooth">The kernel that made it.</param>
    internal Raster Divide(Raster density, Func<Points, RasterFrame, Raster> smooth)
    {
        var frame = density.Frame;
        var (exposures, x, y, weight) = (new double[density.Values.Length], new List<double>(), new List<double>(), new List<double>());
        var cellKm2 = frame.CellMeters * frame.CellMeters / SquareMetersPerKm2;
        for (var i = 0; i < exposures.Length; i++)
        {
            var (atX, atY) = frame.Center(i % frame.Columns, i / frame.Columns);
            exposures[i] = At(atX, atY);
            if (exposures[i] > 0)
            {
                x.Add(atX);
                y.Add(atY);
                weight.Add(exposures[i] * cellKm2);
            }
        }
        if (x.Count == 0)
        {
            return density with { Values = new double[exposures.Length] };
        }
        var smoothed = smooth(new Points([.. x], [.. y], [.. weight]), frame);
        var least = LeastShare * weight.Sum() / (weight.Count * cellKm2);
        return density with { Values = [.. density.Values.Select((issues, i) => exposures[i] > 0 && smoothed.Values[i] >= least ? issues / smoothed.Values[i] : 0)] };
    }

    /// <summary>People live evenly in a ward, as far as is known: in the smallest kind of wards that they are counted by.</summary>
    private static ExposureSurface OfPeople(AnalysisInput input, Explain explain)
    {
        var counted = input.Wards.Current.Where(w => w.Population > 0 && (input.Filter.Wards.Count == 0 || input.Wards.IsWithin(w, input.Filter.Wards))).ToLookup(w => w.Level);
        var wards = counted.OrderByDescending(level => level.Count()).ThenBy(level => level.Key, StringComparer.Ordinal).FirstOrDefault()?.ToList()
            ?? throw new BadParameterException("rate", "population", "another rate: no ward here has a population");
        explain.Root["population_level"] = wards[0].Level;
        explain.Root["population"] = wards.Sum(w => (long)w.Population!.Value);
        var polygons = wards.ConvertAll(w => StudyArea.PolygonsOf(w.Geometry!, input.Crs));
        double[] thousandsPerKm2 = [.. wards.Select((w, i) => w.Population!.Value / RateParameters.PeoplePerUnit / (StudyArea.AreaOf(polygons[i]) / SquareMetersPerKm2))];
        var locator = new PolygonLocator(polygons);
        return new ExposureSurface((x, y) => locator.Locate(x, y) is >= 0 and var ward ? thousandsPerKm2[ward] : 0);
    }
}
