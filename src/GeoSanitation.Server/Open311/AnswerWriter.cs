using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using GeoSanitation.Server.Http;

namespace GeoSanitation.Server.Open311;

/// <summary>Writes an answer in either form. In JSON a list has no name (the "Spark" convention); in XML it has one, and its items are named after it.</summary>
internal sealed class AnswerWriter : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly XmlWriter? _xml;
    private readonly Utf8JsonWriter? _json;

    internal AnswerWriter(bool isXml)
    {
        if (isXml)
        {
            _xml = XmlWriter.Create(_bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), CloseOutput = false });
        }
        else
        {
            _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JsonForm.Options.Encoder });
        }
    }

    /// <summary>Bytes that were written and not yet taken, about.</summary>
    internal long Length => _bytes.Length + (_json?.BytesPending ?? 0);

    /// <summary>Writes a whole answer.</summary>
    internal void Write(string name, JsonNode? node)
    {
        if (_xml is not null)
        {
            WriteXml(_xml, name, node);
        }
        else
        {
            WriteJson(node);
        }
    }

    internal void BeginList(string name)
    {
        _xml?.WriteStartElement(name);
        _json?.WriteStartArray();
    }

    internal void WriteItem(string list, JsonObject item) => Write(ItemOf(list), item);

    internal void EndList()
    {
        _xml?.WriteEndElement();
        _json?.WriteEndArray();
    }

    /// <summary>What was written since it was last taken.</summary>
    internal byte[] Take()
    {
        _xml?.Flush();
        _json?.Flush();
        var taken = _bytes.ToArray();
        _bytes.SetLength(0);
        return taken;
    }

    public void Dispose()
    {
        _xml?.Dispose();
        _json?.Dispose();
        _bytes.Dispose();
    }

    private void WriteJson(JsonNode? node)
    {
        if (node is null)
        {
            _json!.WriteNullValue();
        }
        else
        {
            node.WriteTo(_json!);
        }
    }

    private static void WriteXml(XmlWriter xml, string name, JsonNode? node)
    {
        xml.WriteStartElement(name);
        switch (node)
        {
            case JsonObject members:
                foreach (var (member, value) in members)
                {
                    WriteXml(xml, member, value);
                }
                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    WriteXml(xml, ItemOf(name), item);
                }
                break;
            case not null:
                xml.WriteString(node.GetValueKind() == JsonValueKind.String ? Writable(node.GetValue<string>()) : node.ToJsonString());
                break;
            default:
                break;
        }
        xml.WriteEndElement();
    }

    private static string ItemOf(string list) => list == "service_requests" ? "request" : list.TrimEnd('s');

    /// <summary>A text without the control characters that XML 1.0 has no way to write.</summary>
    private static string Writable(string text)
    {
        try
        {
            return XmlConvert.VerifyXmlChars(text);
        }
        catch (XmlException)
        {
            return new string([.. text.Where((c, i) => XmlConvert.IsXmlChar(c)
                || (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) || (char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1])))]);
        }
    }
}
