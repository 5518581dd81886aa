using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Catalog;

/// <summary>A text in the languages of the catalog.</summary>
/// <param name="English">In English.</param>
/// <param name="Chinese">In Chinese.</param>
internal readonly record struct BothLanguages(string English, string Chinese)
{
    /// <summary>In the language of a code.</summary>
    internal string In(string language) => language == CatalogRecord.Chinese ? Chinese : English;
}

/// <summary>A record of the catalog (OGC API Records, 20-004): a data set, or a file of one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Type"><see cref="DataSetType"/> or <see cref="DownloadType"/>.</param>
/// <param name="Title">Its name among people.</param>
/// <param name="Description">What it is.</param>
/// <param name="Set">The data set that it is, or is a file of.</param>
/// <param name="Ways">The ways to get it.</param>
internal sealed record CatalogRecord(string Id, string Type, BothLanguages Title, BothLanguages Description, DataSet Set, IReadOnlyList<Distribution> Ways)
{
    internal const string DataSetType = "dataset";
    internal const string DownloadType = "download";
    internal const string Public = "public";
    internal const string English = "en";
    internal const string Chinese = "zh";

    /// <summary>Whose ids those of records are.</summary>
    internal const string Scheme = "geosanitation";

    private const string Exports = "/api/exports/";

    private static readonly (string Code, string Name)[] Languages = [(English, "English"), (Chinese, "中文")];

    /// <summary>A record of every data set and, behind them, of every file that they come in.</summary>
    internal static IReadOnlyList<CatalogRecord> ListOf(IReadOnlyList<DataSet> sets) =>
    [
        .. sets.Select(set => new CatalogRecord(set.Name, DataSetType, new(set.Title, set.InChinese.Title), new(set.Description, set.InChinese.Description), set, set.Distributions)),
        .. from set in sets
           from file in set.Distributions
           where file.IsFile && file.Path.StartsWith(Exports, StringComparison.Ordinal)
           select new CatalogRecord(file.Path[Exports.Length..], DownloadType, new($"{set.Title}: {file.Format}", $"{set.InChinese.Title}：{file.Format}"),
               new($"{file.Title}. {set.Description}", $"{file.Format} 格式的全部数据。{set.InChinese.Description}"), set, [file]),
    ];

    /// <summary>When it was changed last, in milliseconds since 1970.</summary>
    internal long? Modified => Set.Modified is { } time ? new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeMilliseconds() : null;

    /// <summary>The texts that a search looks into.</summary>
    internal IEnumerable<string> Texts => [Title.English, Title.Chinese, Description.English, Description.Chinese, .. Set.Keywords];

    /// <summary>Writes it: the members of the standard, and those beside them that readers of ArcGIS Hub's catalogs look for (<c>snippet</c>, <c>tags</c>, <c>url</c>, <c>owner</c>, <c>access</c>, <c>modified</c>).</summary>
    /// <param name="collection">Address of the collection that it was asked of.</param>
    /// <param name="root">Address of the server.</param>
    /// <param name="language">Code of the language.</param>
    /// <param name="publisher">Who publishes.</param>
    internal JsonObject Write(string collection, string root, string language, PublisherSettings publisher)
    {
        var contact = new JsonObject { ["organization"] = publisher.Name, ["roles"] = new JsonArray("publisher", "pointOfContact") };
        if (publisher.ContactName is { } name)
        {
            contact["name"] = name;
        }
        if (publisher.ContactEmail is { } email)
        {
            contact["emails"] = new JsonArray(new JsonObject { ["value"] = email });
        }
        var properties = new JsonObject
        {
            ["id"] = Id,
            ["type"] = Type,
            ["title"] = Title.In(language),
            ["description"] = Description.In(language),
            ["snippet"] = Description.In(language),
            ["keywords"] = new JsonArray([.. Set.Keywords.Select(word => (JsonNode)word)]),
            ["tags"] = new JsonArray([.. Set.Keywords.Select(word => (JsonNode)word)]),
            ["language"] = LanguageOf(language),
            ["languages"] = new JsonArray([.. Languages.Select(l => LanguageOf(l.Code))]),
            ["externalIds"] = new JsonArray(new JsonObject { ["scheme"] = Scheme, ["value"] = Id }),
            ["contacts"] = new JsonArray(contact),
            ["owner"] = publisher.Name,
            ["access"] = Public,
            ["url"] = root + (Type == DownloadType ? Ways[0].Path : Set.Page),
            ["formats"] = new JsonArray([.. Ways.Select(way => new JsonObject { ["name"] = way.Format, ["mediaType"] = way.MediaType })]),
        };
        var links = new JsonArray(
            Links.Of("self", $"{collection}/items/{Uri.EscapeDataString(Id)}", "application/geo+json", Title.In(language)),
            Links.Of("collection", collection, "application/json", "The collection"));
        foreach (var way in Ways)
        {
            links.Add(Links.Of(way.IsFile ? "enclosure" : "service", root + way.Path, way.MediaType, way.Title));
        }
        if (Set.Modified is { } modified)
        {
            properties["updated"] = JsonForm.Time(modified);
            properties["modified"] = Modified;
        }
        if (publisher.License is { } license)
        {
            // The standard knows names of licenses, "other" and "various"; what is behind this one stands in the link.
            properties["license"] = "other";
            links.Add(Links.Of("license", license, "text/html", "License"));
        }
        return new JsonObject
        {
            ["id"] = Id,
            ["type"] = "Feature",
            ["conformsTo"] = new JsonArray("http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"),
            ["geometry"] = Set.Box is { } box ? Outline(box) : null,
            ["time"] = Set.Period is { } period ? new JsonObject { ["interval"] = new JsonArray(JsonForm.Time(period.First), JsonForm.Time(period.Last)) } : null,
            ["properties"] = properties,
            ["links"] = links,
        };
    }

    private static JsonObject LanguageOf(string code) => new() { ["code"] = code, ["name"] = Languages.First(l => l.Code == code).Name };

    private static JsonObject Outline(Envelope box) => new()
    {
        ["type"] = "Polygon",
        ["coordinates"] = new JsonArray(new JsonArray(
            new JsonArray(box.MinX, box.MinY), new JsonArray(box.MaxX, box.MinY), new JsonArray(box.MaxX, box.MaxY), new JsonArray(box.MinX, box.MaxY), new JsonArray(box.MinX, box.MinY))),
    };
}
