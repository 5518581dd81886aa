using System.Diagnostics.CodeAnalysis;
using GeoSanitation.Coordinates;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Shapes where a map of mainland China in GCJ-02 shows them.</summary>
internal static class Gcj02Shift
{
    /// <summary>A shifted copy of a shape in longitude and latitude; null for null.</summary>
    [return: NotNullIfNotNull(nameof(shape))]
    internal static Geometry? Of(Geometry? shape)
    {
        if (shape is null)
        {
            return null;
        }
        var copy = shape.Copy();
        copy.Apply(new Shift());
        copy.GeometryChanged();
        return copy;
    }

    private sealed class Shift : IEntireCoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence)
        {
            for (var i = 0; i < sequence.Count; i++)
            {
                var (lon, lat) = Gcj02.FromWgs84(new LonLat(sequence.GetX(i), sequence.GetY(i)));
                sequence.SetOrdinate(i, Ordinate.X, lon);
                sequence.SetOrdinate(i, Ordinate.Y, lat);
            }
        }
    }
}
