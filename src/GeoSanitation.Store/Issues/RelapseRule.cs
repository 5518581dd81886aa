namespace GeoSanitation.Store.Issues;

/// <summary>How near and how soon a new issue makes a closed one a relapse.</summary>
/// <param name="DistanceMeters">Farthest two places may be apart, meters, on the ellipsoid.</param>
/// <param name="Days">Longest time from closing to the new report, days of 24 hours.</param>
public sealed record RelapseRule(double DistanceMeters, double Days);
