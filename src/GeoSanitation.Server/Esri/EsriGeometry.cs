using System.Globalization;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;

namespace GeoSanitation.Server.Esri;

/// <summary>Reads shapes that a request gives: Esri's JSON, or a point or box as numbers with commas between.</summary>
internal static class EsriGeometry
{
    /// <summary>Kinds of shape, the usual one first, with the JSON member that tells each.</summary>
    internal static readonly (string Type, string Member)[] Types =
    [
        ("esriGeometryEnvelope", "xmin"), ("esriGeometryPoint", "x"), ("esriGeometryMultipoint", "points"), ("esriGeometryPolyline", "paths"), ("esriGeometryPolygon", "rings"),
    ];

    private const string Name = "geometry";

    // A box of a plane is none of degrees; its edges are cut into so many pieces.
    private const int PiecesOfEdge = 16;

    private static readonly GeometryFactory Factory = new(new PrecisionModel(), 4326);

    /// <summary>The shape in longitude and latitude; null for a box beside the world, in which nothing lies.</summary>
    /// <param name="text">As it was given.</param>
    /// <param name="type">Its kind, where the request names one.</param>
    /// <param name="given">System of its coordinates, where the request names one and the shape does not.</param>
    /// <exception cref="BadParameterException">It is none.</exception>
    internal static Geometry? Read(string text, string? type, Crs? given)
    {
        if (!text.TrimStart().StartsWith('{'))
        {
            double[] numbers = [.. text.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : throw Bad(text))];
            var crs = given ?? SpatialReferences.LonLat;
            return numbers switch
            {
                [var x, var y] when type is null or "esriGeometryPoint" => Factory.CreatePoint(Place(crs, x, y, text)),
                [var x1, var y1, var x2, var y2] when type is null or "esriGeometryEnvelope" => Box(crs, x1, y1, x2, y2, text),
                _ => throw Bad(text),
            };
        }
        var json = EsriJson.Object(Name, text);
        return Read(json, type, json.TryGetProperty("spatialReference", out var own) && own.ValueKind != JsonValueKind.Null ? SpatialReferences.Read(Name + ".spatialReference", own) : given ?? SpatialReferences.LonLat);
    }

    /// <summary>The place of a point.</summary>
    /// <param name="name">What it is called where it stands.</param>
    /// <param name="json">An object with x and y, and perhaps its own system.</param>
    /// <param name="given">System of its coordinates, where it does not say.</param>
    /// <exception cref="BadParameterException">It is none.</exception>
    internal static (Crs Crs, double X, double Y) ReadPoint(string name, JsonElement json, Crs given)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new BadParameterException(name, json.GetRawText(), "a point: {\"x\":112.68,\"y\":32.43}");
        }
        var crs = json.TryGetProperty("spatialReference", out var own) && own.ValueKind != JsonValueKind.Null ? SpatialReferences.Read(name + ".spatialReference", own) : given;
        return (crs, EsriJson.Number(name, json, "x"), EsriJson.Number(name, json, "y"));
    }

    private static Geometry? Read(JsonElement json, string? type, Crs crs)
    {
        var text = json.GetRawText();
        var found = Types.FirstOrDefault(t => json.TryGetProperty(t.Member, out _)).Type;
        if (found is null || (type is not null && type != found))
        {
            throw Bad(text);
        }
        double Of(string member) => EsriJson.Number(Name, json, member);
        Coordinate[] Positions(JsonElement array) => array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray().Select(Position)] : throw Bad(text);
        Coordinate Position(JsonElement pair)
            => pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() >= 2 && pair[0].ValueKind == JsonValueKind.Number && pair[1].ValueKind == JsonValueKind.Number
                ? Place(crs, pair[0].GetDouble(), pair[1].GetDouble(), text) : throw Bad(text);
        Coordinate[][] Several(string member, int least)
        {
            var parts = json.GetProperty(member);
            Coordinate[][] all = parts.ValueKind == JsonValueKind.Array ? [.. parts.EnumerateArray().Select(Positions)] : throw Bad(text);
            return all.Length > 0 && all.All(p => p.Length >= least) ? all : throw Bad(text);
        }
        switch (found)
        {
            case "esriGeometryEnvelope":
                return Box(crs, Of("xmin"), Of("ymin"), Of("xmax"), Of("ymax"), text);
            case "esriGeometryPoint":
                return Factory.CreatePoint(Place(crs, Of("x"), Of("y"), text));
            case "esriGeometryMultipoint":
                return Positions(json.GetProperty("points")) is { Length: > 0 } points ? Factory.CreateMultiPointFromCoords(points) : throw Bad(text);
            case "esriGeometryPolyline":
                return Factory.CreateMultiLineString([.. Several("paths", 2).Select(Factory.CreateLineString)]);
            default:
                return Polygons(Several("rings", 3), text);
        }
    }

    /// <summary>Rings as polygons: those that go clockwise are outsides, the others holes of the one around them. What crosses itself is mended.</summary>
    private static Geometry Polygons(Coordinate[][] rings, string text)
    {
        Coordinate[][] closed = [.. rings.Select(r => r[0].Equals2D(r[^1]) ? r : [.. r, r[0].Copy()])];
        if (closed.Any(r => r.Length < 4))
        {
            throw Bad(text);
        }
        var all = closed.Select(r => (Ring: Factory.CreateLinearRing(r), IsOutside: !Orientation.IsCCW(r))).ToList();
        var outsides = all.Any(r => r.IsOutside) ? all.Where(r => r.IsOutside).Select(r => r.Ring).ToList() : [.. all.Select(r => r.Ring)];
        var holes = all.Select(r => r.Ring).Except(outsides).ToLookup(h => outsides.FirstOrDefault(o => o.EnvelopeInternal.Contains(h.EnvelopeInternal) && Factory.CreatePolygon(o).Covers(h.GetPointN(0))));
        Geometry shape = Factory.CreateMultiPolygon([.. outsides.Select(o => Factory.CreatePolygon(o, [.. holes[o]])), .. holes[null].Select(h => Factory.CreatePolygon(h))]);
        if (!shape.IsValid)
        {
            shape = GeometryFixer.Fix(shape);
        }
        return shape.IsEmpty || shape.Dimension != Dimension.Surface ? throw Bad(text) : shape;
    }

    private static Geometry? Box(Crs crs, double x1, double y1, double x2, double y2, string text)
    {
        if (x1 > x2 || y1 > y2)
        {
            throw Bad(text);
        }
        // Maps in a browser ask beyond the edges of the world.
        var world = crs.IsGeographic ? new Envelope(-180, 180, -90, 90) : crs == CrsRegistry.WebMercator ? World(crs) : null;
        var box = world is null ? new Envelope(x1, x2, y1, y2) : new Envelope(x1, x2, y1, y2).Intersection(world);
        if (box.IsNull)
        {
            return null;
        }
        var shape = Factory.ToGeometry(box);
        if (!crs.IsGeographic && crs != CrsRegistry.WebMercator && shape is Polygon)
        {
            shape = NetTopologySuite.Densify.Densifier.Densify(shape, Math.Max(box.Width, box.Height) / PiecesOfEdge);
        }
        shape.Apply(new Moved(place => Place(crs, place.X, place.Y, text)));
        shape.GeometryChanged();
        return shape;
    }

    private static Envelope World(Crs crs)
    {
        var edge = crs.FromLonLat(new LonLat(180, 0)).X;
        return new Envelope(-edge, edge, -edge, edge);
    }

    private static Coordinate Place(Crs crs, double x, double y, string text)
    {
        var place = crs.IsGeographic && !new LonLat(x, y).IsValid ? new LonLat(double.NaN, double.NaN) : crs.ToLonLat(x, y);
        return place.IsValid ? new Coordinate(place.LonDegrees, place.LatDegrees)
            : throw new BadParameterException(Name, text, string.Create(CultureInfo.InvariantCulture, $"of places in {crs.Name}, which {x}, {y} is not"));
    }

    private static BadParameterException Bad(string text)
        => new(Name, text, $"x,y or xmin,ymin,xmax,ymax, or a JSON object with {string.Join(", ", Types.Select(t => $"{t.Member} ({t.Type})"))}, of the kind that geometryType names");

    private sealed class Moved(Func<Coordinate, Coordinate> move) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence, int i)
        {
            var to = move(sequence.GetCoordinate(i));
            sequence.SetX(i, to.X);
            sequence.SetY(i, to.Y);
        }
    }
}
