using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Tiles;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoSanitation.Server.Hotspots;

/// <summary>By what the issues of a cell, or a density, are divided, so that "seen often" and "bad" can be told apart.</summary>
/// <remarks>Not for clusters (DBSCAN, HDBSCAN, ST-DBSCAN): the literature defines no rate for them, so they do not know the parameter.</remarks>
/// <param name="Per"><c>none</c>, <c>area</c> (square kilometers), <c>population</c> (thousands of people) or <c>visits</c> (of inspectors).</param>
internal sealed record RateParameters(string Per)
{
    private static readonly Parameter<string> Rate = Parameter.Word(
        "rate", "What is analyzed: the issues of a cell, or these per km2 of it, per thousand people (with cell=ward, where wards have a population), or per visit of inspectors (rounds with visits)",
        "none", "population", "visits", "area");

    private static readonly Parameter<string> StepRate = Parameter.Word(
        "rate", "What is analyzed: the issues of a cell and step, or these per km2 of it, or per thousand people (with cell=ward, where wards have a population)", "none", "population", "area");

    private static readonly Parameter<string> SurfaceRate = Parameter.Word(
        "rate", "What is drawn: issues per km2; risk, the ratio of their density to that of people or of visits under the same kernel (issues per thousand people; per km2 and visit); or (area) their density corrected for the edge of the study area",
        "none", "population", "visits", "area");

    /// <summary>The parameter that says so.</summary>
    internal static Parameter Parameter => Rate;

    /// <summary>The same for steps: visits are known by round, which is no step.</summary>
    internal static Parameter OfSteps => StepRate;

    /// <summary>The same for a density.</summary>
    internal static Parameter OfSurface => SurfaceRate;

    internal const double PeoplePerUnit = 1000;
    private const double SquareMetersPerUnit = 1e6;

    /// <exception cref="BadParameterException">The value is not one of the words, or means nothing beside another.</exception>
    internal static RateParameters Read(IQueryCollection values, CellParameters cells) => Read(values, cells, Rate);

    /// <inheritdoc cref="Read(IQueryCollection, CellParameters)"/>
    internal static RateParameters ReadOfSteps(IQueryCollection values, CellParameters cells) => Read(values, cells, StepRate);

    /// <exception cref="BadParameterException">The value is not one of the words.</exception>
    internal static RateParameters ReadOfSurface(IQueryCollection values) => new(SurfaceRate.Read(values));

    private static RateParameters Read(IQueryCollection values, CellParameters cells, Parameter<string> parameter)
    {
        var rate = new RateParameters(parameter.Read(values));
        HotspotParameters.RefuseWhere(values, rate.Per == "population" && cells.IsGrid, Rate, $"cell={cells.Cell}, or cell=ward; people are counted by wards");
        return rate;
    }

    /// <summary>What the issues of cells are divided by; null for nothing.</summary>
    /// <param name="input">The issues, their filter, and the rounds.</param>
    /// <param name="explain">Is told.</param>
    /// <exception cref="BadParameterException">There is no visit to divide by.</exception>
    internal Exposure? Of(AnalysisInput input, Explain explain)
    {
        explain.Parameter(Rate.Name, Per);
        switch (Per)
        {
            case "none":
                return null;
            case "area":
                explain.Root["rate_unit"] = "issues per km2";
                return new Exposure(null, (_, areaSquareMeters, _, _) => areaSquareMeters / SquareMetersPerUnit);
            case "population":
                explain.Root["rate_unit"] = "issues per thousand people";
                return new Exposure(null, (ward, _, _, _) => (ward?.Population ?? 0) / PeoplePerUnit);
            default:
                explain.Root["rate_unit"] = "issues per visit";
                return Visits(input, explain);
        }
    }

    /// <summary>Rounds that took place, at least in part, in the time that the filter means.</summary>
    private static Exposure Visits(AnalysisInput input, Explain explain)
    {
        var filter = input.Filter;
        var meant = input.Rounds.Where(r => (filter.Rounds.Count == 0 || filter.Rounds.Contains(r.Code))
            && (r.Area is null || input.Wards.Bounds.IsNull || r.Area.EnvelopeInternal.Intersects(input.Wards.Bounds))
            && (filter.ReportedFrom is not { } from || r.EndsAt > from.UtcDateTime) && (filter.ReportedBefore is not { } before || r.StartsAt < before.UtcDateTime)).ToList();
        var rounds = meant.Where(r => r.Visits > 0).ToList();
        if (rounds.Count == 0)
        {
            throw new BadParameterException(Rate.Name, "visits", $"another rate: none of the {meant.Count} inspection rounds of this time and place says how often inspectors looked (visits)");
        }
        explain.Root["rounds"] = rounds.Count;
        explain.Root["visits"] = rounds.Sum(r => r.Visits!.Value);
        if (rounds.Count < meant.Count)
        {
            explain.Warn($"{meant.Count - rounds.Count} of {meant.Count} inspection rounds do not say how often inspectors looked, and were left out.");
        }
        if (filter.Rounds.Count == 0)
        {
            explain.Warn("Issues of all sources are divided by visits; those that inspectors found on these rounds are chosen by round or source.");
        }
        // Where nobody looked nothing can be said: that is no part of the study area.
        var everywhere = rounds.Exists(r => r.Area is null);
        var within = everywhere ? null : OverlayNGRobust.Union(rounds.Select(r => (Geometry)r.Area!), rounds[0].Area!.Factory);
        var areas = rounds.ConvertAll(r => (r.Visits!.Value, Area: r.Area is null ? null : new PolygonLocator([StudyArea.PolygonsOf(r.Area, input.Crs)])));
        return new Exposure(within, (_, _, x, y) => areas.Sum(r => r.Area is null || r.Area.Locate(x, y) >= 0 ? r.Value : 0));
    }
}

/// <summary>What the issues of a cell are divided by.</summary>
/// <param name="Within">Longitude and latitude: where it is known; null for everywhere.</param>
/// <param name="Of">Of a cell: the ward that it is, if it is one, its area in square meters, and a place in it, meters. 0 where it is unknown.</param>
internal sealed record Exposure(Geometry? Within, Func<WardOutline?, double, double, double, double> Of);
