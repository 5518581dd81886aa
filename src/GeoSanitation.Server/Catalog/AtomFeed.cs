using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using GeoSanitation.Server.Http;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Runs;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Catalog;

/// <summary>Issues and hotspots as Atom feeds (RFC 4287), their places as GeoRSS.</summary>
internal static class AtomFeed
{
    internal const string MediaType = "application/atom+xml";

    /// <summary>Issues of a ward.</summary>
    /// <param name="title">Title of the feed.</param>
    /// <param name="self">Address of the feed.</param>
    /// <param name="root">Address of the server.</param>
    /// <param name="author">Who publishes.</param>
    /// <param name="issues">The issues.</param>
    internal static byte[] OfIssues(string title, string self, string root, string author, IReadOnlyList<Issue> issues) => XmlBody.Of(xml =>
    {
        Begin(xml, title, self, author, issues.Count > 0 ? issues.Max(i => i.UpdatedAt) : DateTime.UnixEpoch);
        foreach (var issue in issues)
        {
            Entry(xml, $"{root}/api/issues/{issue.Id}", issue.Title ?? issue.Category.Name, issue.UpdatedAt, issue.ReportedAt, issue.Category.Code, string.Join(" · ", new[]
            {
                issue.Category.Name, issue.Status, issue.Address, issue.Responsible ?? issue.Department, issue.DueAt is { } due ? $"due {JsonForm.Time(due)}" : null, issue.Description,
            }.OfType<string>()));
            xml.Text("point", XmlBody.Places((issue.LonDegrees, issue.LatDegrees)), XmlBody.GeoRss);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    });

    /// <summary>Whether a feature of a run is a hotspot.</summary>
    internal static bool IsHot(RunFeature feature) => TitleOf(JsonNode.Parse(feature.PropertiesJson)!.AsObject()) is not null;

    /// <summary>Hotspots of the run published last.</summary>
    /// <param name="self">Address of the feed.</param>
    /// <param name="root">Address of the server.</param>
    /// <param name="author">Who publishes.</param>
    /// <param name="run">The run; null when none is published.</param>
    /// <param name="features">Its features, those that are hotspots.</param>
    internal static byte[] OfHotspots(string self, string root, string author, RunRecord? run, IReadOnlyList<RunFeature> features) => XmlBody.Of(xml =>
    {
        var published = run?.PublishedAt ?? DateTime.UnixEpoch;
        Begin(xml, run is null ? "Hotspots: none are published" : $"Hotspots: {run.Name ?? run.Method}", self, author, published);
        foreach (var feature in features)
        {
            var properties = JsonNode.Parse(feature.PropertiesJson)!.AsObject();
            Entry(xml, $"{root}/api/runs/{run!.Id}/result#{Uri.EscapeDataString(feature.Key)}", TitleOf(properties) ?? feature.Key, published, run.FinishedAt ?? published, run.Method,
                string.Join(", ", properties.Where(p => p.Value is JsonValue).Select(p => $"{p.Key}: {p.Value}")));
            var (shape, places) = PlaceOf(feature.Geometry);
            xml.Text(shape, XmlBody.Places(places.Select(c => (c.X, c.Y))), XmlBody.GeoRss);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    });

    /// <summary>What a hotspot is called; null for a feature that is none.</summary>
    private static string? TitleOf(JsonObject properties)
    {
        var count = properties["count"] is JsonValue number ? string.Create(CultureInfo.InvariantCulture, $", count {number}") : "";
        return properties.ContainsKey("class") ? (int)properties["class"]! switch { 3 => "Hot spot, 99 %" + count, 2 => "Hot spot, 95 %" + count, 1 => "Hot spot, 90 %" + count, _ => null }
            : properties.ContainsKey("quadrant") ? (string?)properties["quadrant"] == "HH" ? "High among high" + count : null
            : properties.ContainsKey("pattern") ? (string?)properties["pattern"] is { } pattern && pattern.EndsWith("hot spot", StringComparison.Ordinal) ? pattern + count : null
            : properties["cluster"] is JsonValue cluster ? $"Cluster {cluster}{count}" : "Hotspot" + count;
    }

    private static (string Name, IEnumerable<Coordinate> Places) PlaceOf(Geometry shape) => shape switch
    {
        Polygon polygon => ("polygon", polygon.ExteriorRing.Coordinates),
        MultiPolygon { Count: 1 } one => ("polygon", ((Polygon)one[0]).ExteriorRing.Coordinates),
        Point point => ("point", point.Coordinates),
        _ => ("box", [new(shape.EnvelopeInternal.MinX, shape.EnvelopeInternal.MinY), new(shape.EnvelopeInternal.MaxX, shape.EnvelopeInternal.MaxY)]),
    };

    private static void Begin(XmlWriter xml, string title, string self, string author, DateTime updated)
    {
        xml.WriteStartElement("feed", XmlBody.Atom);
        xml.WriteAttributeString("xmlns", "georss", null, XmlBody.GeoRss);
        xml.Text("id", self, XmlBody.Atom);
        xml.Text("title", title, XmlBody.Atom);
        xml.Text("updated", JsonForm.Time(updated), XmlBody.Atom);
        xml.WriteStartElement("author", XmlBody.Atom);
        xml.Text("name", author, XmlBody.Atom);
        xml.WriteEndElement();
        Link(xml, "self", self, MediaType);
    }

    /// <summary>Begins an entry; the caller adds its place and ends it.</summary>
    private static void Entry(XmlWriter xml, string address, string title, DateTime updated, DateTime published, string category, string summary)
    {
        xml.WriteStartElement("entry", XmlBody.Atom);
        xml.Text("id", address, XmlBody.Atom);
        xml.Text("title", title, XmlBody.Atom);
        xml.Text("updated", JsonForm.Time(updated), XmlBody.Atom);
        xml.Text("published", JsonForm.Time(published), XmlBody.Atom);
        Link(xml, "alternate", address, "application/geo+json");
        xml.WriteStartElement("category", XmlBody.Atom);
        xml.WriteAttributeString("term", category);
        xml.WriteEndElement();
        xml.Text("summary", summary, XmlBody.Atom);
    }

    private static void Link(XmlWriter xml, string rel, string address, string type)
    {
        xml.WriteStartElement("link", XmlBody.Atom);
        xml.WriteAttributeString("rel", rel);
        xml.WriteAttributeString("href", address);
        xml.WriteAttributeString("type", type);
        xml.WriteEndElement();
    }
}
