using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Tiles;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Tiles;

/// <summary>
/// Vector tiles of the wards in force: outlines, and the places of their names, each in one tile of a zoom, because a map that named the pieces of a clipped outline would name it many times.
/// </summary>
internal static class WardTile
{
    /// <summary>One tile.</summary>
    internal static byte[] Encode(WardSnapshot wards, TileAddress tile)
    {
        var layer = new MvtLayer("wards");
        var labels = new MvtLayer("ward_labels");
        var polygons = new TilePolygons(tile);
        foreach (var ward in wards.Current.Where(w => w.Geometry!.EnvelopeInternal.Intersects(polygons.LonLatBox)))
        {
            if (polygons.RingsOf(ward.Geometry!) is { Count: > 0 } rings)
            {
                Begin(layer, ward);
                layer.EndPolygons(rings);
            }
            AddLabel(labels, ward, tile, wards.LabelPoint(ward));
        }
        // A tile is its layers one after the other.
        return [.. layer.ToTile(), .. labels.ToTile()];
    }

    private static void AddLabel(MvtLayer layer, WardOutline ward, TileAddress tile, Coordinate lonLat)
    {
        var (x, y) = WebMercator.FromLonLat(lonLat.X, lonLat.Y);
        if (new TileUnits(tile).Has(x, y, out var column, out var row))
        {
            Begin(layer, ward);
            layer.EndPoint(column, row);
        }
    }

    private static void Begin(MvtLayer layer, WardOutline ward)
    {
        layer.Begin(ward.Id);
        layer.Tag("code", ward.Code);
        layer.Tag("name", ward.Name);
        layer.Tag("name_en", ward.NameEn);
        layer.Tag("level", ward.Level);
    }
}
