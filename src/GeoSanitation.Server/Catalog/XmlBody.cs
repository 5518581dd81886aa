using System.Globalization;
using System.Text;
using System.Xml;

namespace GeoSanitation.Server.Catalog;

/// <summary>Small XML documents.</summary>
internal static class XmlBody
{
    internal const string Atom = "http://www.w3.org/2005/Atom";
    internal const string GeoRss = "http://www.georss.org/georss";

    /// <summary>A document in UTF-8.</summary>
    internal static byte[] Of(Action<XmlWriter> write)
    {
        using var body = new MemoryStream();
        using (var xml = XmlWriter.Create(body, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
        {
            write(xml);
        }
        return body.ToArray();
    }

    /// <summary>An element that holds a text, without the control characters that XML 1.0 cannot write.</summary>
    internal static void Text(this XmlWriter xml, string name, string text, string? space = null)
        => xml.WriteElementString(name, space, new string([.. text.Where((c, i) => XmlConvert.IsXmlChar(c)
            || (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) || (char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1])))]));

    /// <summary>Places as GeoRSS has them: latitude before longitude, with blanks between.</summary>
    internal static string Places(params IEnumerable<(double LonDegrees, double LatDegrees)> places)
        => string.Join(' ', places.Select(p => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(p.LatDegrees, 7)} {Math.Round(p.LonDegrees, 7)}")));
}
