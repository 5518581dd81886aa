using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Parameters;

/// <summary>What an endpoint takes.</summary>
/// <param name="Parameters">Those of the path, the query and the headers.</param>
internal sealed record TakenParameters(IReadOnlyList<Parameter> Parameters);

/// <summary>Marks an endpoint that reads whatever query it is given: somebody else's protocol, with refusals of its own.</summary>
internal sealed record AnyParameters;

/// <summary>Which parameters an endpoint takes, in one line of its route; see <see cref="ParameterMiddleware"/>. One that says nothing takes none.</summary>
internal static class ParameterRules
{
    /// <summary>Says what an endpoint takes, beside what its group and other lines say.</summary>
    internal static T Takes<T>(this T routes, params IEnumerable<Parameter> parameters)
        where T : IEndpointConventionBuilder
        => routes.WithMetadata(new TakenParameters([.. parameters]));

    /// <summary>Leaves the query to the endpoint.</summary>
    internal static T TakesAnything<T>(this T routes)
        where T : IEndpointConventionBuilder
        => routes.WithMetadata(new AnyParameters());

    /// <summary>All that an endpoint takes.</summary>
    internal static IEnumerable<Parameter> Of(EndpointMetadataCollection metadata) => metadata.GetOrderedMetadata<TakenParameters>().SelectMany(t => t.Parameters).Distinct();
}
