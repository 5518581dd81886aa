using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.Catalog;

/// <summary>The catalog as DCAT-AP (semiceu.github.io/DCAT-AP) in JSON-LD.</summary>
internal static class DcatAp
{
    private const string Frequencies = "http://publications.europa.eu/resource/authority/frequency/";

    private static readonly (string Prefix, string Namespace)[] Prefixes =
    [
        ("dcat", "http://www.w3.org/ns/dcat#"), ("dct", "http://purl.org/dc/terms/"), ("foaf", "http://xmlns.com/foaf/0.1/"), ("vcard", "http://www.w3.org/2006/vcard/ns#"),
        ("xsd", "http://www.w3.org/2001/XMLSchema#"), ("geo", "http://www.opengis.net/ont/geosparql#"),
    ];

    /// <summary>Writes it.</summary>
    /// <param name="sets">What there is.</param>
    /// <param name="publisher">Who publishes.</param>
    /// <param name="root">Address of the server.</param>
    /// <param name="version">Version of the profile: 2.1.1 or 3.0.0.</param>
    internal static JsonObject Write(IReadOnlyList<DataSet> sets, PublisherSettings publisher, string root, string version)
    {
        var agent = new JsonObject { ["@id"] = $"{root}/#publisher", ["@type"] = "foaf:Agent", ["foaf:name"] = publisher.Name };
        var catalog = new JsonObject
        {
            ["@context"] = new JsonObject(Prefixes.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Prefix, p.Namespace))),
            ["@id"] = $"{root}/catalog/dcat-ap.jsonld",
            ["@type"] = "dcat:Catalog",
            ["dct:title"] = publisher.Title,
            ["dct:description"] = $"Sanitation data of {publisher.Name}: issues, wards and hotspots.",
            ["dct:publisher"] = agent,
            ["dct:conformsTo"] = Link($"https://semiceu.github.io/DCAT-AP/releases/{version}/"),
            ["foaf:homepage"] = Link($"{root}/"),
        };
        if (publisher.License is { } license)
        {
            catalog["dct:license"] = Link(license);
        }
        if (sets.Max(s => s.Modified) is { } modified)
        {
            catalog["dct:modified"] = Time(modified);
        }
        catalog["dcat:dataset"] = new JsonArray([.. sets.Select(set => SetOf(set, publisher, root))]);
        return catalog;
    }

    private static JsonObject SetOf(DataSet set, PublisherSettings publisher, string root)
    {
        var contact = new JsonObject { ["@type"] = "vcard:Organization", ["vcard:fn"] = publisher.ContactName ?? publisher.Name };
        if (publisher.ContactEmail is { } email)
        {
            contact["vcard:hasEmail"] = Link($"mailto:{email}");
        }
        var written = new JsonObject
        {
            ["@id"] = $"{root}/data.json#{set.Name}",
            ["@type"] = "dcat:Dataset",
            ["dct:identifier"] = root + set.Page,
            ["dct:title"] = English(set.Title),
            ["dct:description"] = English(set.Description),
            ["dcat:keyword"] = new JsonArray([.. set.Keywords.Select(word => (JsonNode)word)]),
            ["dct:publisher"] = Link($"{root}/#publisher"),
            ["dcat:contactPoint"] = contact,
            ["dcat:landingPage"] = Link($"{root}/"),
            ["dct:accessRights"] = Link("http://publications.europa.eu/resource/authority/access-right/PUBLIC"),
            ["dct:accrualPeriodicity"] = Link(Frequencies + (set.IsContinuous ? "CONT" : "IRREG")),
        };
        if (set.Modified is { } modified)
        {
            written["dct:modified"] = Time(modified);
        }
        if (set.Box is { } box)
        {
            var wkt = FormattableString.Invariant($"POLYGON(({box.MinX} {box.MinY},{box.MaxX} {box.MinY},{box.MaxX} {box.MaxY},{box.MinX} {box.MaxY},{box.MinX} {box.MinY}))");
            written["dct:spatial"] = new JsonObject { ["@type"] = "dct:Location", ["dcat:bbox"] = new JsonObject { ["@type"] = "geo:wktLiteral", ["@value"] = wkt } };
        }
        if (set.Period is { } period)
        {
            written["dct:temporal"] = new JsonObject { ["@type"] = "dct:PeriodOfTime", ["dcat:startDate"] = Time(period.First), ["dcat:endDate"] = Time(period.Last) };
        }
        written["dcat:distribution"] = new JsonArray([.. set.Distributions.Select(d => DistributionOf(d, publisher, root))]);
        return written;
    }

    private static JsonObject DistributionOf(Distribution way, PublisherSettings publisher, string root)
    {
        var written = new JsonObject
        {
            ["@id"] = root + way.Path,
            ["@type"] = "dcat:Distribution",
            ["dct:title"] = English(way.Title),
            ["dcat:accessURL"] = Link(root + way.Path),
            ["dcat:mediaType"] = Link($"https://www.iana.org/assignments/media-types/{way.MediaType}"),
            ["dct:format"] = way.Format,
        };
        if (way.IsFile)
        {
            written["dcat:downloadURL"] = Link(root + way.Path);
        }
        if (publisher.License is { } license)
        {
            written["dct:license"] = Link(license);
        }
        return written;
    }

    private static JsonObject Link(string address) => new() { ["@id"] = address };

    private static JsonObject English(string text) => new() { ["@value"] = text, ["@language"] = "en" };

    private static JsonObject Time(DateTime utc) => new() { ["@type"] = "xsd:dateTime", ["@value"] = JsonForm.Time(utc) };
}
