using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Http;
using GeoSanitation.Store.Issues;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Wms;

/// <summary>What the service offers (OGC 06-042 and 01-068r3), as its caller sees the server.</summary>
/// <param name="isNewer">True for version 1.3.0, false for 1.1.1.</param>
/// <param name="root">Address of the server.</param>
/// <param name="publisher">Who publishes.</param>
/// <param name="box">Longitude and latitude around what there is.</param>
/// <param name="extent">When issues were reported; null when there is none.</param>
internal sealed class Capabilities(bool isNewer, string root, PublisherSettings publisher, Envelope box, IssueExtent? extent)
{
    private static readonly XNamespace XLink = "http://www.w3.org/1999/xlink";

    private static readonly string[] ExceptionForms = ["XML", "INIMAGE", "BLANK"];

    private XNamespace Space => isNewer ? "http://www.opengis.net/wms" : "";

    /// <summary>Media type of the document.</summary>
    internal static string MediaTypeOf(bool isNewer) => isNewer ? "text/xml" : "application/vnd.ogc.wms_xml";

    /// <summary>The document.</summary>
    internal byte[] Write()
    {
        var document = new XDocument(
            new XDeclaration("1.0", "UTF-8", null),
            isNewer ? null : new XDocumentType("WMT_MS_Capabilities", null, "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd", null),
            new XElement(Space + (isNewer ? "WMS_Capabilities" : "WMT_MS_Capabilities"), new XAttribute("version", isNewer ? "1.3.0" : "1.1.1"), new XAttribute(XNamespace.Xmlns + "xlink", XLink), Service(), Capability()));
        using var body = new MemoryStream();
        // Without a byte order mark, which some readers take for text before the declaration.
        using (var xml = XmlWriter.Create(body, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
        {
            document.Save(xml);
        }
        return body.ToArray();
    }

    private XElement Of(string name, params object?[] content) => new(Space + name, content);

    private XElement Online(string address) => Of("OnlineResource", new XAttribute(XLink + "type", "simple"), new XAttribute(XLink + "href", address));

    private XElement Service() => Of(
        "Service", Of("Name", isNewer ? "WMS" : "OGC:WMS"), Of("Title", publisher.Title), Of("Abstract", $"Sanitation issues, their density and hotspots, and wards, of {publisher.Name}."),
        Of("KeywordList", Of("Keyword", "sanitation"), Of("Keyword", "hotspots")), Online($"{root}/"),
        Of("ContactInformation", Of("ContactPersonPrimary", Of("ContactPerson", publisher.ContactName ?? publisher.Name), Of("ContactOrganization", publisher.Name)),
            publisher.ContactEmail is { } email ? Of("ContactElectronicMailAddress", email) : null),
        Of("Fees", "none"), Of("AccessConstraints", publisher.License ?? "none"),
        isNewer ? new[] { Of("LayerLimit", WmsLayer.All.Count), Of("MaxWidth", MapView.MostPixels), Of("MaxHeight", MapView.MostPixels) } : null);

    private XElement Capability() => Of(
        "Capability",
        Of("Request", Operation("GetCapabilities", MediaTypeOf(isNewer)), Operation("GetMap", [.. MapEndpoint.Formats]), Operation("GetFeatureInfo", [.. FeatureInfo.Formats]),
            isNewer ? null : Operation("GetLegendGraphic", "image/png")),
        Of("Exception", ExceptionForms.Select(form => Of("Format", isNewer ? form : "application/vnd.ogc.se_" + form.ToLowerInvariant()))),
        Of("Layer", Of("Title", publisher.Title), Systems(), Boxes(), WmsLayer.All.Select(Layer)));

    private XElement Operation(string name, params string[] formats)
        => Of(name, formats.Select(f => Of("Format", f)), Of("DCPType", Of("HTTP", Of("Get", Online($"{root}/wms?")))));

    private IEnumerable<XElement> Systems() => MapView.Systems.Where(s => isNewer || s != CrsRegistry.Crs84).Select(s => Of(isNewer ? "CRS" : "SRS", MapView.NameOf(s)));

    private IEnumerable<XElement> Boxes()
    {
        yield return isNewer
            ? Of("EX_GeographicBoundingBox", Of("westBoundLongitude", box.MinX), Of("eastBoundLongitude", box.MaxX), Of("southBoundLatitude", box.MinY), Of("northBoundLatitude", box.MaxY))
            : Of("LatLonBoundingBox", Sides(box.MinX, box.MinY, box.MaxX, box.MaxY));
        foreach (var system in MapView.Systems.Where(s => isNewer || s != CrsRegistry.Crs84))
        {
            var order = isNewer ? system.AxisOrder : AxisOrder.EastNorth;
            var (low, high) = (system.FromLonLat(new LonLat(box.MinX, box.MinY)), system.FromLonLat(new LonLat(box.MaxX, box.MaxY)));
            var ((a, b), (c, d)) = (order.ToWire(low.X, low.Y), order.ToWire(high.X, high.Y));
            yield return Of("BoundingBox", new XAttribute(isNewer ? "CRS" : "SRS", MapView.NameOf(system)), Sides(a, b, c, d));
        }
    }

    private static XAttribute[] Sides(double a, double b, double c, double d) => [new("minx", a), new("miny", b), new("maxx", c), new("maxy", d)];

    private XElement Layer(WmsLayer layer) => Of(
        "Layer", new XAttribute("queryable", layer.IsQueryable ? 1 : 0), Of("Name", layer.Name), Of("Title", layer.Title), Of("Abstract", layer.Abstract), isNewer ? null : Systems(), Boxes(),
        layer.OfIssues && extent is not null ? Time(extent) : null,
        layer.Styles.Select(style => Of(
            "Style", Of("Name", style.Name), Of("Title", style.Title),
            Of("LegendURL", new XAttribute("width", Legend.Width), new XAttribute("height", Legend.HeightOf(layer)), Of("Format", "image/png"),
                Online($"{root}/wms?service=WMS&version={(isNewer ? "1.3.0" : "1.1.1")}&request=GetLegendGraphic&format=image/png&layer={layer.Name}&style={style.Name}")))));

    /// <summary>When issues were reported: any time between, all of it when none is asked for.</summary>
    private IEnumerable<XElement> Time(IssueExtent reported)
    {
        var all = string.Create(CultureInfo.InvariantCulture, $"{JsonForm.Time(reported.FirstReport)}/{JsonForm.Time(reported.LastReport)}");
        XAttribute[] attributes = [new("name", "time"), new("default", all), new("multipleValues", 0), new("nearestValue", 0)];
        return isNewer
            ? [Of("Dimension", new XAttribute("units", "ISO8601"), attributes, all + "/PT1S")]
            : [Of("Dimension", new XAttribute("name", "time"), new XAttribute("units", "ISO8601")), Of("Extent", attributes, all + "/PT1S")];
    }
}
