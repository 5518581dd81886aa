using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Security;
using GeoSanitation.Store.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Documents;

/// <summary>Adds to an operation what its route says in one line each: the parameters that it takes, the key that it asks for, the media types of its answers, and that these have ETags.</summary>
internal sealed class OperationDetails : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = new EndpointMetadataCollection(context.Description.ActionDescriptor.EndpointMetadata);
        var isRead = context.Description.HttpMethod == HttpMethods.Get;
        var hasTag = operation.Responses?.ContainsKey("304") == true;
        NameMediaTypes(operation, metadata);
        operation.Parameters = [.. ParameterRules.Of(metadata).Select(p => Describe(p, context.Description.RelativePath!))];
        if (hasTag && operation.Responses!["200"] is OpenApiResponse answer)
        {
            answer.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["ETag"] = new OpenApiHeader { Description = "Equal as long as the answer is", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            };
            ((OpenApiResponse)operation.Responses["304"]).Description = "The caller has this answer";
        }
        if (metadata.GetMetadata<RequiredRole>() is { } required)
        {
            Ask(required.Roles);
        }
        else if (!isRead && metadata.GetMetadata<OnlyReads>() is null)
        {
            Ask([]);
        }
        return Task.CompletedTask;

        void Ask(IReadOnlyList<string> roles)
        {
            operation.Security = [Requirement(DocumentHeader.Bearer), Requirement(DocumentHeader.KeyHeader)];
            var who = string.Join(" or ", roles.Append(Roles.Administrator).Distinct());
            operation.Description = $"{(operation.Description is { Length: > 0 } text ? text + "\n\n" : "")}Takes a key of role {who}.";
        }

        OpenApiSecurityRequirement Requirement(string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
    }

    /// <summary>Names the media types of bodies that no .NET type stands for: their routes say them, and the generator leaves them out.</summary>
    private static void NameMediaTypes(OpenApiOperation operation, EndpointMetadataCollection metadata)
    {
        foreach (var answer in metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>())
        {
            if (operation.Responses?[$"{answer.StatusCode}"] is OpenApiResponse { Content: null or { Count: 0 } } response)
            {
                response.Content = answer.ContentTypes.ToDictionary(type => type, type => new OpenApiMediaType { Schema = type.EndsWith("json", StringComparison.Ordinal) ? new OpenApiSchema { Type = JsonSchemaType.Object } : null });
            }
        }
    }

    private static OpenApiParameter Describe(Parameter parameter, string path)
    {
        var inPath = path.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal);
        return new OpenApiParameter
        {
            Name = parameter.Name,
            In = inPath ? ParameterLocation.Path : parameter.InHeader ? ParameterLocation.Header : ParameterLocation.Query,
            Required = inPath || parameter.Required,
            Description = parameter.Description,
            Schema = parameter.Schema,
            Example = parameter.Example.DeepClone(),
            // Lists come as several parameters of a name, or as one with commas.
            Style = parameter.Schema.Type == JsonSchemaType.Array ? ParameterStyle.Form : null,
            Explode = parameter.Schema.Type == JsonSchemaType.Array && parameter.Repeats,
        };
    }
}
