using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace GeoSanitation.Server.GeoJson;

/// <summary>Reads the polygons of a feature that a caller sent. Unlike a file's, they are not mended: who sends one ward is there to be told.</summary>
internal static class PolygonBody
{
    private const string Name = "geometry";
    private const string Allowed = "a GeoJSON Polygon or MultiPolygon";
    private const string AllowedRing = "closed, of at least four positions of two numbers each";

    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    /// <summary>The polygons of a GeoJSON Polygon or MultiPolygon, longitude and latitude.</summary>
    /// <param name="geometry">The member <c>geometry</c>.</param>
    /// <param name="crs">System of its coordinates, which stand in that system's axis order.</param>
    /// <exception cref="BadParameterException">It is something else, lies outside the system's places, or its rings cross.</exception>
    internal static MultiPolygon Read(JsonElement geometry, Crs crs)
    {
        if (geometry.ValueKind != JsonValueKind.Object)
        {
            throw new BadParameterException(Name, JsonBody.Shown(geometry), Allowed);
        }
        JsonBody.RefuseUnknown(geometry, "geometry.", "type", "coordinates");
        var type = geometry.TryGetProperty("type", out var member) ? member.ToString() : null;
        if (type is not ("Polygon" or "MultiPolygon"))
        {
            throw new BadParameterException("geometry.type", type, "Polygon or MultiPolygon");
        }
        if (!geometry.TryGetProperty("coordinates", out var coordinates))
        {
            throw new BadParameterException("geometry.coordinates", null, Allowed);
        }
        var polygons = type == "Polygon" ? [PolygonOf(coordinates, crs)] : Items(coordinates, "an array of polygons").Select(p => PolygonOf(p, crs)).ToArray();
        var read = Factory.CreateMultiPolygon(polygons);
        return new IsValidOp(read).ValidationError is { } error
            ? throw new BadParameterException("geometry.coordinates", FormattableString.Invariant($"{error.Message} at {error.Coordinate?.X:0.#######}, {error.Coordinate?.Y:0.#######} (longitude, latitude)"), "polygons whose rings do not cross")
            : read;
    }

    private static Polygon PolygonOf(JsonElement rings, Crs crs)
    {
        var read = Items(rings, "rings, the outer one first").Select(ring => RingOf(ring, crs)).ToArray();
        return Factory.CreatePolygon(read[0], read[1..]);
    }

    private static LinearRing RingOf(JsonElement ring, Crs crs)
    {
        var places = Items(ring, $"a ring, {AllowedRing}").Select(position => PlaceOf(position, crs)).ToArray();
        return places.Length >= 4 && places[0].Equals2D(places[^1])
            ? Factory.CreateLinearRing(places)
            : throw new BadParameterException("geometry.coordinates", $"a ring of {places.Length} positions{(places.Length > 0 && places[0].Equals2D(places[^1]) ? "" : " that is not closed")}", $"rings, each {AllowedRing}");
    }

    private static Coordinate PlaceOf(JsonElement position, Crs crs)
    {
        if (position.ValueKind == JsonValueKind.Array && position.GetArrayLength() is 2 or 3
            && position[0].ValueKind == JsonValueKind.Number && position[1].ValueKind == JsonValueKind.Number && position[0].TryGetDouble(out var first) && position[1].TryGetDouble(out var second))
        {
            var (x, y) = crs.AxisOrder.FromWire(first, second);
            var place = crs.IsGeographic && !new LonLat(x, y).IsValid ? new LonLat(double.NaN, double.NaN) : crs.ToLonLat(x, y);
            if (place.IsValid)
            {
                return new Coordinate(place.LonDegrees, place.LatDegrees);
            }
        }
        throw new BadParameterException("geometry.coordinates", JsonBody.Shown(position), $"positions of two numbers, each a place in {crs.Name}");
    }

    private static JsonElement[] Items(JsonElement array, string what)
        => array.ValueKind == JsonValueKind.Array && array.GetArrayLength() > 0 ? [.. array.EnumerateArray()] : throw new BadParameterException("geometry.coordinates", JsonBody.Shown(array), what);
}
