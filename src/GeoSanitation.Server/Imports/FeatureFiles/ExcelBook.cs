using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>A workbook of Excel (ECMA-376, .xlsx): where its first sheet is, its texts, and which of its formats are dates. Names are compared without their namespaces, of which there are two.</summary>
internal sealed class ExcelBook : IDisposable
{
    /// <summary>The part that every workbook has.</summary>
    internal const string Workbook = "xl/workbook.xml";

    /// <summary>Longest text of a cell, characters (Excel's own limit).</summary>
    internal const int LongestText = 32_767;

    private const long MostUnpackedBytes = 1L << 31;
    private const long MostTextCharacters = 1L << 28;

    // Formats that are the same everywhere (ECMA-376 part 1, 18.8.30), those of Chinese and Japanese Excel included; 45 to 47 are times alone.
    private static readonly HashSet<int> DateFormats = [.. Enumerable.Range(14, 9), .. Enumerable.Range(27, 10), .. Enumerable.Range(45, 3), .. Enumerable.Range(50, 9)];

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true, IgnoreProcessingInstructions = true, XmlResolver = null };

    private readonly ZipArchive _zip;
    private readonly string _sheetPath;
    private readonly List<string> _texts = [];
    private readonly List<bool> _isDate = [];

    internal ExcelBook(Stream file)
    {
        _zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        var (sheets, parts) = (new List<(string Name, string Part)>(), Parts());
        Visit(Workbook, xml =>
        {
            if (xml.LocalName == "workbookPr")
            {
                StartsIn1904 = xml.GetAttribute("date1904") is "1" or "true";
            }
            else if (xml.LocalName == "sheet" && xml.GetAttribute("state") is null or "visible")
            {
                var id = Enumerable.Range(0, xml.AttributeCount).Where(i => { xml.MoveToAttribute(i); return xml.LocalName == "id"; }).Select(_ => xml.Value).FirstOrDefault();
                xml.MoveToElement();
                if (id is not null && parts.TryGetValue(id, out var part))
                {
                    sheets.Add((xml.GetAttribute("name") ?? "", part.Path));
                }
            }
        });
        if (sheets.Count == 0)
        {
            throw new InvalidDataException("it has no visible sheet");
        }
        (SheetName, _sheetPath) = sheets[0];
        Sheets = sheets.Count;
        if (parts.Values.FirstOrDefault(p => p.Kind == "sharedStrings").Path is { } texts)
        {
            ReadTexts(texts);
        }
        if (parts.Values.FirstOrDefault(p => p.Kind == "styles").Path is { } styles)
        {
            ReadFormats(styles);
        }
    }

    /// <summary>How many sheets can be seen.</summary>
    internal int Sheets { get; }

    /// <summary>Name of the first of them, the one that is read.</summary>
    internal string SheetName { get; }

    /// <summary>True when day 0 is 1904-01-01, as on Macs of old.</summary>
    internal bool StartsIn1904 { get; private set; }

    /// <summary>The text of a number.</summary>
    internal string TextOf(int index) => index >= 0 && index < _texts.Count ? _texts[index] : throw new InvalidDataException($"a cell has the text {index}, which there is not");

    /// <summary>Whether numbers in a format are dates.</summary>
    internal bool IsDate(int format) => format >= 0 && format < _isDate.Count && _isDate[format];

    /// <summary>The sheet, to be read once through.</summary>
    internal XmlReader OpenSheet() => Open(_sheetPath);

    public void Dispose() => _zip.Dispose();

    /// <summary>The text within an element, without readings of Chinese characters; the reader stands on the element and ends on its end.</summary>
    internal static string ReadText(XmlReader xml)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }
        var (text, depth, chunk) = (new StringBuilder(), xml.Depth, new char[1024]);
        while (xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth))
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "rPh")
            {
                xml.Skip();
                if (xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth)
                {
                    break;
                }
            }
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA)
            {
                int read;
                while ((read = xml.ReadValueChunk(chunk, 0, chunk.Length)) > 0)
                {
                    text.Append(chunk, 0, read);
                    if (text.Length > LongestText)
                    {
                        throw new InvalidDataException($"a text has more than {LongestText} characters");
                    }
                }
            }
        }
        // Control characters stand as _x000D_.
        var whole = text.ToString();
        return whole.Contains("_x", StringComparison.Ordinal) ? XmlConvert.DecodeName(whole)! : whole;
    }

    /// <summary>Whether a format says days or hours: one of their letters, outside of what is quoted, escaped or in brackets.</summary>
    internal static bool SaysDate(string format)
    {
        for (var i = 0; i < format.Length; i++)
        {
            switch (format[i])
            {
                case '"' or '[':
                    var end = format.IndexOf(format[i] == '"' ? '"' : ']', i + 1);
                    i = end < 0 ? format.Length : end;
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case 'y' or 'm' or 'd' or 'h' or 's' or 'Y' or 'M' or 'D' or 'H' or 'S':
                    return true;
                case 'G' or 'g':
                    // General, whatever follows.
                    return false;
                default:
                    break;
            }
        }
        return false;
    }

    /// <summary>The parts of the workbook by their ids: what they are, and where.</summary>
    private Dictionary<string, (string Kind, string Path)> Parts()
    {
        var parts = new Dictionary<string, (string, string)>();
        Visit("xl/_rels/workbook.xml.rels", xml =>
        {
            if (xml.LocalName == "Relationship" && xml.GetAttribute("Id") is { } id && xml.GetAttribute("Target") is { } target)
            {
                parts[id] = ((xml.GetAttribute("Type") ?? "").Split('/')[^1], target.StartsWith('/') ? target[1..] : "xl/" + target);
            }
        });
        return parts;
    }

    private void ReadTexts(string path)
    {
        using var xml = Open(path);
        var characters = 0L;
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "si")
            {
                _texts.Add(ReadText(xml));
                // Each takes memory of its own, even an empty one.
                characters += _texts[^1].Length + 16;
                if (characters > MostTextCharacters)
                {
                    throw new ImportFileException($"the workbook has more than {MostTextCharacters >> 20} million characters of text; save the sheet as CSV");
                }
            }
        }
    }

    private void ReadFormats(string path)
    {
        var (own, inCells) = (new Dictionary<int, bool>(), false);
        Visit(path, xml =>
        {
            switch (xml.LocalName)
            {
                case "numFmt" when int.TryParse(xml.GetAttribute("numFmtId"), CultureInfo.InvariantCulture, out var id):
                    own[id] = SaysDate(xml.GetAttribute("formatCode") ?? "");
                    break;
                case "cellXfs" or "cellStyleXfs" or "dxfs":
                    inCells = xml.LocalName == "cellXfs";
                    break;
                case "xf" when inCells:
                    var format = int.TryParse(xml.GetAttribute("numFmtId"), CultureInfo.InvariantCulture, out var number) ? number : 0;
                    _isDate.Add(own.TryGetValue(format, out var said) ? said : DateFormats.Contains(format));
                    break;
                default:
                    break;
            }
        });
    }

    private void Visit(string path, Action<XmlReader> element)
    {
        using var xml = Open(path);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                element(xml);
            }
        }
    }

    private XmlReader Open(string path)
        => XmlReader.Create(new BoundedStream((_zip.GetEntry(path) ?? throw new InvalidDataException($"it lacks its part {path}")).Open(), MostUnpackedBytes, "the workbook"), Settings);
}
