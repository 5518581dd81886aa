using System.Text.Json;
using GeoSanitation.Server.Imports.FeatureFiles;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Imports;

/// <summary>Reads the polygons of GeoJSON, mending rings that can be mended.</summary>
internal sealed class JsonPolygons
{
    private readonly List<Polygon> _polygons = [];
    private string? _defect;
    private string? _repaired;

    /// <summary>Reads a FeatureCollection, or Features one after the other.</summary>
    /// <exception cref="ImportFileException">The text is no GeoJSON.</exception>
    internal static PolygonFeatures Read(Stream contents)
    {
        using var reader = new JsonFeatures(contents);
        var features = new List<PolygonFeature>();
        while (reader.Next() is { } document)
        {
            using (document)
            {
                features.Add(Of(reader.Number, document.RootElement));
            }
        }
        if (reader.NorthFirst)
        {
            // x is east in memory.
            var swap = new AxisSwap();
            features.ForEach(f => f.Geometry?.Apply(swap));
        }
        return new PolygonFeatures(features, PolygonFeatures.ColumnsOf(features), reader.Crs, CutsNames: false);
    }

    private static PolygonFeature Of(long number, JsonElement feature)
    {
        var properties = new Dictionary<string, string>();
        try
        {
            if (feature.ValueKind != JsonValueKind.Object)
            {
                return new PolygonFeature(number, properties, null, "this is not a Feature", null);
            }
            if (feature.TryGetProperty("properties", out var members) && members.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in members.EnumerateObject())
                {
                    if (member.Value.ValueKind != JsonValueKind.Null)
                    {
                        var text = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
                        properties[member.Name.Replace("\0", "", StringComparison.Ordinal)] = text.Replace("\0", "", StringComparison.Ordinal).Trim();
                    }
                }
            }
            if (!feature.TryGetProperty("geometry", out var geometry) || geometry.ValueKind != JsonValueKind.Object)
            {
                return new PolygonFeature(number, properties, null, "the feature has no geometry", null);
            }
            var builder = new JsonPolygons();
            builder.Add(geometry);
            return builder._polygons.Count > 0
                ? new PolygonFeature(number, properties, ShapeBuilder.Factory.CreateMultiPolygon([.. builder._polygons]), null, builder._repaired)
                : new PolygonFeature(number, properties, null, builder._defect ?? "the geometry is empty", null);
        }
        catch (Exception problem) when (problem is InvalidOperationException or FormatException)
        {
            return new PolygonFeature(number, properties, null, "a text or a number of the feature cannot be read", null);
        }
    }

    private void Add(JsonElement geometry)
    {
        var type = geometry.ValueKind == JsonValueKind.Object && geometry.TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        if (type == "GeometryCollection" && geometry.TryGetProperty("geometries", out var parts) && parts.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in parts.EnumerateArray())
            {
                Add(part);
            }
            return;
        }
        if (type is not ("Polygon" or "MultiPolygon"))
        {
            _defect ??= $"the geometry is a {type ?? "thing without a type"}; a ward is a Polygon or a MultiPolygon";
            return;
        }
        if (!geometry.TryGetProperty("coordinates", out var coordinates) || coordinates.ValueKind != JsonValueKind.Array)
        {
            _defect ??= "the geometry has no coordinates";
            return;
        }
        if (type == "Polygon")
        {
            AddPolygon(coordinates);
            return;
        }
        foreach (var polygon in coordinates.EnumerateArray())
        {
            AddPolygon(polygon);
        }
    }

    private void AddPolygon(JsonElement rings)
    {
        if (rings.ValueKind != JsonValueKind.Array || rings.GetArrayLength() == 0)
        {
            _defect ??= "a polygon has no ring";
            return;
        }
        LinearRing? shell = null;
        var holes = new List<LinearRing>();
        var first = true;
        foreach (var ring in rings.EnumerateArray())
        {
            if (Ring(ring) is { } read)
            {
                if (first)
                {
                    shell = read;
                }
                else
                {
                    holes.Add(read);
                }
            }
            else if (!first)
            {
                _repaired = "a hole of fewer than three places was left out";
            }
            first = false;
        }
        if (shell is null)
        {
            _defect ??= "an outer ring has fewer than three places, or coordinates that are no numbers";
            return;
        }
        _polygons.Add(ShapeBuilder.Factory.CreatePolygon(shell, [.. holes]));
    }

    private LinearRing? Ring(JsonElement ring)
    {
        if (ring.ValueKind != JsonValueKind.Array)
        {
            return null;
        }
        var places = new List<Coordinate>(ring.GetArrayLength() + 1);
        foreach (var position in ring.EnumerateArray())
        {
            if (position.ValueKind != JsonValueKind.Array || position.GetArrayLength() < 2 || !position[0].TryGetDouble(out var x) || !position[1].TryGetDouble(out var y)
                || !double.IsFinite(x) || !double.IsFinite(y))
            {
                return null;
            }
            places.Add(new Coordinate(x, y));
        }
        if (places.Count > 0 && !places[0].Equals2D(places[^1]))
        {
            places.Add(places[0].Copy());
            _repaired = "a ring that was not closed was closed";
        }
        return places.Count >= 4 ? ShapeBuilder.Factory.CreateLinearRing([.. places]) : null;
    }

    private sealed class AxisSwap : IEntireCoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence)
        {
            for (var i = 0; i < sequence.Count; i++)
            {
                var (north, east) = (sequence.GetX(i), sequence.GetY(i));
                sequence.SetX(i, east);
                sequence.SetY(i, north);
            }
        }
    }
}
