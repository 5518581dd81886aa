using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Tiles;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoSanitation.Server.Tiles;

/// <summary>
/// Vector tiles of the wards in force: outlines, clipped to the tile and a margin, on a grid that is coarser at low zooms; and the places of their names, each in
/// one tile of a zoom, because a map that named the pieces of a clipped outline would name it many times.
/// </summary>
internal static class WardTile
{
    /// <summary>Units kept around the tile, so that its edges are not drawn as borders.</summary>
    internal const int Buffer = 64;

    /// <summary>From this zoom on every unit counts; before, half a pixel does (a tile is drawn 512 pixels wide). A grid moves the border of two wards
    /// alike on both sides.</summary>
    private const int FineZoom = 14;
    private const int CoarseUnits = 4;

    /// <summary>One tile.</summary>
    internal static byte[] Encode(WardSnapshot wards, TileAddress tile)
    {
        var layer = new MvtLayer("wards");
        var labels = new MvtLayer("ward_labels");
        var grid = new GeometryFactory(new PrecisionModel(tile.Zoom < FineZoom ? 1.0 / CoarseUnits : 1));
        var frame = grid.ToGeometry(new Envelope(-Buffer, MvtLayer.Extent + Buffer, -Buffer, MvtLayer.Extent + Buffer));
        var lonLat = tile.LonLatBox((double)Buffer / MvtLayer.Extent);
        foreach (var ward in wards.Current)
        {
            if (ward.Geometry!.EnvelopeInternal.Intersects(lonLat))
            {
                AddWard(layer, ward, tile, grid, frame);
                AddLabel(labels, ward, tile, wards.LabelPoint(ward));
            }
        }
        // A tile is its layers one after the other.
        return [.. layer.ToTile(), .. labels.ToTile()];
    }

    private static void AddLabel(MvtLayer layer, WardOutline ward, TileAddress tile, Coordinate lonLat)
    {
        var (x, y) = WebMercator.FromLonLat(lonLat.X, lonLat.Y);
        var units = Math.ScaleB(MvtLayer.Extent, tile.Zoom);
        var (column, row) = ((int)Math.Floor(x * units - (double)tile.X * MvtLayer.Extent), (int)Math.Floor(y * units - (double)tile.Y * MvtLayer.Extent));
        if (column is >= 0 and < MvtLayer.Extent && row is >= 0 and < MvtLayer.Extent)
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

    private static void AddWard(MvtLayer layer, WardOutline ward, TileAddress tile, GeometryFactory grid, Geometry frame)
    {
        var local = (MultiPolygon)ward.Geometry!.Copy();
        local.Apply(new ToTileUnits(tile));
        local.GeometryChanged();
        var clipped = OverlayNG.Overlay(local, frame, OverlayNG.INTERSECTION, grid.PrecisionModel);
        var rings = new List<int[]>();
        for (var g = 0; g < clipped.NumGeometries; g++)
        {
            // Where the two only touch there are lines and points too.
            if (clipped.GetGeometryN(g) is Polygon { IsEmpty: false } polygon)
            {
                rings.Add(Ring(polygon.ExteriorRing, hole: false));
                rings.AddRange(polygon.InteriorRings.Select(ring => Ring(ring, hole: true)));
            }
        }
        if (rings.Count == 0)
        {
            return;
        }
        Begin(layer, ward);
        layer.EndPolygons(rings);
    }

    /// <summary>Whole units without the repeated last position; clockwise on the screen, holes the other way.</summary>
    private static int[] Ring(LineString line, bool hole)
    {
        var sequence = line.CoordinateSequence;
        var ring = new int[2 * (sequence.Count - 1)];
        for (var i = 0; i < sequence.Count - 1; i++)
        {
            (ring[2 * i], ring[2 * i + 1]) = ((int)Math.Round(sequence.GetX(i)), (int)Math.Round(sequence.GetY(i)));
        }
        if (TwiceArea(ring) > 0 == hole)
        {
            Array.Reverse(ring);
            for (var i = 0; i < ring.Length; i += 2)
            {
                (ring[i], ring[i + 1]) = (ring[i + 1], ring[i]);
            }
        }
        return ring;
    }

    private static long TwiceArea(int[] ring)
    {
        var sum = 0L;
        for (int i = 0, before = ring.Length - 2; i < ring.Length; before = i, i += 2)
        {
            sum += (long)ring[before] * ring[i + 1] - (long)ring[i] * ring[before + 1];
        }
        return sum;
    }

    private sealed class ToTileUnits(TileAddress tile) : IEntireCoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence)
        {
            var units = Math.ScaleB(MvtLayer.Extent, tile.Zoom);
            for (var i = 0; i < sequence.Count; i++)
            {
                var (x, y) = WebMercator.FromLonLat(sequence.GetX(i), sequence.GetY(i));
                sequence.SetOrdinate(i, Ordinate.X, x * units - (double)tile.X * MvtLayer.Extent);
                sequence.SetOrdinate(i, Ordinate.Y, y * units - (double)tile.Y * MvtLayer.Extent);
            }
        }
    }
}
