using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using static GeoSanitation.Server.FeatureForms.NumberText;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>
/// Issues as GeoJSON features straight from the columns in memory: what <see cref="RowJson"/> writes of rows of the database, in a small part of the time, for those
/// attributes that the columns hold.
/// </summary>
internal sealed class ColumnJson
{
    private const int Frame = 96 + LongestNumber + 2 * LongestDegrees; // all of a feature but its attributes

    private static readonly ReadValues[] Place = [IssueValues.BitsOf(chunk => chunk.LonDegrees), IssueValues.BitsOf(chunk => chunk.LatDegrees)];

    private readonly List<Attribute> _attributes = [];
    private readonly DataView _view;

    private ColumnJson(DataView view) => _view = view;

    /// <summary>Writes an attribute of an issue.</summary>
    private delegate int WriteValue(Span<byte> at, long value);

    /// <summary>An attribute of issues.</summary>
    /// <param name="Read">Its values as numbers.</param>
    /// <param name="Write">What is written of a value.</param>
    /// <param name="Longest">Most bytes of it.</param>
    private sealed record Attribute(ReadValues Read, WriteValue Write, int Longest);

    /// <summary>Something that writes these attributes of issues; null where the columns do not hold one of them.</summary>
    /// <param name="view">The data.</param>
    /// <param name="columns">Attributes of <see cref="LayerCatalog.Issues"/>.</param>
    internal static ColumnJson? Of(DataView view, IReadOnlyList<LayerColumn> columns)
    {
        var json = new ColumnJson(view);
        for (var c = 0; c < columns.Count; c++)
        {
            if (json.Column(columns[c].Name, (c > 0 ? "," : "") + JsonSerializer.Serialize(columns[c].Name) + ":") is not { } attribute)
            {
                return null;
            }
            json._attributes.Add(attribute);
        }
        return json;
    }

    /// <summary>Writes features as an array.</summary>
    /// <param name="page">The issues.</param>
    /// <param name="count">How many of them, from the first on.</param>
    /// <param name="output">Where to.</param>
    internal void Write(IssuesById page, int count, IBufferWriter<byte> output)
    {
        var longest = Frame + _attributes.Sum(a => a.Longest);
        var width = Place.Length + _attributes.Count;
        var rented = ArrayPool<long>.Shared.Rent(width * page.Parts.Sum(part => part.Count));
        var values = rented.AsSpan();
        page.Read([.. Place, .. _attributes.Select(a => a.Read)], values);
        var writes = _attributes.Select(a => a.Write).ToArray();
        output.Write("["u8);
        var at = output.GetSpan(count * longest);
        var n = 0;
        for (var r = 0; r < count; r++)
        {
            if (r > 0)
            {
                at[n++] = (byte)',';
            }
            n += WriteFeature(at[n..], page.Ids[r], values.Slice(page.Order[r] * width, width), writes);
        }
        output.Advance(n);
        output.Write("]"u8);
        ArrayPool<long>.Shared.Return(rented);
    }

    /// <remarks>Not inlined: it needs the registers for itself.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int WriteFeature(Span<byte> at, long id, ReadOnlySpan<long> values, WriteValue[] writes)
    {
        var n = Put(at, 0, "{\"type\":\"Feature\",\"id\":"u8);
        n += Number(at[n..], id);
        n = Put(at, n, ",\"geometry\":{\"type\":\"Point\",\"coordinates\":["u8);
        n += Degrees(at[n..], BitConverter.Int64BitsToDouble(values[0]));
        at[n++] = (byte)',';
        n += Degrees(at[n..], BitConverter.Int64BitsToDouble(values[1]));
        n = Put(at, n, "]},\"properties\":{"u8);
        values = values[Place.Length..];
        for (var a = 0; a < writes.Length; a++)
        {
            n += writes[a](at[n..], values[a]);
        }
        return Put(at, n, "}}"u8);
    }

    private Attribute? Column(string name, string key)
    {
        var (columns, tables) = (_view.Columns, _view.Tables);
        return name switch
        {
            "id" => WholeNumber(key, IssueValues.Of((chunk, i) => chunk.Ids[i])),
            "severity" => WholeNumber(key, IssueValues.Of(chunk => chunk.Marks, marks => IssueChunk.SeverityOf(marks))),
            "status" => Texts(key, [.. IssuePoints.Statuses], IssueValues.Of(chunk => chunk.Marks, marks => IssueChunk.StatusOf(marks))),
            "category" => Texts(key, columns.Categories.Values(), IssueValues.Of(chunk => chunk.Category)),
            "source" => Texts(key, columns.Sources.Values(), IssueValues.Of(chunk => chunk.Source)),
            "department" => Texts(key, Array.ConvertAll(columns.Charges.Values(), charge => charge?.Department), IssueValues.Of(chunk => chunk.Charge)),
            "ward" => Texts(key, ById(tables.Wards.Select(w => (w.Id, w.Code))), IssueValues.Of(chunk => chunk.Ward)),
            "round" => Texts(key, ById(tables.Rounds.Select(r => (r.Id, r.Round.Code))), IssueValues.Of(chunk => chunk.Round)),
            "location_quality" => Texts(key, ["ok", "default_point"], IssueValues.Of((chunk, i) => (chunk.Traits[i] & IssueTraits.DefaultPoint) != 0 ? 1 : 0)),
            "overdue" => Words(key, ["false", "true"], IssueValues.Of((chunk, i) => _view.IsOverdue(chunk, i) ? 1 : 0)),
            "relapse" => Words(key, ["false", "true"], IssueValues.Of((chunk, i) => (chunk.Traits[i] & IssueTraits.Relapse) != 0 ? 1 : 0)),
            "reported_at" => Time(key, IssueValues.Of(chunk => chunk.ReportedAt)),
            "due_at" => Time(key, IssueValues.Of(chunk => chunk.DueAt)),
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

    private static Attribute Texts(string key, string?[] texts, ReadValues number)
        => Words(key, [.. texts.Select(text => text is null ? "null" : JsonSerializer.Serialize(text, JsonForm.Options))], number);

    private static Attribute Words(string key, string[] words, ReadValues number)
    {
        // All as long as the longest, as copying always the same length takes no guess.
        var written = Array.ConvertAll(words, word => Encoding.UTF8.GetBytes(key + word));
        var longest = written.Max(word => word.Length);
        var padded = new byte[words.Length * longest];
        for (var w = 0; w < words.Length; w++)
        {
            written[w].CopyTo(padded, w * longest);
        }
        var lengths = Array.ConvertAll(written, word => word.Length);
        return new Attribute(number, (at, value) =>
        {
            padded.AsSpan((int)value * longest, longest).CopyTo(at);
            return lengths[value];
        }, longest);
    }

    private static Attribute WholeNumber(string key, ReadValues number)
    {
        var start = Encoding.UTF8.GetBytes(key);
        return new Attribute(number, (at, value) =>
        {
            start.CopyTo(at);
            return start.Length + Number(at[start.Length..], value);
        }, start.Length + LongestNumber);
    }

    private static Attribute Time(string key, ReadValues microseconds)
    {
        var start = Encoding.UTF8.GetBytes(key);
        return new Attribute(microseconds, (at, value) =>
        {
            start.CopyTo(at);
            return start.Length + Instant(at[start.Length..], value);
        }, start.Length + LongestInstant);
    }
}
