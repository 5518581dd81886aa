using GeoSanitation.Server.Scorecards;
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
    /// <param name="wards">The wards.</param>
    /// <param name="tile">Which tile.</param>
    /// <param name="figures">How the wards that are meant stand, by row; null for all wards without any figure.</param>
    internal static byte[] Encode(WardSnapshot wards, TileAddress tile, IReadOnlyDictionary<int, ScorecardFigures>? figures)
    {
        var layer = new MvtLayer("wards");
        var labels = new MvtLayer("ward_labels");
        var polygons = new TilePolygons(tile);
        foreach (var ward in wards.Current.Where(w => figures?.ContainsKey(w.Id) != false && w.Geometry!.EnvelopeInternal.Intersects(polygons.LonLatBox)))
        {
            if (polygons.RingsOf(ward.Geometry!) is { Count: > 0 } rings)
            {
                Begin(layer, ward, figures);
                layer.EndPolygons(rings);
            }
            AddLabel(labels, ward, tile, wards.LabelPoint(ward), figures);
        }
        // A tile is its layers one after the other.
        return [.. layer.ToTile(), .. labels.ToTile()];
    }

    private static void AddLabel(MvtLayer layer, WardOutline ward, TileAddress tile, Coordinate lonLat, IReadOnlyDictionary<int, ScorecardFigures>? figures)
    {
        var (x, y) = WebMercator.FromLonLat(lonLat.X, lonLat.Y);
        if (new TileUnits(tile).Has(x, y, out var column, out var row))
        {
            Begin(layer, ward, figures);
            layer.EndPoint(column, row);
        }
    }

    private static void Begin(MvtLayer layer, WardOutline ward, IReadOnlyDictionary<int, ScorecardFigures>? figures)
    {
        layer.Begin(ward.Id);
        layer.Tag("code", ward.Code);
        layer.Tag("name", ward.Name);
        layer.Tag("name_en", ward.NameEn);
        layer.Tag("level", ward.Level);
        if (figures is null)
        {
            return;
        }
        foreach (var (name, valueOf) in ScorecardFigures.ByName)
        {
            if (valueOf(figures[ward.Id]) is { } value)
            {
                layer.Tag(name, value);
            }
        }
    }
}
