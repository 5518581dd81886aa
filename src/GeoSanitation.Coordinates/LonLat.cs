namespace GeoSanitation.Coordinates;

/// <summary>A place on the WGS 84 ellipsoid, always longitude first.</summary>
/// <param name="LonDegrees">Longitude, degrees, east positive.</param>
/// <param name="LatDegrees">Latitude, degrees, north positive.</param>
public readonly record struct LonLat(double LonDegrees, double LatDegrees)
{
    /// <summary>True for finite degrees with longitude in [-180, 180] and latitude in [-90, 90].</summary>
    public bool IsValid => Math.Abs(LonDegrees) <= 180 && Math.Abs(LatDegrees) <= 90;
}
