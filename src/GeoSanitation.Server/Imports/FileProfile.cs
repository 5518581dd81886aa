using System.Globalization;

namespace GeoSanitation.Server.Imports;

/// <summary>What the first rows of a file give away: how dates are written, and whether coordinates are degrees.</summary>
internal sealed class FileProfile
{
    private static readonly string[] TimeProperties = ["reported_at", "accepted_at", "dispatched_at", "resolved_at", "closed_at", "due_at"];

    private readonly Dictionary<string, DayOrder> _orders = [];
    private readonly List<string> _warnings = [];
    private int _places;
    private int _degrees;
    private int _swappedDegrees;
    private (string X, string Y) _example;

    internal IReadOnlyDictionary<string, DayOrder> DayOrders => _orders;

    internal IReadOnlyList<string> Warnings => _warnings;

    /// <summary>True when a time without an offset was seen.</summary>
    internal bool HasLocalTimes { get; private set; }

    internal static FileProfile Of(string path, IssueMapping mapping, int rows)
    {
        using var reader = RecordReader.Open(path);
        var profile = new FileProfile();
        var times = TimeProperties.Where(p => mapping[p] is { Format: null, Column: not null })
            .Select(property => (Property: property, Column: IndexOf(reader, mapping[property]!.Column!), Orders: new int[2], Open: new int[1])).ToList();
        var (x, y) = (IndexOf(reader, mapping["lon"]?.Column), IndexOf(reader, mapping["lat"]?.Column));
        for (var i = 0; i < rows && reader.Read(); i++)
        {
            if (reader.Defect is not null)
            {
                continue;
            }
            foreach (var (_, column, orders, open) in times)
            {
                var text = reader[column].Span;
                if (TimeText.OrderOf(text) is { } order)
                {
                    orders[(int)order]++;
                }
                else if (TimeText.NeedsOrder(text))
                {
                    open[0]++;
                }
                profile.HasLocalTimes |= TimeText.TryRead(text, DayOrder.MonthFirst, out var time) ? time.Offset is null : !text.IsEmpty;
            }
            if (x >= 0 && y >= 0)
            {
                profile.AddPlace(reader[x].Span, reader[y].Span);
            }
        }
        foreach (var (property, _, orders, open) in times)
        {
            profile._orders[property] = orders[(int)DayOrder.DayFirst] > orders[(int)DayOrder.MonthFirst] ? DayOrder.DayFirst : DayOrder.MonthFirst;
            if (open[0] > 0 && orders.All(n => n == 0))
            {
                // Another time column of the same file, written by the same hand, may tell.
                var others = times.Select(t => t.Orders).ToList();
                if (others.Sum(o => o[0]) + others.Sum(o => o[1]) is 0)
                {
                    profile._warnings.Add($"dates of {mapping[property]!.Column} could be month/day or day/month; they were read as month/day (give a format in the mapping)");
                }
                else if (others.Sum(o => o[(int)DayOrder.DayFirst]) > others.Sum(o => o[(int)DayOrder.MonthFirst]))
                {
                    profile._orders[property] = DayOrder.DayFirst;
                }
            }
        }
        return profile;
    }

    /// <summary>Refuses a file that names no coordinate system when most of its coordinates cannot be degrees.</summary>
    /// <exception cref="ImportFileException">They cannot.</exception>
    internal void RefuseUnlessDegrees(IssueMapping mapping)
    {
        if (_places == 0 || 2 * _degrees >= _places)
        {
            return;
        }
        var columns = $"{mapping["lon"]!.Column} and {mapping["lat"]!.Column}";
        throw new ImportFileException(2 * _swappedDegrees >= _places
            ? $"{columns} look like latitude and longitude in the wrong order ({_example.X}, {_example.Y}); say which is which: {{\"lon\": \"COLUMN\", \"lat\": \"COLUMN\"}} (--map)"
            : $"{columns} are not degrees ({_example.X}, {_example.Y}) and the file does not say its coordinate system; say it with --crs, such as --crs EPSG:4547");
    }

    private void AddPlace(ReadOnlySpan<byte> xText, ReadOnlySpan<byte> yText)
    {
        if (!double.TryParse(xText, NumberStyles.Float, CultureInfo.InvariantCulture, out var x)
            || !double.TryParse(yText, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) || !double.IsFinite(x) || !double.IsFinite(y))
        {
            return;
        }
        _places++;
        if (Math.Abs(x) <= 180 && Math.Abs(y) <= 90)
        {
            _degrees++;
            return;
        }
        _swappedDegrees += Math.Abs(y) <= 180 && Math.Abs(x) <= 90 ? 1 : 0;
        _example = _places - _degrees == 1 ? (x.ToString(CultureInfo.InvariantCulture), y.ToString(CultureInfo.InvariantCulture)) : _example;
    }

    private static int IndexOf(RecordReader reader, string? column)
    {
        for (var i = 0; i < reader.Columns.Count; i++)
        {
            if (reader.Columns[i] == column)
            {
                return i;
            }
        }
        return -1;
    }
}
