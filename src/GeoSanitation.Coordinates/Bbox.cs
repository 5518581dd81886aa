namespace GeoSanitation.Coordinates;

/// <summary>A box of longitudes and latitudes, degrees, all four edges included.</summary>
/// <param name="West">Western edge, degrees.</param>
/// <param name="South">Southern edge, degrees.</param>
/// <param name="East">Eastern edge, degrees; less than <paramref name="West"/> when the box crosses the antimeridian.</param>
/// <param name="North">Northern edge, degrees.</param>
public readonly record struct Bbox(double West, double South, double East, double North)
{
    /// <summary>The whole earth.</summary>
    public static Bbox World { get; } = new(-180, -90, 180, 90);

    /// <summary>True when the box runs eastward over longitude 180.</summary>
    public bool CrossesAntimeridian => West > East;

    /// <summary>The middle of the box; its longitude is in [-180, 180].</summary>
    public LonLat Center
    {
        get
        {
            double lon = (West + (CrossesAntimeridian ? East + 360 : East)) / 2;
            return new LonLat(lon > 180 ? lon - 360 : lon, (South + North) / 2);
        }
    }

    /// <summary>True when the point lies in the box or on its edge.</summary>
    public bool Contains(LonLat point)
        => point.LatDegrees >= South && point.LatDegrees <= North && ContainsLon(point.LonDegrees);

    /// <summary>True when the two boxes share at least one point.</summary>
    public bool Intersects(Bbox other)
        => South <= other.North && other.South <= North
           && (ContainsLon(other.West) || other.ContainsLon(West));

    private bool ContainsLon(double lon)
        => CrossesAntimeridian ? lon >= West || lon <= East : lon >= West && lon <= East;
}
