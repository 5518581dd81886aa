using System.Text.Json.Nodes;
using GeoSanitation.Hotspots;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Tells beside a result how it came about: parameters and why they are so, what was counted and left out, and what to be careful about.</summary>
internal sealed class Explain
{
    private readonly JsonObject _parameters = [];
    private readonly JsonArray _warnings = [];

    private readonly IReadOnlyCollection<string> _given;

    /// <param name="method">The method.</param>
    /// <param name="given">Names of the parameters that the caller gave.</param>
    internal Explain(HotspotMethod method, IReadOnlyCollection<string> given)
        => (_given, Root) = (given, new JsonObject { ["method"] = method.Name, ["method_version"] = method.Version, ["parameters"] = _parameters });

    /// <summary>What is written; members may be added.</summary>
    internal JsonObject Root { get; }

    /// <summary>A parameter that the caller gave, or its fixed default.</summary>
    internal void Parameter(string name, JsonNode? value)
        => _parameters[name] = new JsonObject { ["value"] = value, ["chosen_by"] = _given.Contains(name, StringComparer.OrdinalIgnoreCase) ? "caller" : "default" };

    /// <summary>A parameter that was chosen from the data, or that the caller gave.</summary>
    internal double Parameter(string name, double? given, Func<Choice> choose)
    {
        if (given is { } value)
        {
            Parameter(name, value);
            return value;
        }
        var choice = choose();
        _parameters[name] = new JsonObject { ["value"] = choice.Meters, ["chosen_by"] = choice.Rule, ["reason"] = choice.Reason };
        return choice.Meters;
    }

    /// <summary>A parameter that was chosen from the data.</summary>
    internal void Chosen(string name, JsonNode? value, string rule, string reason)
        => _parameters[name] = new JsonObject { ["value"] = value, ["chosen_by"] = rule, ["reason"] = reason };

    internal void Warn(string warning) => _warnings.Add(warning);

    /// <summary>The whole, warnings last.</summary>
    internal JsonObject Finish()
    {
        Root["warnings"] = _warnings;
        return Root;
    }
}
