using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;
using NetTopologySuite.Geometries;
using NetTopologySuite.Simplify;

namespace GeoSanitation.Server.Esri;

/// <summary>Where whole numbers stand for coordinates: x = XOrigin + i Tolerance, and y = YOrigin - i Tolerance from the upper left, or + from the lower.</summary>
internal sealed record Grid(double XOrigin, double YOrigin, double Tolerance, bool FromUpper, bool IsView)
{
    /// <summary>Nearest position on the grid.</summary>
    internal (long X, long Y) Of(Coordinate place) => ((long)Math.Round((place.X - XOrigin) / Tolerance), (long)Math.Round((FromUpper ? YOrigin - place.Y : place.Y - YOrigin) / Tolerance));

    /// <summary>The grid of a request.</summary>
    /// <exception cref="BadParameterException">It is none.</exception>
    internal static Grid Read(string text)
    {
        const string name = "quantizationParameters";
        var json = EsriJson.Object(name, text);
        string Word(string member, string usual, string other)
        {
            if (!json.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                return usual;
            }
            var word = EsriJson.Text($"{name}.{member}", value);
            return word == usual || word == other ? word : throw new BadParameterException($"{name}.{member}", word, $"{usual} or {other}");
        }
        var isView = Word("mode", "view", "edit") == "view";
        var fromUpper = Word("originPosition", "upperLeft", "lowerLeft") == "upperLeft";
        if (!json.TryGetProperty("extent", out var extent) || extent.ValueKind != JsonValueKind.Object)
        {
            throw new BadParameterException(name, text, "an object with an extent");
        }
        var tolerance = json.TryGetProperty("tolerance", out _) ? EsriJson.Number(name, json, "tolerance") : 1;
        return tolerance > 0
            ? new Grid(EsriJson.Number(name + ".extent", extent, "xmin"), EsriJson.Number(name + ".extent", extent, fromUpper ? "ymax" : "ymin"), tolerance, fromUpper, isView)
            : throw new BadParameterException(name, text, "an object with a tolerance > 0");
    }
}

/// <summary>Shapes as an answer has them: its system, simplified as far as it may be.</summary>
/// <param name="Crs">System of the answer.</param>
/// <param name="OffsetUnits">How far outlines may move, in its units; 0 for not at all.</param>
/// <param name="Digits">Decimal places of coordinates.</param>
/// <param name="Grid">The grid of whole numbers; null for coordinates.</param>
internal sealed record OutputShapes(Crs Crs, double OffsetUnits, int Digits, Grid? Grid)
{
    private static readonly GeometryFactory Factory = new();

    /// <summary>The shape of a request's answer.</summary>
    /// <exception cref="BadParameterException">A parameter is not what it may be.</exception>
    internal static OutputShapes Of(EsriRequest request)
    {
        var crs = request.Get(QueryParameters.OutReference) ?? SpatialReferences.LonLat;
        // About a millimeter where nothing is said.
        return new OutputShapes(crs, request.Get(QueryParameters.Offsets) ?? 0, request.Get(QueryParameters.Precision) ?? (crs.IsGeographic ? 8 : 3),
            request.Get(QueryParameters.Quantization) is { } text ? Grid.Read(text) : null);
    }

    /// <summary>A point of the layer in the answer's system; null where it cannot be drawn in that.</summary>
    internal Geometry? Of(double lonDegrees, double latDegrees)
    {
        var (x, y) = Crs.FromLonLat(new LonLat(lonDegrees, latDegrees));
        return double.IsFinite(x) && double.IsFinite(y) ? Factory.CreatePoint(new Coordinate(x, y)) : null;
    }

    /// <summary>A shape of the layer in the answer's system; null where it cannot be drawn in that.</summary>
    internal Geometry? Of(Geometry lonLat)
    {
        if (lonLat is Point point)
        {
            return Of(point.X, point.Y);
        }
        var shape = lonLat.Copy();
        var move = new Projection(Crs);
        shape.Apply(move);
        return move.Failed ? null : OffsetUnits > 0 ? TopologyPreservingSimplifier.Simplify(shape, OffsetUnits) : shape;
    }

    /// <summary>A box of longitude and latitude in the answer's system: the box around its edges there. Null where it cannot be drawn.</summary>
    internal Envelope? Of(Envelope lonLat)
    {
        if (lonLat.IsNull)
        {
            return null;
        }
        var box = new Envelope();
        const int pieces = 32;
        for (var i = 0; i <= pieces; i++)
        {
            var (lon, lat) = (lonLat.MinX + lonLat.Width * i / pieces, lonLat.MinY + lonLat.Height * i / pieces);
            foreach (var place in (LonLat[])[new(lon, lonLat.MinY), new(lon, lonLat.MaxY), new(lonLat.MinX, lat), new(lonLat.MaxX, lat)])
            {
                var (x, y) = Crs.FromLonLat(place);
                if (!double.IsFinite(x) || !double.IsFinite(y))
                {
                    return null;
                }
                box.ExpandToInclude(x, y);
            }
        }
        return box;
    }

    private sealed class Projection(Crs crs) : ICoordinateSequenceFilter
    {
        public bool Failed { get; private set; }

        public bool Done => Failed;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence, int i)
        {
            var (x, y) = crs.FromLonLat(new LonLat(sequence.GetX(i), sequence.GetY(i)));
            Failed |= !double.IsFinite(x) || !double.IsFinite(y);
            sequence.SetX(i, x);
            sequence.SetY(i, y);
        }
    }
}
