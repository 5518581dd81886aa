using System.Globalization;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.Catalog;

/// <summary>The catalog as RSS 2.0 with GeoRSS boxes, and the pages of the site for search engines (sitemaps.org).</summary>
internal static class Rss
{
    private const string SiteMapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9";

    private static readonly string[] Pages = ["/api", "/data.json", "/api/categories", "/ogc"];

    internal static byte[] Write(IReadOnlyList<DataSet> sets, PublisherSettings publisher, string root) => XmlBody.Of(xml =>
    {
        xml.WriteStartElement("rss");
        xml.WriteAttributeString("version", "2.0");
        xml.WriteAttributeString("xmlns", "georss", null, XmlBody.GeoRss);
        xml.WriteStartElement("channel");
        xml.Text("title", publisher.Title);
        xml.Text("link", $"{root}/");
        xml.Text("description", $"Sanitation data of {publisher.Name}: issues, wards and hotspots.");
        xml.Text("language", publisher.Language);
        foreach (var set in sets)
        {
            xml.WriteStartElement("item");
            xml.Text("title", set.Title);
            xml.Text("description", set.Description);
            xml.Text("link", root + set.Page);
            xml.Text("guid", root + set.Page);
            foreach (var word in set.Keywords)
            {
                xml.Text("category", word);
            }
            if (set.Modified is { } modified)
            {
                xml.Text("pubDate", modified.ToString("R", CultureInfo.InvariantCulture));
            }
            if (set.Box is { } box)
            {
                xml.Text("box", XmlBody.Places((box.MinX, box.MinY), (box.MaxX, box.MaxY)), XmlBody.GeoRss);
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    /// <summary>The pages that people read, and what the catalog names.</summary>
    internal static byte[] SiteMap(IReadOnlyList<DataSet> sets, string root, OwnAddresses addresses) => XmlBody.Of(xml =>
    {
        xml.WriteStartElement("urlset", SiteMapSpace);
        foreach (var (path, modified) in (IEnumerable<(string, DateTime?)>)[("/", null), .. Pages.Where(addresses.Has).Select(p => (p, (DateTime?)null)), .. sets.Select(s => (s.Page, s.Modified))])
        {
            xml.WriteStartElement("url", SiteMapSpace);
            xml.Text("loc", root + path, SiteMapSpace);
            if (modified is { } time)
            {
                xml.Text("lastmod", JsonForm.Time(time), SiteMapSpace);
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    });
}
