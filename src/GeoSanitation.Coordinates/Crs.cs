namespace GeoSanitation.Coordinates;

/// <summary>
/// A coordinate system of the <see cref="CrsRegistry"/>. Coordinates in memory are always x = east, y = north (longitude,
/// latitude for a geographic system), whatever order the system has on the wire: see <see cref="AxisOrder"/>.
/// </summary>
/// <remarks>
/// Longitude and latitude are those of the system's own datum, taken as WGS 84 without a shift, as PROJ and PostGIS take them: CGCS2000 agrees
/// with it to centimeters, NAD83 to one or two meters (src/decisions/0002-no-datum-step.md). All members may be called from several threads
/// at once.
/// </remarks>
public sealed class Crs
{
    /// <summary>An answer at the antimeridian or a pole may pass it by the last bits of a double.</summary>
    private const double RoundingDegrees = 1e-9;

    private readonly BulkTransform _toLonLat;
    private readonly BulkTransform _fromLonLat;

    internal Crs(
        string name, string title, string uri, AxisOrder axisOrder, double? unitMeters, BulkTransform toLonLat, BulkTransform fromLonLat)
    {
        Name = name;
        Title = title;
        Uri = uri;
        AxisOrder = axisOrder;
        IsGeographic = unitMeters is null;
        UnitMeters = unitMeters ?? double.NaN;
        _toLonLat = toLonLat;
        _fromLonLat = fromLonLat;
    }

    /// <summary>Replaces coordinates in place. It is given finite numbers, and valid places where it takes longitude and latitude.</summary>
    internal delegate void BulkTransform(Span<double> x, Span<double> y);

    /// <summary>Short name: <c>EPSG:4547</c>, <c>CRS84</c>, <c>GCJ02</c>, <c>BD09</c>.</summary>
    public string Name { get; }

    /// <summary>Name for people: <c>CGCS2000 / 3-degree Gauss-Kruger CM 114E</c>.</summary>
    public string Title { get; }

    /// <summary>OGC URI; for GCJ02 and BD09, which have none, a URN of our own. <see cref="CrsRegistry.Find"/> takes it back.</summary>
    public string Uri { get; }

    /// <summary>The EPSG code, or null for CRS84, GCJ02 and BD09.</summary>
    public int? EpsgCode => Name.StartsWith("EPSG:", StringComparison.Ordinal) ? int.Parse(Name.AsSpan(5)) : null;

    /// <summary>The order of the axes on the wire; in memory it is always east, north.</summary>
    public AxisOrder AxisOrder { get; }

    /// <summary>True when coordinates are degrees, false when they are lengths on a plane.</summary>
    public bool IsGeographic { get; }

    /// <summary>Meters in one unit of x and y; NaN for a geographic system.</summary>
    public double UnitMeters { get; }

    /// <summary>From this system to longitude and latitude.</summary>
    /// <param name="x">Easting in the system's unit, or longitude in degrees.</param>
    /// <param name="y">Northing in the system's unit, or latitude in degrees.</param>
    /// <returns>The place; NaN for both when the coordinates are no place on earth.</returns>
    public LonLat ToLonLat(double x, double y)
    {
        ToLonLatInPlace(new Span<double>(ref x), new Span<double>(ref y));
        return new LonLat(x, y);
    }

    /// <summary>From longitude and latitude to this system.</summary>
    /// <returns>Easting and northing in the system's unit (degrees when geographic); NaN for both when <paramref name="place"/>
    /// is not valid or cannot be drawn in this system.</returns>
    public (double X, double Y) FromLonLat(LonLat place)
    {
        var (x, y) = place;
        FromLonLatInPlace(new Span<double>(ref x), new Span<double>(ref y));
        return (x, y);
    }

    /// <summary>From this system to longitude and latitude, many points at once.</summary>
    /// <param name="x">Eastings or longitudes, length n.</param>
    /// <param name="y">Northings or latitudes, length n.</param>
    /// <param name="lonDegrees">Output, length n; may be the memory of <paramref name="x"/>. NaN where there is no such place.</param>
    /// <param name="latDegrees">Output, length n; may be the memory of <paramref name="y"/>.</param>
    /// <exception cref="ArgumentException">The four lengths differ.</exception>
    public void ToLonLat(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> lonDegrees, Span<double> latDegrees)
    {
        Copy(x, y, lonDegrees, latDegrees);
        ToLonLatInPlace(lonDegrees, latDegrees);
    }

    /// <summary>From longitude and latitude to this system, many points at once.</summary>
    /// <param name="lonDegrees">Longitudes, length n.</param>
    /// <param name="latDegrees">Latitudes, length n.</param>
    /// <param name="x">Output, length n; may be the memory of <paramref name="lonDegrees"/>. NaN where the place cannot be drawn.</param>
    /// <param name="y">Output, length n; may be the memory of <paramref name="latDegrees"/>.</param>
    /// <exception cref="ArgumentException">The four lengths differ.</exception>
    public void FromLonLat(ReadOnlySpan<double> lonDegrees, ReadOnlySpan<double> latDegrees, Span<double> x, Span<double> y)
    {
        Copy(lonDegrees, latDegrees, x, y);
        FromLonLatInPlace(x, y);
    }

    /// <summary>The short name.</summary>
    public override string ToString() => Name;

    private static void Copy(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> xOut, Span<double> yOut)
    {
        if (y.Length != x.Length || xOut.Length != x.Length || yOut.Length != x.Length)
        {
            throw new ArgumentException($"lengths differ: {x.Length}, {y.Length}, {xOut.Length}, {yOut.Length}");
        }

        x.CopyTo(xOut);
        y.CopyTo(yOut);
    }

    private void FromLonLatInPlace(Span<double> lon, Span<double> lat)
    {
        int start = 0;
        for (int i = 0; i < lon.Length; i++)
        {
            if (!new LonLat(lon[i], lat[i]).IsValid)
            {
                _fromLonLat(lon[start..i], lat[start..i]);
                (lon[i], lat[i]) = (double.NaN, double.NaN);
                start = i + 1;
            }
        }

        _fromLonLat(lon[start..], lat[start..]);
    }

    private void ToLonLatInPlace(Span<double> x, Span<double> y)
    {
        int start = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
            {
                _toLonLat(x[start..i], y[start..i]);
                start = i + 1;
            }
        }

        _toLonLat(x[start..], y[start..]);
        for (int i = 0; i < x.Length; i++)
        {
            double lon = Math.Clamp(x[i], -180, 180), lat = Math.Clamp(y[i], -90, 90);
            bool isPlace = Math.Abs(lon - x[i]) <= RoundingDegrees && Math.Abs(lat - y[i]) <= RoundingDegrees;
            (x[i], y[i]) = isPlace ? (lon, lat) : (double.NaN, double.NaN);
        }
    }
}
