using GeoSanitation.Server.Parameters;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Imports;

/// <summary>What the body of an import may be, for the OpenAPI document.</summary>
internal static class ImportBody
{
    /// <summary>A form with the file and what is said about it, or the file itself.</summary>
    /// <param name="fields">What may be said about it.</param>
    /// <param name="fileTypes">Media types of a file.</param>
    internal static OpenApiRequestBody Describe(IEnumerable<Parameter> fields, IEnumerable<string> fileTypes)
    {
        var form = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "file" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = "The file" } },
        };
        foreach (var field in fields)
        {
            var schema = (OpenApiSchema)field.Schema.CreateShallowCopy();
            (schema.Description, schema.Examples) = (field.Description, [field.Example.DeepClone()]);
            form.Properties[field.Name] = schema;
        }
        var content = fileTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } });
        content["multipart/form-data"] = new OpenApiMediaType { Schema = form };
        return new OpenApiRequestBody { Required = true, Description = "A form with the file and what is to be said about it; or the file itself, and what is to be said about it in the query.", Content = content };
    }
}
