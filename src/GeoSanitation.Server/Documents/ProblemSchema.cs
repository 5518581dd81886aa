using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Documents;

/// <summary>The members that our problem details have beside those of RFC 9457.</summary>
internal static class ProblemSchema
{
    internal static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (context.JsonTypeInfo.Type == typeof(ProblemDetails) && context.JsonPropertyInfo is null && schema.Properties is { } members)
        {
            schema.Description = "What was wrong with a request (RFC 9457).";
            members["parameter"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The parameter, or the member of the body, that is not what it must be." };
            members["value"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = "The value seen; null when there was none." };
            members["allowed"] = new OpenApiSchema { Description = "What is allowed: in words, or the list of what can be done instead." };
        }
        return Task.CompletedTask;
    }
}
