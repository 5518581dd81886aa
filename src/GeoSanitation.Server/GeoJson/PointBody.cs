using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;

namespace GeoSanitation.Server.GeoJson;

/// <summary>Reads the point of a feature that a caller sent.</summary>
internal static class PointBody
{
    /// <summary>The system that a feature's coordinates are in: the parameter's, the feature's own (<c>coordRefSys</c>), or longitude and latitude.</summary>
    /// <exception cref="BadParameterException">The two differ, or one is no known system.</exception>
    internal static Crs CrsOf(JsonElement feature, Crs? given)
    {
        if (!feature.TryGetProperty("coordRefSys", out var member))
        {
            return given ?? CrsRegistry.Crs84;
        }
        var name = JsonBody.Text(member, "coordRefSys", 200) ?? throw new BadParameterException("coordRefSys", null, "the name of a coordinate system, or left out");
        Crs own;
        try
        {
            own = CrsRegistry.Find(name);
        }
        catch (UnknownCrsException)
        {
            throw new BadParameterException("coordRefSys", name, $"one of {UnknownCrsException.Allowed}");
        }
        return given is null || given == own ? own : throw new BadParameterException("coordRefSys", name, $"left out, or the same as crs, {given.Name}");
    }

    /// <summary>The place of a GeoJSON Point.</summary>
    /// <param name="geometry">The member <c>geometry</c>.</param>
    /// <param name="crs">System of its coordinates, which stand in that system's axis order.</param>
    /// <exception cref="BadParameterException">It is no point, or no place.</exception>
    internal static LonLat Read(JsonElement geometry, Crs crs)
    {
        if (geometry.ValueKind != JsonValueKind.Object)
        {
            throw new BadParameterException("geometry", JsonBody.Shown(geometry), "a GeoJSON Point");
        }
        JsonBody.RefuseUnknown(geometry, "geometry.", "type", "coordinates");
        if (!geometry.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("Point"))
        {
            throw new BadParameterException("geometry.type", type.ValueKind == JsonValueKind.Undefined ? null : JsonBody.Shown(type), "\"Point\"");
        }
        var order = crs.AxisOrder == AxisOrder.EastNorth ? "east (or longitude) first" : "north (or latitude) first";
        var allowed = $"two numbers, {order}: a place in {crs.Name} that is not 0, 0";
        if (!geometry.TryGetProperty("coordinates", out var position))
        {
            throw new BadParameterException("geometry.coordinates", null, allowed);
        }
        var numbers = position.ValueKind == JsonValueKind.Array
            ? position.EnumerateArray().Select(n => n.ValueKind == JsonValueKind.Number && n.TryGetDouble(out var number) && double.IsFinite(number) ? number : (double?)null).ToArray()
            : [];
        // A third one is a height, which is not kept.
        if (numbers.Length is 2 or 3 && numbers[0] is { } first && numbers[1] is { } second)
        {
            var (x, y) = crs.AxisOrder.FromWire(first, second);
            var place = crs.IsGeographic && !new LonLat(x, y).IsValid ? new LonLat(double.NaN, double.NaN) : crs.ToLonLat(x, y);
            if (place.IsValid && (x, y) != (0, 0))
            {
                return place;
            }
        }
        throw new BadParameterException("geometry.coordinates", JsonBody.Shown(position), allowed);
    }
}
