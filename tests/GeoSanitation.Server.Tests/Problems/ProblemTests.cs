using GeoSanitation.Coordinates;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace GeoSanitation.Server.Problems;

public class ProblemTests
{
    [Fact]
    public void An_unknown_coordinate_system_is_the_callers_mistake()
    {
        var problem = Problem.Describe(Assert.Throws<UnknownCrsException>(() => CrsRegistry.Find("EPSG:1")));

        Assert.Equal(StatusCodes.Status400BadRequest, problem.Status);
        Assert.Equal("crs", problem.Extensions["parameter"]);
        Assert.Equal("EPSG:1", problem.Extensions["value"]);
        Assert.StartsWith("crs was EPSG:1; it must be one of CRS84, EPSG:4326", problem.Detail, StringComparison.Ordinal);
    }
}
