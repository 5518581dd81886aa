namespace GeoSanitation.Store.Imports;

/// <summary>
/// When a coordinate is taken for a geocoder's default point ("somewhere in the city"): at least <see cref="LeastRows"/> rows stand on it, and either they are
/// <see cref="ShareWithManyAddresses"/> of all rows and name <see cref="ManyAddresses"/> different addresses or more, or they are <see cref="ShareWithoutAddress"/>
/// of all rows and most name no address. All rows are those of the file and of the table together. A busy place has one address, and so is no default point.
/// </summary>
internal static class DefaultPointRule
{
    internal const long LeastRows = 100;
    internal const double ShareWithManyAddresses = 0.005;
    internal const long ManyAddresses = 10;
    internal const double ShareWithoutAddress = 0.05;
}
