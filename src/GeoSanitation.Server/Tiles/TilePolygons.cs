using GeoSanitation.Server.Snapshot;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.OverlayNG;

namespace GeoSanitation.Server.Tiles;

/// <summary>Polygons as they are in a vector tile: clipped to the tile and a margin, on a grid that is coarser at low zooms. A grid moves the common border of two polygons
/// alike on both sides.</summary>
internal sealed class TilePolygons
{
    /// <summary>Units kept around the tile, so that its edges are not drawn as borders.</summary>
    private const int Buffer = 64;

    /// <summary>From this zoom on every unit counts; before, half a pixel does (a tile is drawn 512 pixels wide).</summary>
    private const int FineZoom = 14;
    private const int CoarseUnits = 4;

    private readonly TileAddress _tile;
    private readonly GeometryFactory _grid;
    private readonly Geometry _frame;

    internal TilePolygons(TileAddress tile)
    {
        _tile = tile;
        _grid = new GeometryFactory(new PrecisionModel(tile.Zoom < FineZoom ? 1.0 / CoarseUnits : 1));
        _frame = _grid.ToGeometry(new Envelope(-Buffer, MvtLayer.Extent + Buffer, -Buffer, MvtLayer.Extent + Buffer));
        LonLatBox = tile.LonLatBox((double)Buffer / MvtLayer.Extent);
    }

    /// <summary>Longitudes and latitudes of the tile and the margin.</summary>
    internal Envelope LonLatBox { get; }

    /// <summary>The rings of a shape for <see cref="MvtLayer.EndPolygons"/>; none where nothing of it is left.</summary>
    /// <param name="shape">Polygons, longitude and latitude.</param>
    internal IReadOnlyList<int[]> RingsOf(Geometry shape)
    {
        var local = shape.Copy();
        local.Apply(new ToTileUnits(_tile));
        local.GeometryChanged();
        var clipped = OverlayNG.Overlay(local, _frame, OverlayNG.INTERSECTION, _grid.PrecisionModel);
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
        return rings;
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
