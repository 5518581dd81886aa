using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Coordinates;

/// <summary>Every system of the registry against PROJ on a grid of points, forwards and backwards, within 1 mm.</summary>
public class AgreementWithProjTests
{
    private const double ToleranceMeters = 0.001;

    public static TheoryData<string> EverySystemOfEpsg()
        => [.. CrsRegistry.All.Where(crs => crs.EpsgCode is not null).Select(crs => crs.Name)];

    [ProgramTheory("cs2cs")]
    [MemberData(nameof(EverySystemOfEpsg))]
    public void Within_a_millimeter_of_PROJ_both_ways(string name)
    {
        var crs = CrsRegistry.Find(name);
        var places = Grid(crs);
        var proj = Proj.Transform(BaseOf(crs), name, [.. places.Select(place => (place.LatDegrees, place.LonDegrees))]);

        double unitMeters = crs.IsGeographic ? 111_320 : crs.UnitMeters;
        for (int i = 0; i < places.Count; i++)
        {
            var (x, y) = crs.FromLonLat(places[i]);
            var (first, second) = crs.AxisOrder.ToWire(x, y);
            AssertNear(proj[i].First, first, unitMeters, places[i]);
            AssertNear(proj[i].Second, second, unitMeters, places[i]);

            var (east, north) = crs.AxisOrder.FromWire(proj[i].First, proj[i].Second);
            var back = crs.ToLonLat(east, north);
            double parallelMeters = 111_320 * Math.Cos(places[i].LatDegrees * Math.PI / 180);
            AssertNear(0, Math.IEEERemainder(back.LonDegrees - places[i].LonDegrees, 360), parallelMeters, places[i]);
            AssertNear(places[i].LatDegrees, back.LatDegrees, 111_700, places[i]);
        }
    }

    [ProgramTheory("cs2cs")]
    [InlineData("EPSG:4547", 114.3)]
    [InlineData("EPSG:4523", 104.9)]
    public void WGS_84_and_CGCS2000_are_one_frame_for_PROJ_too(string name, double lon)
    {
        var crs = CrsRegistry.Find(name);
        var (first, second) = Proj.Transform("EPSG:4326", name, [(30.25, lon)]).Single();
        var (x, y) = crs.FromLonLat(new LonLat(lon, 30.25));
        AssertNear(first, y, 1, new LonLat(lon, 30.25));
        AssertNear(second, x, 1, new LonLat(lon, 30.25));
    }

    [ProgramTheory("cs2cs")]
    [InlineData("EPSG:32650", 117)]
    [InlineData("EPSG:4547", 114)]
    [InlineData("EPSG:3435", -88.5)]
    public void Still_within_a_millimeter_forty_degrees_off_the_central_meridian(string name, double meridian)
    {
        var crs = CrsRegistry.Find(name);
        List<LonLat> places = [.. from off in (double[])[-40, -30, -20, -10, 10, 20, 30, 40]
                                  from lat in (double[])[-60, -20, 0, 5, 45, 85]
                                  select new LonLat(meridian + off, lat)];
        var proj = Proj.Transform(BaseOf(crs), name, [.. places.Select(place => (place.LatDegrees, place.LonDegrees))]);
        foreach (var (place, expected) in places.Zip(proj))
        {
            var (x, y) = crs.FromLonLat(place);
            var (first, second) = crs.AxisOrder.ToWire(x, y);
            AssertNear(expected.First, first, crs.UnitMeters, place);
            AssertNear(expected.Second, second, crs.UnitMeters, place);
        }
    }

    private static string BaseOf(Crs crs)
        => crs.Title.StartsWith("CGCS2000", StringComparison.Ordinal) ? "EPSG:4490"
            : crs.Title.StartsWith("NAD83", StringComparison.Ordinal) ? "EPSG:4269"
            : "EPSG:4326";

    /// <summary>The system's own area and a good way beyond it: zones two widths off their meridian, state planes over the whole state.</summary>
    private static List<LonLat> Grid(Crs crs)
    {
        if (crs.IsGeographic || crs == CrsRegistry.WebMercator)
        {
            return Grid(-180, 179, 12, -85, 85, 8);
        }

        if (crs.EpsgCode is 2249 or 3435)
        {
            return crs.EpsgCode == 2249 ? Grid(-74, -69, 11, 40, 44, 9) : Grid(-91.5, -86, 11, 36, 43, 9);
        }

        double meridian = Places.Meridian(crs);
        bool south = crs.EpsgCode > 32700;
        return crs.EpsgCode < 32600
            ? Grid(meridian - 5, meridian + 5, 11, 0, 60, 7)
            : Grid(meridian - 6, meridian + 6, 13, south ? -80 : 0, south ? 0 : 84, 7);
    }

    private static List<LonLat> Grid(double west, double east, int columns, double south, double north, int rows)
        => [.. from column in Enumerable.Range(0, columns)
               from row in Enumerable.Range(0, rows)
               let lon = west + (east - west) * column / (columns - 1)
               select new LonLat(Math.IEEERemainder(lon, 360), south + (north - south) * row / (rows - 1))];

    private static void AssertNear(double expected, double actual, double unitMeters, LonLat place)
        => Assert.True(
            Math.Abs(expected - actual) * unitMeters < ToleranceMeters,
            $"{place}: PROJ {expected:R}, ours {actual:R}, {Math.Abs(expected - actual) * unitMeters:e2} m apart");
}
