using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Documents;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Ogc.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Ogc;

/// <summary>Describes the OGC API by OpenAPI 3.0, as readers of it expect: paths from the landing page on, and the limit among the components.</summary>
internal static class OgcOpenApi
{
    internal const string DocumentName = "ogc";

    private const string Face = "/ogc";

    /// <summary>Answers with the description; as a page, with what can be done in words.</summary>
    internal static async Task RespondAsync(HttpContext context, string root)
    {
        OgcAnswer.RefuseUnknown(context.Request, [OgcAnswer.Form.Name]);
        var text = await context.RequestServices.GetRequiredKeyedService<OpenApiText>(DocumentName).ForAsync(root, context.RequestAborted);
        if (!OgcAnswer.WantsHtml(context.Request, OgcAnswer.Form.Read(context.Request.Query)))
        {
            await SmallAnswers.SendAsync(context, OgcDocuments.OpenApi, Encoding.UTF8.GetBytes(text));
            return;
        }
        var json = JsonNode.Parse(text)!.AsObject();
        var page = new JsonObject
        {
            ["description"] = (string?)json["info"]!["description"],
            ["operations"] = new JsonArray([.. json["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (JsonNode)new JsonObject
            {
                ["path"] = path.Key,
                ["method"] = operation.Key,
                ["summary"] = (string?)operation.Value!["summary"],
                ["parameters"] = new JsonArray([.. (operation.Value["parameters"] as JsonArray ?? []).Select(p => (JsonNode?)(string?)p!["name"])]),
            }))]),
        };
        await OgcAnswer.WriteHtmlAsync(context, page, "OGC API: operations");
    }

    /// <summary>Gives the paths from the landing page on, and the limit as a component, where QGIS looks for the size of its pages.</summary>
    internal static Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths)
        {
            paths[path.Length > Face.Length ? path[Face.Length..] : "/"] = item;
        }
        document.Paths = paths;
        document.Components!.Parameters ??= new Dictionary<string, IOpenApiParameter>();
        document.Components.Parameters["limit"] = new OpenApiParameter
        {
            Name = ItemParameters.Limit.Name,
            In = ParameterLocation.Query,
            Description = ItemParameters.Limit.Description,
            Schema = ItemParameters.Limit.Schema,
            Style = ParameterStyle.Form,
            Explode = false,
        };
        // QGIS offers filters of attributes only where it is said that they are not repeated; those of the issue filter may be.
        foreach (var parameter in paths.Values.SelectMany(p => p.Operations ?? []).SelectMany(o => o.Value.Parameters ?? []).OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Query))
        {
            parameter.Style = ParameterStyle.Form;
            parameter.Explode &= parameter.Schema?.Type == JsonSchemaType.Array;
        }
        // People are refused on a page (see OgcAnswer.RefuseAsync).
        foreach (var responses in paths.Values.SelectMany(p => p.Operations ?? []).Where(o => o.Key == HttpMethod.Get).Select(o => o.Value.Responses ?? []))
        {
            foreach (var refusal in responses.Where(r => r.Key is "400" or "404").Select(r => r.Value.Content).OfType<IDictionary<string, OpenApiMediaType>>())
            {
                refusal[OgcAnswer.Html] = new OpenApiMediaType();
            }
        }
        return Task.CompletedTask;
    }
}
