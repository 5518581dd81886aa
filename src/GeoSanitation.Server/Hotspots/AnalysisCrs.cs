using GeoSanitation.Coordinates;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Hotspots;

/// <summary>The metric plane that analyses are done in.</summary>
internal static class AnalysisCrs
{
    private const string Auto = "auto";

    /// <summary>Chooses it.</summary>
    /// <param name="setting">"auto" or the name of a projected system.</param>
    /// <param name="wards">Lon/lat box of the wards in force.</param>
    /// <param name="points">Lon/lat box of the points, for when there are no wards.</param>
    /// <returns>The system and, in words, why.</returns>
    /// <exception cref="InvalidOperationException">The setting names no projected system.</exception>
    internal static (Crs Crs, string Reason) Choose(string setting, Envelope wards, Envelope points)
    {
        if (setting != Auto)
        {
            return (Fixed(setting), "the operator's setting");
        }
        var box = wards.IsNull ? points : wards;
        return box.IsNull
            ? (CrsRegistry.UtmZone(new LonLat(0, 0)), "there is nothing to place it by")
            : (CrsRegistry.UtmZone(new LonLat(box.Centre.X, box.Centre.Y)), $"the UTM zone of the {(wards.IsNull ? "issues" : "wards")}' centre");
    }

    /// <summary>Refuses a setting that is neither "auto" nor a projected system.</summary>
    /// <exception cref="InvalidOperationException">It is so.</exception>
    internal static void Check(string setting)
    {
        if (setting != Auto)
        {
            Fixed(setting);
        }
    }

    private static Crs Fixed(string setting)
    {
        try
        {
            var crs = CrsRegistry.Find(setting);
            return !crs.IsGeographic && crs != CrsRegistry.WebMercator
                ? crs
                : throw new InvalidOperationException($"analysis.crs is {setting}; it must be auto or a projected system whose lengths are true, such as EPSG:4547");
        }
        catch (UnknownCrsException unknown)
        {
            throw new InvalidOperationException($"analysis.crs: {unknown.Message}", unknown);
        }
    }

    /// <summary>Replaces degrees by meters, in place; NaN for a place that the plane cannot show.</summary>
    internal static void ToMeters(Crs crs, Span<double> x, Span<double> y)
    {
        crs.FromLonLat(x, y, x, y);
        Scale(x, crs.UnitMeters);
        Scale(y, crs.UnitMeters);
    }

    /// <summary>Replaces meters by degrees, in place.</summary>
    internal static void ToDegrees(Crs crs, Span<double> x, Span<double> y)
    {
        Scale(x, 1 / crs.UnitMeters);
        Scale(y, 1 / crs.UnitMeters);
        crs.ToLonLat(x, y, x, y);
    }

    private static void Scale(Span<double> values, double factor)
    {
        if (factor != 1)
        {
            foreach (ref var value in values)
            {
                value *= factor;
            }
        }
    }
}
