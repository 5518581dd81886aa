using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Projections;
using ProjNet.CoordinateSystems.Transformations;

namespace GeoSanitation.Coordinates;

/// <summary>How a projected system is made from longitude and latitude: its numbers, as EPSG publishes them.</summary>
/// <param name="Method">Projection method, one of the constants below.</param>
/// <param name="Datum">Datum by its WKT 1 name.</param>
/// <param name="Ellipsoid">Reference ellipsoid of the datum.</param>
/// <param name="LatOriginDegrees">Latitude of origin.</param>
/// <param name="LonOriginDegrees">Central meridian.</param>
/// <param name="Scale">Scale on the central meridian.</param>
/// <param name="FalseEasting">Easting of the origin, in the system's own unit.</param>
/// <param name="FalseNorthing">Northing of the origin, in the system's own unit.</param>
/// <param name="UnitMeters">Meters in one unit.</param>
/// <param name="Parallel1Degrees">The northern standard parallel, for the conic method only.</param>
/// <param name="Parallel2Degrees">The southern one.</param>
internal sealed record PlaneProjection(
    string Method,
    string Datum,
    Ellipsoid Ellipsoid,
    double LatOriginDegrees,
    double LonOriginDegrees,
    double Scale,
    double FalseEasting,
    double FalseNorthing,
    double UnitMeters,
    double Parallel1Degrees = 0,
    double Parallel2Degrees = 0)
{
    public const string TransverseMercator = KruegerTransverseMercator.Method;
    public const string LambertConic = "Lambert_Conformal_Conic_2SP";
    public const string PseudoMercator = "Popular Visualisation Pseudo-Mercator";

    private static readonly AxisInfo LonAxis = new("Lon", AxisOrientationEnum.East);
    private static readonly AxisInfo LatAxis = new("Lat", AxisOrientationEnum.North);
    private static readonly AxisInfo EastAxis = new("East", AxisOrientationEnum.East);
    private static readonly AxisInfo NorthAxis = new("North", AxisOrientationEnum.North);

    private MathTransform? _project;
    private MathTransform? _unproject;

    static PlaneProjection() => ProjectionsRegistry.Register(KruegerTransverseMercator.Method, typeof(KruegerTransverseMercator));

    /// <summary>Longitude and latitude in degrees to x, y in the plane's unit, in place; NaN for a place that the plane cannot show.</summary>
    public void Project(Span<double> lon, Span<double> lat)
    {
        if (Method != TransverseMercator)
        {
            // A pole is infinitely far away on the Mercator plane, and one of them is on the conic: ProjNet throws there.
            for (int i = 0; i < lat.Length; i++)
            {
                if (Math.Abs(lat[i]) >= 90)
                {
                    (lon[i], lat[i]) = (double.NaN, double.NaN);
                }
            }
        }

        LazyInitializer.EnsureInitialized(ref _project, ToMathTransform).Transform(lon, lat);
    }

    /// <summary>Finite x, y in the plane's unit to longitude and latitude in degrees, in place; NaN or nonsense degrees for no place.</summary>
    public void Unproject(Span<double> x, Span<double> y)
        => LazyInitializer.EnsureInitialized(ref _unproject, () => ToMathTransform().Inverse()).Transform(x, y);

    /// <summary>ProjNet's transformation from the projection's own longitude and latitude; no datum step.</summary>
    private MathTransform ToMathTransform()
    {
        var factory = new CoordinateSystemFactory();
        var datum = factory.CreateHorizontalDatum(Datum, DatumType.HD_Geocentric, Ellipsoid, toWgs84: null);
        var lonLat = factory.CreateGeographicCoordinateSystem(
            Datum, AngularUnit.Degrees, datum, PrimeMeridian.Greenwich, LonAxis, LatAxis);
        var plane = factory.CreateProjectedCoordinateSystem(
            Method, lonLat, factory.CreateProjection(Method, Method, [.. Parameters()]),
            new LinearUnit(UnitMeters, "unit", "", 0, "", "", ""), EastAxis, NorthAxis);
        return new CoordinateTransformationFactory().CreateFromCoordinateSystems(lonLat, plane).MathTransform;
    }

    private IEnumerable<ProjectionParameter> Parameters()
    {
        yield return new("latitude_of_origin", LatOriginDegrees);
        yield return new("central_meridian", LonOriginDegrees);
        yield return new("false_easting", FalseEasting);
        yield return new("false_northing", FalseNorthing);
        if (Method == LambertConic)
        {
            yield return new("standard_parallel_1", Parallel1Degrees);
            yield return new("standard_parallel_2", Parallel2Degrees);
        }
        else
        {
            yield return new("scale_factor", Scale);
        }
    }
}
