using System.Globalization;
using System.Xml;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Catalog;

/// <summary>Emergencies in the Common Alerting Protocol (OASIS CAP 1.2). The order of elements is the schema's.</summary>
internal static class Cap
{
    internal const string MediaType = "application/cap+xml";

    private const string Space = "urn:oasis:names:tc:emergency:cap:1.2";

    // What is known of a place that is a point, kilometers.
    private const double PointRadiusKm = 0.1;

    // Where there are more, the box around them says as much.
    private const int MostShapes = 100;

    /// <summary>A document.</summary>
    /// <param name="alert">The emergency.</param>
    /// <param name="root">Address of the server as the caller sees it.</param>
    /// <param name="publisher">Who says so.</param>
    internal static byte[] Write(Alert alert, string root, PublisherSettings publisher) => XmlBody.Of(xml =>
    {
        xml.WriteStartElement("alert", Space);
        xml.Text("identifier", alert.Identifier, Space);
        xml.Text("sender", SenderOf(root, publisher), Space);
        xml.Text("sent", Time(alert.Sent), Space);
        xml.Text("status", "Actual", Space);
        xml.Text("msgType", "Alert", Space);
        xml.Text("scope", "Public", Space);
        xml.WriteStartElement("info", Space);
        xml.Text("language", "en", Space);
        xml.Text("category", "Health", Space);
        xml.Text("category", "Env", Space);
        xml.Text("event", alert.Event, Space);
        xml.Text("urgency", alert.Urgency, Space);
        xml.Text("severity", alert.Severity, Space);
        xml.Text("certainty", alert.Certainty, Space);
        if (alert.Expires is { } expires)
        {
            xml.Text("expires", Time(expires), Space);
        }
        xml.Text("senderName", publisher.Name, Space);
        xml.Text("headline", alert.Headline, Space);
        xml.Text("description", alert.Description, Space);
        xml.Text("instruction", alert.Instruction, Space);
        xml.Text("web", root + alert.Page, Space);
        if ((publisher.ContactName ?? publisher.ContactEmail) is not null)
        {
            xml.Text("contact", string.Join(", ", new[] { publisher.ContactName, publisher.ContactEmail }.OfType<string>()), Space);
        }
        WriteArea(xml, alert);
        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    /// <summary>A time as CAP has it: whole seconds, and never Z.</summary>
    private static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);

    /// <summary>Without blanks, commas, &lt; and &amp;, which a sender may not have.</summary>
    private static string SenderOf(string root, PublisherSettings publisher)
        => new string([.. (publisher.ContactEmail ?? new Uri(root).Host).Where(c => !char.IsWhiteSpace(c) && c is not (',' or '<' or '&'))]);

    private static void WriteArea(XmlWriter xml, Alert alert)
    {
        var shapes = Enumerable.Range(0, alert.Shape.NumGeometries).Select(alert.Shape.GetGeometryN).ToList();
        if (shapes.Count > MostShapes)
        {
            shapes = [alert.Shape.Factory.ToGeometry(alert.Shape.EnvelopeInternal)];
        }
        xml.WriteStartElement("area", Space);
        xml.Text("areaDesc", alert.AreaName, Space);
        foreach (var polygon in shapes.OfType<Polygon>().Where(p => !p.IsEmpty))
        {
            xml.Text("polygon", string.Join(' ', polygon.Shell.Coordinates.Select(Place)), Space);
        }
        foreach (var point in shapes.OfType<Point>())
        {
            xml.Text("circle", string.Create(CultureInfo.InvariantCulture, $"{Place(point.Coordinate)} {PointRadiusKm}"), Space);
        }
        if (alert.Ward is { } code)
        {
            xml.WriteStartElement("geocode", Space);
            xml.Text("valueName", "ward", Space);
            xml.Text("value", code, Space);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static string Place(Coordinate place) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(place.Y, 6)},{Math.Round(place.X, 6)}");
}
