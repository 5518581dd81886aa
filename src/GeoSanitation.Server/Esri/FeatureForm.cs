using GeoSanitation.Coordinates;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>A form that a set of features is written in, one feature at a time while their rows are read.</summary>
/// <param name="fields">The fields of each.</param>
/// <param name="hasPoints">Whether shapes are points; null where there are no shapes.</param>
/// <param name="shapes">How shapes are written.</param>
internal abstract class FeatureForm(IReadOnlyList<EsriField> fields, bool? hasPoints, OutputShapes shapes)
{
    /// <summary>Media type of the answer.</summary>
    internal abstract string MediaType { get; }

    protected IReadOnlyList<EsriField> Fields { get; } = fields;

    protected bool? HasPoints { get; } = hasPoints;

    protected OutputShapes Shapes { get; } = shapes;

    protected Crs Crs => Shapes.Crs;

    /// <summary>Begins the set.</summary>
    internal abstract void Begin();

    /// <summary>Writes a feature.</summary>
    /// <param name="values">Values of the fields: string, long, double or null.</param>
    /// <param name="shape">Its shape in the answer's system; null for none.</param>
    internal abstract void Write(IReadOnlyList<object?> values, Geometry? shape);

    /// <summary>Sends what is written, once it is worth a packet.</summary>
    internal abstract ValueTask FlushIfFullAsync(CancellationToken cancellation);

    /// <summary>Ends the set and sends all of it.</summary>
    /// <param name="isCut">Whether there are more features than were written.</param>
    /// <param name="cancellation">Cancels.</param>
    internal abstract Task EndAsync(bool isCut, CancellationToken cancellation);

    /// <summary>The rings of a shape, the outside of each polygon first, in the direction that a form wants.</summary>
    protected static IEnumerable<Coordinate[][]> PolygonsOf(Geometry shape, bool outsidesClockwise)
    {
        for (var i = 0; i < shape.NumGeometries; i++)
        {
            if (shape.GetGeometryN(i) is Polygon { IsEmpty: false } polygon)
            {
                yield return [Turned(polygon.Shell, outsidesClockwise), .. polygon.Holes.Select(h => Turned(h, !outsidesClockwise))];
            }
        }

        static Coordinate[] Turned(LinearRing ring, bool clockwise) => Orientation.IsCCW(ring.CoordinateSequence) == clockwise ? [.. ring.Coordinates.Reverse()] : ring.Coordinates;
    }

    /// <summary>A ring on the grid: without repetitions in a view, and null when nothing is left of it there.</summary>
    protected static List<(long X, long Y)>? OnGrid(Coordinate[] ring, Grid grid)
    {
        var places = new List<(long X, long Y)>(ring.Length);
        foreach (var corner in ring)
        {
            var place = grid.Of(corner);
            if (!grid.IsView || places.Count == 0 || places[^1] != place)
            {
                places.Add(place);
            }
        }
        return places.Count >= 4 || !grid.IsView ? places : null;
    }
}
