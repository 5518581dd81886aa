namespace GeoSanitation.Hotspots;

/// <summary>A parameter that was chosen from the data because the caller gave none.</summary>
/// <param name="Meters">The value, meters.</param>
/// <param name="Rule">Short name of the rule, stable, for programs: <c>k-distance-knee</c>, <c>esri-default-radius</c> ...</param>
/// <param name="Reason">One English sentence with the numbers that led to the value, for people.</param>
public sealed record Choice(double Meters, string Rule, string Reason);
