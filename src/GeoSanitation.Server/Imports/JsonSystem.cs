using System.Text.Json;
using GeoSanitation.Coordinates;

namespace GeoSanitation.Server.Imports;

/// <summary>The coordinate system that a GeoJSON text names.</summary>
internal sealed class JsonSystem
{
    private bool _ofCoordRefSys;
    private bool _isJsonFg;

    /// <summary>Its name; null for longitude and latitude.</summary>
    internal string? Name { get; private set; }

    /// <summary>True when coordinates stand north first: after <c>coordRefSys</c> they stand in the order of the system.</summary>
    internal bool NorthFirst { get; private set; }

    /// <summary>Takes a member of the collection: <c>crs</c>, <c>coordRefSys</c> or <c>conformsTo</c>.</summary>
    internal void Take(string member, JsonElement value)
    {
        switch (member)
        {
            case "crs":
                (Name, NorthFirst, _ofCoordRefSys) = (NameOf(value), false, false);
                break;
            case "coordRefSys" when !_isJsonFg && Reference(value) is { } name:
                (Name, NorthFirst, _ofCoordRefSys) = (name, IsNorthFirst(name), true);
                break;
            case "conformsTo" when value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(c => c.ValueKind == JsonValueKind.String && c.GetString()!.Contains("json-fg", StringComparison.Ordinal)):
                // There the system is that of the member place; geometry is longitude and latitude.
                _isJsonFg = true;
                (Name, NorthFirst) = _ofCoordRefSys ? (null, false) : (Name, NorthFirst);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes a feature that stands alone; all of a file have the same system.</summary>
    /// <exception cref="ImportFileException">It has another than those before.</exception>
    internal void TakeFeature(JsonElement feature, long number)
    {
        if (feature.ValueKind != JsonValueKind.Object || !feature.TryGetProperty("coordRefSys", out var own) || Reference(own) is not { } name || name == Name)
        {
            return;
        }
        if (number > 1)
        {
            throw new ImportFileException($"feature {number} is in the coordinate system {name}, those before are not; write one file for each");
        }
        Take("coordRefSys", own);
    }

    private static string? NameOf(JsonElement crs)
        => crs.ValueKind == JsonValueKind.Object && crs.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static string? Reference(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object when value.TryGetProperty("href", out var href) && href.ValueKind == JsonValueKind.String => href.GetString(),
        _ => null,
    };

    private static bool IsNorthFirst(string name)
    {
        try
        {
            return CrsRegistry.Find(name).AxisOrder == AxisOrder.NorthEast;
        }
        catch (UnknownCrsException)
        {
            return false;
        }
    }
}
