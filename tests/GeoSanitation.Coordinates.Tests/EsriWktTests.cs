using Xunit;

namespace GeoSanitation.Coordinates.Tests;

public class EsriWktTests
{
    [Fact]
    public void Every_system_is_read_back_from_what_a_prj_file_says()
    {
        var told = CrsRegistry.All.Where(c => CrsRegistry.ToWkt(c) is not null).ToList();
        Assert.True(told.Count > 180);
        // Longitude comes first in a Shapefile, whatever the definition says.
        Assert.All(told, crs => Assert.Equal(crs == CrsRegistry.Crs84 ? "EPSG:4326" : crs.Name, CrsRegistry.FromWkt(CrsRegistry.ToWkt(crs)!).Name));
        Assert.Null(CrsRegistry.ToWkt(CrsRegistry.Gcj02));
        Assert.Null(CrsRegistry.ToWkt(CrsRegistry.Bd09));
    }
}
