using System.Text.Json;
using GeoSanitation.Server.Snapshot;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Tiles;

/// <summary>Vector tiles of analyses: their features with the attributes that they have there, the method, and the run where one is kept.</summary>
internal static class HotspotTile
{
    /// <summary>Ids of features begin with that of the run: so many bits are the feature's own.</summary>
    private const int FeatureBits = 24;

    /// <summary>One tile.</summary>
    internal static byte[] Encode(IReadOnlyList<RunShape> runs, TileAddress tile)
    {
        var layer = new MvtLayer("hotspots");
        var polygons = new TilePolygons(tile);
        var units = new TileUnits(tile);
        foreach (var run in runs)
        {
            foreach (var feature in run.Near(polygons.LonLatBox))
            {
                if (feature.Geometry is Point point)
                {
                    var (mercatorX, mercatorY) = WebMercator.FromLonLat(point.X, point.Y);
                    if (units.Has(mercatorX, mercatorY, out var x, out var y))
                    {
                        Begin(layer, run, feature.Id, feature.PropertiesJson);
                        layer.EndPoint(x, y);
                    }
                }
                else if (polygons.RingsOf(feature.Geometry) is { Count: > 0 } rings)
                {
                    Begin(layer, run, feature.Id, feature.PropertiesJson);
                    layer.EndPolygons(rings);
                }
            }
        }
        return layer.ToTile();
    }

    private static void Begin(MvtLayer layer, RunShape run, int id, string propertiesJson)
    {
        layer.Begin(((run.Run ?? 0) << FeatureBits) + id);
        using var properties = JsonDocument.Parse(propertiesJson);
        if (!properties.RootElement.TryGetProperty("method", out _))
        {
            layer.Tag("method", run.Method);
        }
        if (run.Run is { } kept && !properties.RootElement.TryGetProperty("run", out _))
        {
            layer.Tag("run", kept);
        }
        foreach (var property in properties.RootElement.EnumerateObject())
        {
            Tag(layer, property.Name, property.Value);
        }
    }

    private static void Tag(MvtLayer layer, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                break;
            case JsonValueKind.True or JsonValueKind.False:
                layer.Tag(name, value.GetBoolean());
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var whole):
                layer.Tag(name, whole);
                break;
            case JsonValueKind.Number:
                layer.Tag(name, value.GetDouble());
                break;
            case JsonValueKind.String:
                layer.Tag(name, value.GetString());
                break;
            default:
                // Tiles have no lists; their text can be read again.
                layer.Tag(name, value.GetRawText());
                break;
        }
    }
}
