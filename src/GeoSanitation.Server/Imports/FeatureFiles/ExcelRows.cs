using System.Globalization;
using System.Xml;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>The rows of a workbook's first sheet. The header is the first row with two filled cells or more: a title may stand above it.</summary>
internal sealed class ExcelRows : FeatureFile
{
    private const int MostColumns = 4_000;

    private readonly ExcelBook _book;
    private readonly XmlReader _sheet;
    private readonly Dictionary<int, string> _cells = [];
    private readonly int[] _columns;

    /// <summary>Reads as far as the header.</summary>
    /// <param name="file">The file; whoever has it closes it.</param>
    internal ExcelRows(Stream file) : base("Excel workbook")
    {
        HasShapes = false;
        _book = new ExcelBook(file);
        try
        {
            Warning = _book.Sheets > 1 ? $"the workbook has {_book.Sheets} sheets; the first, {_book.SheetName}, was read" : null;
            _sheet = _book.OpenSheet();
            do
            {
                if (!ReadRow())
                {
                    throw new ImportFileException($"the sheet {_book.SheetName} has no row of headers");
                }
            }
            while (_cells.Count < 2);
            _columns = [.. _cells.Keys.Order()];
            Columns = [.. _columns.Select(c => _cells[c])];
            Texts = new string[_columns.Length];
        }
        catch
        {
            _sheet?.Dispose();
            _book.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _sheet.Dispose();
        _book.Dispose();
    }

    private protected override bool Next()
    {
        do
        {
            if (!ReadRow())
            {
                return false;
            }
            for (var i = 0; i < Texts.Length; i++)
            {
                Texts[i] = _cells.GetValueOrDefault(_columns[i], "");
            }
        }
        // Cells beside the table are no row of it.
        while (Texts.All(text => text.Length == 0));
        return true;
    }

    /// <summary>Reads the next row with its filled cells; false after the last.</summary>
    private bool ReadRow()
    {
        while (_sheet.Read())
        {
            if (_sheet.NodeType == XmlNodeType.Element && _sheet.LocalName == "row")
            {
                Number = long.TryParse(_sheet.GetAttribute("r"), CultureInfo.InvariantCulture, out var number) ? number : Number + 1;
                ReadCells();
                return true;
            }
        }
        return false;
    }

    private void ReadCells()
    {
        _cells.Clear();
        if (_sheet.IsEmptyElement)
        {
            return;
        }
        var (depth, column) = (_sheet.Depth, -1);
        while (_sheet.Read() && _sheet.Depth > depth)
        {
            if (_sheet.NodeType != XmlNodeType.Element || _sheet.LocalName != "c")
            {
                continue;
            }
            column = _sheet.GetAttribute("r") is { } at ? ColumnOf(at) : column + 1;
            if (column >= MostColumns)
            {
                throw new NotSupportedException($"it has more than {MostColumns} columns");
            }
            if (ReadCell().Trim() is { Length: > 0 } text)
            {
                _cells[column] = text;
            }
        }
    }

    private string ReadCell()
    {
        var (type, format) = (_sheet.GetAttribute("t"), int.TryParse(_sheet.GetAttribute("s"), CultureInfo.InvariantCulture, out var style) ? style : 0);
        if (_sheet.IsEmptyElement)
        {
            return "";
        }
        var (value, depth) = ("", _sheet.Depth);
        while (_sheet.Read() && _sheet.Depth > depth)
        {
            if (_sheet.NodeType == XmlNodeType.Element && _sheet.LocalName is "v" or "is")
            {
                value = ExcelBook.ReadText(_sheet);
            }
        }
        return type switch
        {
            "s" => _book.TextOf(int.TryParse(value, CultureInfo.InvariantCulture, out var index) ? index : -1),
            "b" => value == "1" ? "true" : "false",
            null or "n" when double.TryParse(value, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => _book.IsDate(format) ? DateOf(number) : TextOf(number),
            _ => value,
        };
    }

    /// <summary>A number of days as a date; the year 1900 is no leap year, though Excel counts it as one.</summary>
    private string DateOf(double days)
    {
        if (days is < 0 or >= 2_958_466)
        {
            return TextOf(days);
        }
        var start = _book.StartsIn1904 ? new DateTime(1904, 1, 1) : days < 60 ? new DateTime(1899, 12, 31) : new DateTime(1899, 12, 30);
        return TextOf(start.AddMilliseconds(Math.Round(days * 86_400_000)));
    }

    // BC12 is column 54, counted from 0.
    private static int ColumnOf(string cell)
    {
        var column = 0;
        foreach (var letter in cell.TakeWhile(char.IsAsciiLetterUpper))
        {
            column = Math.Min(26 * column + letter - 'A' + 1, MostColumns + 1);
        }
        return column > 0 ? column - 1 : throw new InvalidDataException($"a cell is said to be at {(cell.Length > 20 ? cell[..20] : cell)}");
    }
}
