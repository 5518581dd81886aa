using System.Reflection;
using System.Text;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace GeoSanitation.Server.Documents;

/// <summary>What the server says of itself: links to everything (<c>/api</c>), the OpenAPI document, and a page for people (<c>/docs</c>).</summary>
internal static class DocumentEndpoints
{
    /// <summary>Name of the OpenAPI document, and in its address.</summary>
    private const string DocumentName = "v1";

    /// <summary>Version of the program, without what a build adds to it.</summary>
    internal static string Version { get; } = typeof(DocumentEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static readonly Parameter Document = new("documentName", "Name of the document", new OpenApiSchema { Type = JsonSchemaType.String, Enum = [DocumentName] }, DocumentName);

    internal static void AddDocuments(this IServiceCollection services)
    {
        services.AddOpenApi(DocumentName, document =>
        {
            // HEAD answers as GET does; faces with a description of their own are in a group of theirs.
            document.ShouldInclude = endpoint => endpoint.HttpMethod != HttpMethods.Head && endpoint.GroupName is null;
            document.AddDocumentTransformer<DocumentHeader>();
            document.AddOperationTransformer<OperationDetails>();
            document.AddSchemaTransformer(ProblemSchema.TransformAsync);
        });
        services.AddOpenApiText(DocumentName, OpenApiSpecVersion.OpenApi3_1);
    }

    internal static void MapDocuments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api", ApiIndex.Of).WithName("GetApi").WithTags("Documents").OpenToAll().WithSummary("Links to everything that can be read here").Produces<ApiIndex>().HasTag();
        routes.MapGet($"/openapi/{DocumentName}.json", async (HttpContext context, [FromKeyedServices(DocumentName)] OpenApiText text)
            => await SmallAnswers.SendAsync(context, "application/json; charset=utf-8", Encoding.UTF8.GetBytes(await text.ForAsync(Links.Root(context.Request), context.RequestAborted)))).ExcludeFromDescription().OpenToAll();
        routes.MapScalarApiReference("/docs", page =>
        {
            page.Title = "GeoSanitation API";
            page.OpenApiRoutePattern = "/openapi/{documentName}.json";
            page.AddDocument(DocumentName);
            // Nothing of the page comes from elsewhere, and nothing of it goes there.
            page.DefaultFonts = false;
            page.Telemetry = false;
            page.ProxyUrl = null;
            page.HideClientButton = true;
            page.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            page.Agent = new ScalarAgentOptions { Disabled = true };
            page.Mcp = new ScalarMcpOptions { Disabled = true };
            page.DynamicBaseServerUrl = true;
            page.AddHeadContent("<script>document.documentElement.lang = 'en'</script>");
            // Its grey is too light to be read by everybody (WCAG 2.2, 1.4.3).
            page.CustomCss = ".sidebar-search-placeholder { color: #595959 } .dark-mode .sidebar-search-placeholder { color: #b5b5b5 }";
        }).OpenToAll().Takes(Document);
    }
}
