using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>Shapes of the places that files hold as x0, y0, x1, y1 ...; what closes no ring is left out.</summary>
internal static class ShapeBuilder
{
    /// <summary>Without a precision of its own: coordinates stay what they are.</summary>
    internal static GeometryFactory Factory { get; } = new(new PrecisionModel(), 0);

    /// <summary>A point; empty where a coordinate is no number.</summary>
    internal static Point PointOf(double x, double y) => double.IsFinite(x) && double.IsFinite(y) ? Factory.CreatePoint(new Coordinate(x, y)) : Factory.CreatePoint();

    /// <summary>A polygon of its rings, the shell first; empty where that is no ring.</summary>
    internal static Polygon PolygonOf(IEnumerable<Coordinate[]> rings)
    {
        LinearRing?[] closed = [.. rings.Select(RingOf)];
        return closed is [{ } shell, ..] ? Factory.CreatePolygon(shell, [.. closed.Skip(1).OfType<LinearRing>()]) : Factory.CreatePolygon();
    }

    /// <summary>The places of a vector.</summary>
    /// <exception cref="FormatException">A coordinate is no number.</exception>
    internal static Coordinate[] PlacesOf(ReadOnlySpan<double> xy)
    {
        var places = new Coordinate[xy.Length / 2];
        for (var i = 0; i < places.Length; i++)
        {
            var (x, y) = (xy[2 * i], xy[2 * i + 1]);
            places[i] = double.IsFinite(x) && double.IsFinite(y) ? new Coordinate(x, y) : throw new FormatException("a coordinate is no number");
        }
        return places;
    }

    private static LinearRing? RingOf(Coordinate[] places)
    {
        if (places.Length > 0 && !places[0].Equals2D(places[^1]))
        {
            places = [.. places, places[0].Copy()];
        }
        return places.Length >= 4 ? Factory.CreateLinearRing(places) : null;
    }
}
