using GeoSanitation.Server;
using GeoSanitation.Server.BaseMaps;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Issues;

namespace GeoSanitation.Cli;

/// <summary>The settings of the operator, read and checked in the same way by every command that heeds them.</summary>
internal static class OperatorSettings
{
    /// <summary>Reads <c>geosan.json</c> of the working folder and the <c>GEOSAN_</c> variables.</summary>
    /// <exception cref="CommandException">They cannot be read, or a value is not what it must be.</exception>
    internal static Settings Load()
    {
        try
        {
            var settings = Settings.Load(".");
            WorkClock.Check(settings.City);
            AnalysisCrs.Check(settings.Analysis.Crs);
            _ = BaseMap.Read(settings.BaseMaps);
            return settings;
        }
        catch (Exception problem) when (problem is InvalidOperationException or InvalidDataException or FormatException)
        {
            // What JSON it is not is said by the innermost.
            var why = problem is InvalidDataException ? $" ({problem.GetBaseException().Message})" : "";
            throw new CommandException($"geosan.json or a GEOSAN_ variable cannot be used: {problem.Message}{why}");
        }
    }
}
