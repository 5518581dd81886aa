using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Layers;

/// <summary>A key that features are sorted by.</summary>
/// <param name="Column">A sortable attribute.</param>
/// <param name="Descending">Largest first.</param>
public sealed record SortKey(LayerColumn Column, bool Descending);

/// <summary>
/// A total order of the features of a layer: some attributes, then the number of the row. A page of it begins behind the keys of the last row of the page before, so
/// that nothing is shown twice or left out while rows are added. What has no value comes after everything that has one (before it, descending).
/// </summary>
public sealed class RowOrder
{
    /// <summary>Most keys that a text may name.</summary>
    public const int MostNamed = 4;

    private readonly (string Sql, Type Type, bool Descending)[] _keys;
    private readonly string _text;

    /// <param name="layer">The layer.</param>
    /// <param name="keys">Sortable attributes of it, each once, the weightiest first.</param>
    /// <exception cref="ArgumentException">An attribute is there twice, or nothing is sorted by it.</exception>
    public RowOrder(Layer layer, params IReadOnlyList<SortKey> keys)
    {
        if (keys.Any(k => !k.Column.IsSortable) || keys.DistinctBy(k => k.Column.Name).Count() != keys.Count)
        {
            throw new ArgumentException("an attribute that nothing is sorted by, or the same one twice", nameof(keys));
        }
        var descending = keys is [.., { Descending: true }];
        _keys = [.. keys.Select(k => (k.Column.SortKey.Sql, k.Column.SortKey.Type, k.Descending)), ($"{layer.Number}::bigint", typeof(long), descending)];
        if (keys.Any(k => k.Column.Sql == layer.Number))
        {
            _keys = _keys[..^1];
        }
        _text = string.Join(',', keys.Select(k => (k.Descending ? "-" : "") + k.Column.Name));
    }

    /// <summary>The order that a text names: attributes with commas between, the weightiest first, a minus before one that goes down ("-severity,due_at").</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="text">The text.</param>
    /// <param name="among">The attributes that may be named.</param>
    /// <returns>Null when it names another one, one twice, or more than <see cref="MostNamed"/>.</returns>
    public static RowOrder? Of(Layer layer, string text, IReadOnlyCollection<LayerColumn> among)
    {
        // A plus sign that was not percent-encoded arrives as a space.
        var keys = text.Split(',').Select(key => (Column: layer.Find(key.TrimStart('-', '+', ' ')), Descending: key.StartsWith('-'))).ToList();
        return keys.Count <= MostNamed && keys.All(k => k.Column is not null && among.Contains(k.Column)) && keys.DistinctBy(k => k.Column).Count() == keys.Count
            ? new RowOrder(layer, [.. keys.Select(k => new SortKey(k.Column!, k.Descending))])
            : null;
    }

    /// <summary>Types of the keys: long, double, string or DateTime.</summary>
    public IReadOnlyList<Type> Types => Array.ConvertAll(_keys, k => k.Type);

    /// <summary>The order in the words of <c>sortby</c>: "-reported_at".</summary>
    public override string ToString() => _text;

    /// <summary>The keys as columns k0, k1 ...</summary>
    internal string Columns => string.Join(", ", _keys.Select((k, i) => $"{k.Sql} AS k{i}"));

    /// <summary>The order of those columns.</summary>
    internal string OrderByColumns => string.Join(", ", _keys.Select((k, i) => $"page.k{i}{(k.Descending ? " DESC" : "")}"));

    /// <summary>The order over the tables themselves, for an index to serve.</summary>
    internal string OrderByTable => string.Join(", ", _keys.Select(k => k.Sql + (k.Descending ? " DESC" : "")));

    /// <summary>Names of the key columns, of the table page.</summary>
    internal string Keys => string.Join(", ", _keys.Select((_, i) => $"page.k{i}"));

    /// <summary>The keys of a row, from a column on.</summary>
    internal IReadOnlyList<object> Read(NpgsqlDataReader reader, int firstColumn) => [.. _keys.Select((_, i) => reader.GetValue(firstColumn + i))];

    /// <summary>The condition that a row comes behind some keys; they are added to the command as parameters.</summary>
    internal string After(IReadOnlyList<object> keys, NpgsqlParameterCollection parameters)
    {
        var names = new string[_keys.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = $"@after{i}";
            parameters.Add(new($"after{i}", keys[i] switch { DateTime => NpgsqlDbType.TimestampTz, long => NpgsqlDbType.Bigint, double => NpgsqlDbType.Double, _ => NpgsqlDbType.Text }) { Value = keys[i] });
        }
        if (_keys.All(k => k.Descending == _keys[0].Descending))
        {
            // A comparison of rows, which an index of the same columns serves.
            return $"({string.Join(", ", _keys.Select(k => k.Sql))}) {Behind(_keys[0].Descending)} ({string.Join(", ", names)})";
        }
        var equal = "";
        var cases = new List<string>();
        for (var i = 0; i < names.Length; i++)
        {
            cases.Add($"({equal}{_keys[i].Sql} {Behind(_keys[i].Descending)} {names[i]})");
            equal += $"{_keys[i].Sql} = {names[i]} AND ";
        }
        return $"({string.Join(" OR ", cases)})";

        static string Behind(bool descending) => descending ? "<" : ">";
    }
}
