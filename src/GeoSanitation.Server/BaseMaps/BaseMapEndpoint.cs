using GeoSanitation.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.BaseMaps;

/// <summary>Base maps of others that the operator offers; none unless they are set, so that nothing is asked of anybody.</summary>
internal static class BaseMapEndpoint
{
    internal static void MapBaseMaps(this IEndpointRouteBuilder routes, IReadOnlyList<BaseMap> maps)
        => routes.MapGet("/api/base-maps", () => TypedResults.Ok(new BaseMapList(maps))).WithName("GetBaseMaps").WithTags("Map")
            .WithSummary("Base maps of others that the operator offers on the planners' map, with the addresses of their tiles; none unless they are set").HasTag();
}

/// <summary>All base maps that are offered.</summary>
/// <param name="BaseMaps">In the order of the settings.</param>
internal sealed record BaseMapList(IReadOnlyList<BaseMap> BaseMaps);
