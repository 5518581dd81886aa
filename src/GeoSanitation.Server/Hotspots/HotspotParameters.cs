using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>What the parameters of several methods share.</summary>
internal static class HotspotParameters
{
    private const double MaxMeters = 100_000;

    /// <summary>A length; null when it is not given.</summary>
    internal static Parameter<double?> Meters(string name, string description, double example) => Parameter.Number(name, 0.1, MaxMeters, "meters", description, example);

    /// <summary>Refuses a parameter that means nothing beside others.</summary>
    /// <param name="values">What was given.</param>
    /// <param name="meaningless">Whether it is so.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="beside">Beside what: "cell=hex".</param>
    /// <exception cref="BadParameterException">It is so, and the parameter is there.</exception>
    internal static void RefuseWhere(IQueryCollection values, bool meaningless, Parameter parameter, string beside)
    {
        if (meaningless && values[parameter.Name] is [{ } text, ..])
        {
            throw new BadParameterException(parameter.Name, text, $"left out with {beside}");
        }
    }
}
