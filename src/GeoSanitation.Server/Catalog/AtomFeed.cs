using System.Xml;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Runs;
using GeoSanitation.Store.Issues;

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

    /// <summary>Published runs, each with what has changed since the one of its name before.</summary>
    /// <param name="title">Title of the feed.</param>
    /// <param name="self">Address of the feed.</param>
    /// <param name="root">Address of the server.</param>
    /// <param name="author">Who publishes.</param>
    /// <param name="runs">The runs.</param>
    internal static byte[] OfRuns(string title, string self, string root, string author, IReadOnlyList<PublishedRun> runs) => XmlBody.Of(xml =>
    {
        Begin(xml, title, self, author, runs.Count > 0 ? runs.Max(r => r.Run.PublishedAt!.Value) : DateTime.UnixEpoch);
        foreach (var (run, previous, news) in runs)
        {
            var published = run.PublishedAt!.Value;
            Entry(xml, $"{root}/api/runs/{run.Id}/result", $"{run.Name ?? run.Method}: {HeadlineOf(news)}", published, published, run.Method, SummaryOf(previous, news));
            if (news.Changes is not null)
            {
                Link(xml, "related", $"{root}/api/runs/{previous}/compare/{run.Id}", "application/geo+json");
            }
            if (!news.Box.IsNull)
            {
                xml.Text("box", XmlBody.Places((news.Box.MinX, news.Box.MinY), (news.Box.MaxX, news.Box.MaxY)), XmlBody.GeoRss);
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    });

    /// <summary>Emergencies, each with its document of the Common Alerting Protocol.</summary>
    /// <param name="self">Address of the feed.</param>
    /// <param name="root">Address of the server.</param>
    /// <param name="author">Who publishes.</param>
    /// <param name="alerts">The emergencies.</param>
    internal static byte[] OfAlerts(string self, string root, string author, IReadOnlyList<Alert> alerts) => XmlBody.Of(xml =>
    {
        Begin(xml, "Sanitation emergencies", self, author, alerts.Count > 0 ? alerts.Max(a => a.Sent) : DateTime.UnixEpoch);
        foreach (var alert in alerts)
        {
            Entry(xml, $"{root}/api/alerts/{alert.Identifier}", alert.Headline, alert.Sent, alert.Sent, alert.Event, alert.Description, Cap.MediaType);
            var box = alert.Shape.EnvelopeInternal;
            xml.Text("box", XmlBody.Places((box.MinX, box.MinY), (box.MaxX, box.MaxY)), XmlBody.GeoRss);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    });

    private static string HeadlineOf(RunNews news) => news.Changes is { } changes
        ? string.Join(", ", changes.Where(c => c.Key != "unchanged").Select(c => $"{c.Value.Count} {c.Key}"))
        : $"{news.Features} {(news.Features == 1 ? "hotspot" : "hotspots")}";

    private static string SummaryOf(long? previous, RunNews news) => (previous, news) switch
    {
        (null, _) => $"{news.Features} in all; none of this name was published before.",
        (_, { Changes: { } changes }) => $"{news.Features} in all. Since run {previous}: {string.Join("; ", changes.Select(c => $"{c.Value.Count} {c.Key}{ListOf(c.Key, c.Value)}"))}.",
        _ => $"{news.Features} in all. Not compared with run {previous}: {news.Incomparable}.",
    };

    /// <summary>The first ids of what has changed.</summary>
    private static string ListOf(string change, HotspotIds ids)
        => change == "unchanged" || ids.Count == 0 ? "" : $" ({string.Join(", ", ids.First)}{(ids.Count > ids.First.Count ? ", ..." : "")})";

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
    private static void Entry(XmlWriter xml, string address, string title, DateTime updated, DateTime published, string category, string summary, string type = "application/geo+json")
    {
        xml.WriteStartElement("entry", XmlBody.Atom);
        xml.Text("id", address, XmlBody.Atom);
        xml.Text("title", title, XmlBody.Atom);
        xml.Text("updated", JsonForm.Time(updated), XmlBody.Atom);
        xml.Text("published", JsonForm.Time(published), XmlBody.Atom);
        Link(xml, "alternate", address, type);
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
