using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>
/// Issues as GeoJSON features straight from the columns in memory: what <see cref="RowJson"/> writes of rows of the database, in a small part of the time, for those
/// attributes that the columns hold.
/// </summary>
internal sealed class ColumnJson
{
    private const int Batch = 64;
    private const int Frame = 160; // all of a feature but its attributes
    private const int LongestNumber = 24;
    private const int LongestTime = 32;

    private static readonly int FirstDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private readonly List<(int Longest, Func<IssuesById, WriteColumn> Read)> _columns = [];
    private readonly DataView _view;

    private ColumnJson(DataView view) => _view = view;

    /// <summary>Writes an attribute of an issue, by its place in a page.</summary>
    private delegate int WriteColumn(Span<byte> at, int place);

    /// <summary>Something that writes these attributes of issues; null where the columns do not hold one of them.</summary>
    /// <param name="view">The data.</param>
    /// <param name="columns">Attributes of <see cref="LayerCatalog.Issues"/>.</param>
    internal static ColumnJson? Of(DataView view, IReadOnlyList<LayerColumn> columns)
    {
        var json = new ColumnJson(view);
        for (var c = 0; c < columns.Count; c++)
        {
            if (json.Column(columns[c].Name, (c > 0 ? "," : "") + JsonSerializer.Serialize(columns[c].Name) + ":") is not { } column)
            {
                return null;
            }
            json._columns.Add(column);
        }
        return json;
    }

    /// <summary>Writes features as an array.</summary>
    /// <param name="page">The issues.</param>
    /// <param name="count">How many of them, from the first on.</param>
    /// <param name="output">Where to.</param>
    internal void Write(IssuesById page, int count, IBufferWriter<byte> output)
    {
        var longest = Frame + _columns.Sum(c => c.Longest);
        var columns = _columns.Select(c => c.Read(page)).ToArray();
        var (ids, lon, lat) = (page.Read((chunk, i) => chunk.Ids[i]), page.Read((chunk, i) => chunk.LonDegrees[i]), page.Read((chunk, i) => chunk.LatDegrees[i]));
        output.Write("["u8);
        for (var first = 0; first < count; first += Batch)
        {
            var end = Math.Min(first + Batch, count);
            var at = output.GetSpan((end - first) * longest);
            var n = 0;
            for (var r = first; r < end; r++)
            {
                var place = page.Order[r];
                n = r == 0 ? n : Put(at, n, ","u8);
                n = Put(at, n, "{\"type\":\"Feature\",\"id\":"u8);
                n += Number(at[n..], ids[place]);
                n = Put(at, n, ",\"geometry\":{\"type\":\"Point\",\"coordinates\":["u8);
                n = Degrees(at, n, lon[place]);
                at[n++] = (byte)',';
                n = Degrees(at, n, lat[place]);
                n = Put(at, n, "]},\"properties\":{"u8);
                foreach (var write in columns)
                {
                    n += write(at[n..], place);
                }
                n = Put(at, n, "}}"u8);
            }
            output.Advance(n);
        }
        output.Write("]"u8);
    }

    private (int Longest, Func<IssuesById, WriteColumn> Read)? Column(string name, string key)
    {
        var (columns, tables) = (_view.Columns, _view.Tables);
        return name switch
        {
            "id" => WholeNumber(key, (chunk, i) => chunk.Ids[i]),
            "severity" => WholeNumber(key, (chunk, i) => chunk.Severity(i)),
            "status" => Texts(key, [.. IssuePoints.Statuses], (chunk, i) => chunk.Status(i)),
            "category" => Texts(key, columns.Categories.Values(), (chunk, i) => chunk.Category[i]),
            "source" => Texts(key, columns.Sources.Values(), (chunk, i) => chunk.Source[i]),
            "department" => Texts(key, Array.ConvertAll(columns.Charges.Values(), charge => charge?.Department), (chunk, i) => chunk.Charge[i]),
            "ward" => Texts(key, ById(tables.Wards.Select(w => (w.Id, w.Code))), (chunk, i) => chunk.Ward[i]),
            "round" => Texts(key, ById(tables.Rounds.Select(r => (r.Id, r.Round.Code))), (chunk, i) => chunk.Round[i]),
            "location_quality" => Texts(key, ["ok", "default_point"], (chunk, i) => (chunk.Traits[i] & IssueTraits.DefaultPoint) != 0 ? 1 : 0),
            "overdue" => Words(key, ["false", "true"], (chunk, i) => _view.IsOverdue(chunk, i) ? 1 : 0),
            "relapse" => Words(key, ["false", "true"], (chunk, i) => (chunk.Traits[i] & IssueTraits.Relapse) != 0 ? 1 : 0),
            "reported_at" => Time(key, (chunk, i) => chunk.ReportedAt[i]),
            "due_at" => Time(key, (chunk, i) => chunk.DueAt[i]),
            _ => null,
        };
    }

