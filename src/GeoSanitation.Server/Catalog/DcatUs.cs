using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.Catalog;

/// <summary>The catalog as DCAT-US 1.1 (resources.data.gov/resources/dcat-us), which CKAN and ArcGIS Hub harvest.</summary>
internal static class DcatUs
{
    private const string Schema = "https://project-open-data.cio.gov/v1.1/schema";

    /// <summary>Writes it.</summary>
    /// <param name="sets">What there is.</param>
    /// <param name="publisher">Who publishes.</param>
    /// <param name="root">Address of the server.</param>
    /// <param name="isFederal">Whether the fields are wanted that only agencies of the United States have.</param>
    internal static JsonObject Write(IEnumerable<DataSet> sets, PublisherSettings publisher, string root, bool isFederal) => new()
    {
        ["@context"] = $"{Schema}/catalog.jsonld",
        ["@id"] = $"{root}/data.json",
        ["@type"] = "dcat:Catalog",
        ["conformsTo"] = Schema,
        ["describedBy"] = $"{Schema}/catalog.json",
        ["dataset"] = new JsonArray([.. sets.Select(set => SetOf(set, publisher, root, isFederal))]),
    };

    private static JsonObject SetOf(DataSet set, PublisherSettings publisher, string root, bool isFederal)
    {
        var written = new JsonObject
        {
            ["@type"] = "dcat:Dataset",
            ["identifier"] = root + set.Page.Split("/result")[0],
            ["title"] = set.Title,
            ["description"] = set.Description,
            ["keyword"] = new JsonArray([.. set.Keywords.Select(word => (JsonNode)word)]),
            // Without anything in it, it says how often it may change.
            ["modified"] = set.Modified is { } modified ? JsonForm.Time(modified) : "R/P1D",
            ["publisher"] = new JsonObject { ["@type"] = "org:Organization", ["name"] = publisher.Name },
            // The schema demands an address, and takes an empty one, which says of a server whose operator has set none what is so.
            ["contactPoint"] = new JsonObject { ["@type"] = "vcard:Contact", ["fn"] = publisher.ContactName ?? publisher.Name, ["hasEmail"] = $"mailto:{publisher.ContactEmail}" },
            ["accessLevel"] = "public",
            ["language"] = new JsonArray(publisher.Language),
            ["landingPage"] = $"{root}/",
            ["accrualPeriodicity"] = set.IsContinuous ? "R/PT1S" : "irregular",
        };
        if (isFederal)
        {
            (written["bureauCode"], written["programCode"]) = (new JsonArray(publisher.BureauCode), new JsonArray(publisher.ProgramCode));
        }
        if (publisher.License is { } license)
        {
            written["license"] = license;
        }
        if (set.Box is { } box)
        {
            written["spatial"] = FormattableString.Invariant($"{box.MinX},{box.MinY},{box.MaxX},{box.MaxY}");
        }
        if (set.Period is { } period)
        {
            written["temporal"] = $"{JsonForm.Time(period.First)}/{JsonForm.Time(period.Last)}";
        }
        written["distribution"] = new JsonArray([.. set.Distributions.Select(d => new JsonObject
        {
            ["@type"] = "dcat:Distribution",
            ["title"] = d.Title,
            ["format"] = d.Format,
            ["mediaType"] = d.MediaType,
            [d.IsFile ? "downloadURL" : "accessURL"] = root + d.Path,
            ["describedBy"] = $"{root}/openapi/v1.json",
            ["describedByType"] = "application/vnd.oai.openapi+json",
        })]);
        return written;
    }
}
