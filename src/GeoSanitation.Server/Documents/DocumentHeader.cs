using GeoSanitation.Server.Security;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Documents;

/// <summary>What the OpenAPI document says of the whole: title, keys, and what the groups are.</summary>
internal sealed class DocumentHeader : IOpenApiDocumentTransformer
{
    /// <summary>Names of the two ways to show a key.</summary>
    internal const string Bearer = "bearer", KeyHeader = "key_header";

    private static readonly (string Name, string Description)[] Groups =
    [
        ("Issues", "One sanitation problem at one point each: lists, single ones, their lives and histories."),
        ("Wards", "Polygons that somebody answers for, in a tree from the county to the unit grid."),
        ("Reference", "The taxonomy of problems, and inspection rounds."),
        ("Hotspots", "Where problems concentrate, and whether that is more than chance. Every answer explains itself in the member `explain`."),
        ("Tiles", "Vector tiles, heatmap pictures, the TileJSON that describes them, and map styles that draw them."),
        ("Imports", "Files of issues or wards, as jobs with progress."),
        ("Open311", "Open311 GeoReport v2: issues as service requests, and service requests that become issues. Refusals are in that protocol's own form."),
        ("Wms", "Maps as pictures, for portals that take nothing else. Refusals are service exceptions."),
        ("Catalog", "What there is, for portals that harvest, programs that subscribe and search engines."),
        ("GeoServices", "The same data as an Esri FeatureServer, for ArcGIS, QGIS, GDAL and Esri Leaflet."),
        ("Exports", "Layers as files to take away."),
        ("Documents", "What the server says of itself."),
        ("Health", "For load balancers and supervisors."),
    ];

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "GeoSanitation",
            Version = DocumentEndpoints.Version,
            Description = """
                Shows a city where its sanitation problems concentrate, whether that is real, new or coming back, who answers for it, and whether it got fixed.

                Coordinates are longitude and latitude (WGS 84) unless `crs` says otherwise; distances are meters; times are RFC 3339, UTC. JSON names are snake_case, feature bodies are
                GeoJSON (RFC 7946). Answers carry an `ETag`, equal for equal bytes; with `If-None-Match` an answer that the caller has, packed or not, is not sent again (304). `HEAD` is possible wherever `GET` is.
                A parameter that an address does not take is refused. Refusals are problem details (RFC 9457) that name the parameter, the value seen and what is allowed.
                Reading is open unless the operator closed it; writing takes an API key (`./geosan key add`) of the role that the operation names.
                """,
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "gs_...", Description = "The API key in the header Authorization." },
            [KeyHeader] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = AccessMiddleware.KeyHeader,
                Description = "The same key in a header of its own.",
            },
        };
        var used = document.Paths.Values.SelectMany(path => path.Operations ?? []).SelectMany(operation => operation.Value.Tags ?? new HashSet<OpenApiTagReference>()).Select(tag => tag.Name!).ToHashSet();
        document.Tags = new HashSet<OpenApiTag>([.. Groups.Where(g => used.Contains(g.Name)).Select(g => new OpenApiTag { Name = g.Name, Description = g.Description })]);
        foreach (var name in used.Where(name => Groups.All(g => g.Name != name)))
        {
            document.Tags.Add(new OpenApiTag { Name = name });
        }
        return Task.CompletedTask;
    }
}