    /// <summary>Texts by number, null for those that there are not.</summary>
    private static string?[] ById(IEnumerable<(int Id, string Code)> rows)
    {
        var known = rows.ToList();
        var texts = new string?[known.Select(r => r.Id).DefaultIfEmpty(0).Max() + 1];
        foreach (var (id, code) in known)
        {
            texts[id] = code;
        }
        return texts;
    }

    private static (int, Func<IssuesById, WriteColumn>) Texts(string key, string?[] texts, Func<IssueChunk, int, int> number)
        => Words(key, [.. texts.Select(text => text is null ? "null" : JsonSerializer.Serialize(text, JsonForm.Options))], number);

    private static (int, Func<IssuesById, WriteColumn>) Words(string key, string[] words, Func<IssueChunk, int, int> number)
    {
        var written = Array.ConvertAll(words, word => Encoding.UTF8.GetBytes(key + word));
        return (written.Max(w => w.Length), page =>
        {
            var numbers = page.Read(number);
            return (at, place) =>
            {
                var word = written[numbers[place]];
                word.CopyTo(at);
                return word.Length;
            };
        }
        );
    }

    private static (int, Func<IssuesById, WriteColumn>) WholeNumber(string key, Func<IssueChunk, int, long> number)
    {
        var start = Encoding.UTF8.GetBytes(key);
        return (start.Length + LongestNumber, page =>
        {
            var numbers = page.Read(number);
            return (at, place) =>
            {
                start.CopyTo(at);
                return start.Length + Number(at[start.Length..], numbers[place]);
            };
        }
        );
    }

    private static (int, Func<IssuesById, WriteColumn>) Time(string key, Func<IssueChunk, int, long> microseconds)
    {
        var start = Encoding.UTF8.GetBytes(key);
        return (start.Length + LongestTime, page =>
        {
            var times = page.Read(microseconds);
            return (at, place) =>
            {
                start.CopyTo(at);
                return start.Length + Instant(at[start.Length..], times[place]);
            };
        }
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(Span<byte> at, int n, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(at[n..]);
        return n + bytes.Length;
    }

    private static int Number(Span<byte> at, long value)
    {
        Utf8Formatter.TryFormat(value, at, out var length);
        return length;
    }

    /// <summary>Degrees to the seventh decimal, about a centimeter; zeros at the end left out.</summary>
    private static int Degrees(Span<byte> at, int n, double degrees)
    {
        const uint unit = 10_000_000;
        var value = (int)Math.Round(degrees * unit);
        if (value < 0)
        {
            at[n++] = (byte)'-';
        }
        var (whole, rest) = Math.DivRem((uint)Math.Abs(value), unit);
        n += Number(at[n..], whole);
        if (rest == 0)
        {
            return n;
        }
        var (first, others) = Math.DivRem(rest, 1_000_000);
        (at[n], at[n + 1]) = ((byte)'.', (byte)('0' + first));
        n = Two(at, n + 2, others / 10_000);
        n = Two(at, n, others / 100 % 100);
        n = Two(at, n, others % 100);
        while (at[n - 1] == '0')
        {
            n--;
        }
        return n;
    }

    /// <summary>A time as <see cref="JsonForm.Time"/> writes it, in quotation marks; null for no deadline.</summary>
    private static int Instant(Span<byte> at, long microseconds)
    {
        if (microseconds == IssueChunk.NeverDue)
        {
            return Put(at, 0, "null"u8);
        }
        var day = Math.DivRem(microseconds, TimeSpan.MicrosecondsPerDay, out var time);
        if (time < 0)
        {
            (day, time) = (day - 1, time + TimeSpan.MicrosecondsPerDay);
        }
        var (year, month, dayOfMonth) = DateOnly.FromDayNumber(FirstDay + (int)day);
        at[0] = (byte)'"';
        var n = Two(at, 1, (uint)year / 100);
        n = Two(at, n, (uint)year % 100);
        at[n++] = (byte)'-';
        n = Two(at, n, (uint)month);
        at[n++] = (byte)'-';
        n = Two(at, n, (uint)dayOfMonth);
        at[n++] = (byte)'T';
        var (seconds, fraction) = ((uint)(time / 1_000_000), (uint)(time % 1_000_000));
        n = Two(at, n, seconds / 3600);
        at[n++] = (byte)':';
        n = Two(at, n, seconds / 60 % 60);
        at[n++] = (byte)':';
        n = Two(at, n, seconds % 60);
        if (fraction != 0)
        {
            at[n++] = (byte)'.';
            for (var part = 100_000u; fraction != 0; part /= 10)
            {
                at[n++] = (byte)('0' + fraction / part);
                fraction %= part;
            }
        }
        return Put(at, n, "Z\""u8);
    }

    /// <summary>A number below 100 in two digits.</summary>
    private static int Two(Span<byte> at, int n, uint value)
    {
        var tens = value / 10;
        (at[n + 1], at[n]) = ((byte)('0' + value - 10 * tens), (byte)('0' + tens));
        return n + 2;
    }
}
