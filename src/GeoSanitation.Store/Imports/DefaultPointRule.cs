namespace GeoSanitation.Store.Imports;

/// <summary>
/// When a coordinate is taken for a geocoder's default point ("somewhere in the city"): at least <see cref="LeastRows"/> rows stand on it, and either they are
/// <see cref="ShareWithManyAddresses"/> of all rows and name <see cref="ManyAddresses"/> different addresses or more, or they are <see cref="ShareWithoutAddress"/>
/// of all rows and most name no address. All rows are those of the file and of the table together. A busy place has one address, and so is no default point.
/// </summary>
public static class DefaultPointRule
{
    /// <summary>Fewest rows on it.</summary>
    public const long LeastRows = 100;

    internal const double ShareWithManyAddresses = 0.005;
    internal const long ManyAddresses = 10;
    internal const double ShareWithoutAddress = 0.05;

    /// <summary>Whether the rule takes a coordinate for a default point, as the import's statement does.</summary>
    /// <param name="rows">Rows on it.</param>
    /// <param name="withAddress">Those that name an address.</param>
    /// <param name="addresses">Different addresses among them.</param>
    /// <param name="allRows">All rows there are.</param>
    public static bool Holds(long rows, long withAddress, long addresses, long allRows)
        => rows >= LeastRows
            && ((rows >= ShareWithManyAddresses * allRows && addresses >= ManyAddresses) || (rows >= ShareWithoutAddress * allRows && withAddress * 2 <= rows));
}
