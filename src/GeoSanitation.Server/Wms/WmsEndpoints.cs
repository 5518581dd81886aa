using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Wms;

/// <summary>Pictures of maps for portals that take nothing else: OGC WMS 1.3.0 and 1.1.1.</summary>
internal static class WmsEndpoints
{
    private const string Root = "/wms";

    private static readonly string[] Operations = ["GetCapabilities", "GetMap", "GetFeatureInfo", "GetLegendGraphic"];

    // What is not known is passed over, so these are here for the document; in any case, keys are alike in upper and lower case.
    private static readonly Parameter[] Described =
    [
        new Parameter("request", "What is asked for", new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Operations.Select(o => (System.Text.Json.Nodes.JsonNode)o)] }, Operations[0]) { Required = true },
        new("service", "Name of the protocol", Parameter.Pattern("^WMS$"), "WMS"),
        new("version", "1.3.0 or 1.1.1", Parameter.Pattern(@"^\d(\.\d+)*$"), "1.3.0"),
        new("layers", $"Layers with commas between, the lowest first: {string.Join(", ", WmsLayer.All.Select(l => l.Name))}", Parameter.Pattern("^[a-z]+(,[a-z]+)*$"), "heatmap,wards"),
        new("styles", "A style for each layer, or nothing", Parameter.Pattern("^[a-z,]*$"), "default,named"),
        new("crs", "System of the box; srs in 1.1.1", new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. MapView.Systems.Select(s => (System.Text.Json.Nodes.JsonNode)MapView.NameOf(s))] }, "EPSG:3857"),
        new("bbox", "The box, in 1.3.0 with the axes in the order of the system", Parameter.Numbers(4), new System.Text.Json.Nodes.JsonArray(12535000, 3815000, 12555000, 3835000)),
        new("width", "Pixels", new OpenApiSchema { Type = JsonSchemaType.Integer }, 512),
        new("height", "Pixels", new OpenApiSchema { Type = JsonSchemaType.Integer }, 512),
        new("format", "image/png or image/jpeg", Parameter.Pattern("^image/(png|jpeg)"), "image/png"),
        new("transparent", "TRUE for a clear background", Parameter.Pattern("^(?i)(true|false)$"), "TRUE"),
        new("time", "When issues were reported: a time, a day, or two with a slash between", Parameter.Pattern("^.+$"), "2025-01-01/2025-06-30"),
        new("query_layers", "Layers that GetFeatureInfo is to tell of", Parameter.Pattern("^[a-z]+(,[a-z]+)*$"), "issues"),
        new("i", "Column of the pixel; x in 1.1.1", new OpenApiSchema { Type = JsonSchemaType.Integer }, 256),
        new("j", "Row of the pixel; y in 1.1.1", new OpenApiSchema { Type = JsonSchemaType.Integer }, 256),
        new("info_format", "Format of what GetFeatureInfo tells", Parameter.Pattern("^.+/.+$"), FeatureInfo.Formats[0]),
    ];

    internal static void AddWms(this IServiceCollection services) => services.AddSingleton<HotspotLayer>().AddSingleton<MapEndpoint>().AddSingleton<FeatureInfo>();

    internal static void MapWms(this IEndpointRouteBuilder routes)
        => routes.MapGet(Root, GetWms).WithName("GetWms").WithTags("Wms").RefusesBy(Root, Refusal.WriteAsync).TakesAnything()
            .Takes(Described).Takes(IssueFilterQuery.Parameters.Where(p => p.Name is not "bbox" and not "datetime")).Takes(HeatmapParameters.Parameters)
            .WithSummary("Maps as pictures by OGC WMS 1.3.0 and 1.1.1: heatmap, hotspots, issues, wards")
            .WithDescription("GetCapabilities, GetMap, GetFeatureInfo and GetLegendGraphic. The issue filter applies, TIME being its datetime, and so do the parameters of the heatmap. "
                + "Keys are alike in upper and lower case, and unknown ones are passed over, as the protocol has it. Refusals are service exceptions.")
            .Produces(200, contentType: "text/xml", additionalContentTypes: ["image/png", "image/jpeg", "text/html", "text/plain"]).Produces(304).Produces(400, contentType: "text/xml");

    private static Task GetWms(HttpContext context, MapEndpoint maps, FeatureInfo info, Database database, Settings settings, DataSnapshots data, WardSnapshots wards)
    {
        var query = new WmsQuery(context.Request.Query);
        if (query.Text("service") is { } service && !service.Equals("WMS", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadParameterException("service", service, "WMS");
        }
        var asked = query.Required("request", "one of " + string.Join(", ", Operations));
        if (asked.Equals("GetCapabilities", StringComparison.OrdinalIgnoreCase))
        {
            return GetCapabilities(context, query, database, settings, data, wards);
        }
        if (query.Text("version") is { } version && version is not ("1.3.0" or "1.1.1" or "1.1.0"))
        {
            throw new BadParameterException("version", version, "1.3.0 or 1.1.1");
        }
        return asked.ToUpperInvariant() switch
        {
            "GETMAP" => maps.RespondAsync(context, query),
            "GETFEATUREINFO" => info.RespondAsync(context, query),
            "GETLEGENDGRAPHIC" => GetLegend(context, query),
            _ => throw new BadParameterException("request", asked, "one of " + string.Join(", ", Operations)),
        };
    }

    private static async Task GetCapabilities(HttpContext context, WmsQuery query, Database database, Settings settings, DataSnapshots data, WardSnapshots wards)
    {
        var cancellation = context.RequestAborted;
        var box = (await wards.GetAsync((await data.CurrentAsync(cancellation)).Version, cancellation)).Bounds;
        var extent = await new IssueStore(database).ExtentAsync(cancellation);
        var document = new Capabilities(query.IsNewer, Links.Root(context.Request), settings.Publisher, box.IsNull ? new Envelope(-180, 180, -85, 85) : box, extent).Write();
        await SmallAnswers.SendAsync(context, Capabilities.MediaTypeOf(query.IsNewer) + "; charset=utf-8", document);
    }

    private static Task GetLegend(HttpContext context, WmsQuery query)
    {
        var layer = WmsLayer.Find("layer", query.Required("layer", "the name of a layer"));
        if (query.Text("format") is { } format && !format.StartsWith("image/png", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadParameterException("format", format, "image/png");
        }
        return SmallAnswers.SendAsync(context, "image/png", Legend.Draw(layer, layer.StyleOf("style", query.Text("style")), HeatmapParameters.Parse(query.HeatmapValues).Palette));
    }
}
