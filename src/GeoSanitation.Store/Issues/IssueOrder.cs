using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Issues;

/// <summary>A key that issues are sorted by.</summary>
/// <param name="Name">One of <see cref="IssueOrder.Names"/>.</param>
/// <param name="Descending">Largest first.</param>
public sealed record IssueSortKey(string Name, bool Descending);

/// <summary>
/// A total order of issues: some keys, then the id. A page of it begins behind the keys of the last row of the page before, so that nothing is shown twice or left out
/// while rows are added. What has no value comes after everything that has one (before it, descending).
/// </summary>
public sealed class IssueOrder
{
    /// <summary>What can be sorted by, as SQL over <c>geosan.issue AS i</c>, and the type that comes of it.</summary>
    private static readonly Dictionary<string, (string Sql, Type Type)> Keys = new()
    {
        ["id"] = ("i.id", typeof(long)),
        ["reported_at"] = ("i.reported_at", typeof(DateTime)),
        ["accepted_at"] = ("coalesce(i.accepted_at, 'infinity')", typeof(DateTime)),
        ["dispatched_at"] = ("coalesce(i.dispatched_at, 'infinity')", typeof(DateTime)),
        ["resolved_at"] = ("coalesce(i.resolved_at, 'infinity')", typeof(DateTime)),
        ["closed_at"] = ("coalesce(i.closed_at, 'infinity')", typeof(DateTime)),
        ["due_at"] = ("coalesce(i.due_at, 'infinity')", typeof(DateTime)),
        ["created_at"] = ("i.created_at", typeof(DateTime)),
        ["updated_at"] = ("i.updated_at", typeof(DateTime)),
        ["severity"] = ("i.severity::bigint", typeof(long)),
        ["reopen_count"] = ("i.reopen_count::bigint", typeof(long)),
        ["status"] = ("array_position(ARRAY['reported', 'accepted', 'dispatched', 'resolved', 'closed', 'rejected'], i.status)::bigint", typeof(long)),
        ["category"] = ("i.category_code COLLATE \"C\"", typeof(string)),
        ["source"] = ("i.source COLLATE \"C\"", typeof(string)),
        ["external_id"] = ("i.external_id COLLATE \"C\"", typeof(string)),
        ["department"] = ("coalesce(i.department, chr(1114111)) COLLATE \"C\"", typeof(string)),
        ["responsible"] = ("coalesce(i.responsible, chr(1114111)) COLLATE \"C\"", typeof(string)),
    };

    private readonly IReadOnlyList<IssueSortKey> _keys;

    /// <param name="keys">Keys of <see cref="Names"/>, each once, the weightiest first; the id is added where it is not one of them.</param>
    /// <exception cref="ArgumentException">A key is not known, or there twice.</exception>
    public IssueOrder(params IReadOnlyList<IssueSortKey> keys)
    {
        if (keys.Any(k => !Keys.ContainsKey(k.Name)) || keys.DistinctBy(k => k.Name).Count() != keys.Count)
        {
            throw new ArgumentException("an unknown key, or the same one twice", nameof(keys));
        }
        _keys = keys.Any(k => k.Name == "id") ? keys : [.. keys, new IssueSortKey("id", keys is [.., var last] && last.Descending)];
    }

    /// <summary>Everything that can be sorted by.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Keys.Keys];

    /// <summary>Types of the keys: long, string or DateTime.</summary>
    public IReadOnlyList<Type> Types => [.. _keys.Select(k => Keys[k.Name].Type)];

    /// <summary>The order in the words of <c>sortby</c>: "-reported_at,-id".</summary>
    public override string ToString() => string.Join(',', _keys.Select(k => (k.Descending ? "-" : "") + k.Name));

    /// <summary>The keys as columns k0, k1 ...</summary>
    internal string Columns => string.Join(", ", _keys.Select((k, i) => $"{Keys[k.Name].Sql} AS k{i}"));

    /// <summary>The order of those columns.</summary>
    internal string OrderBy(string alias) => string.Join(", ", _keys.Select((k, i) => $"{alias}k{i}{(k.Descending ? " DESC" : "")}"));

    /// <summary>The order over the table itself, for an index to serve.</summary>
    internal string OrderByTable => string.Join(", ", _keys.Select(k => Keys[k.Name].Sql + (k.Descending ? " DESC" : "")));

    /// <summary>The keys of a row, from a column on.</summary>
    internal IReadOnlyList<object> Read(NpgsqlDataReader reader, int firstColumn)
        => [.. _keys.Select((k, i) => reader.GetValue(firstColumn + i))];

    internal int Count => _keys.Count;

    /// <summary>The condition that a row comes behind some keys; they are added to the command as parameters.</summary>
    internal string After(IReadOnlyList<object> keys, NpgsqlParameterCollection parameters)
    {
        var names = new string[_keys.Count];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = $"@after{i}";
            parameters.Add(new($"after{i}", keys[i] switch { DateTime => NpgsqlDbType.TimestampTz, long => NpgsqlDbType.Bigint, _ => NpgsqlDbType.Text }) { Value = keys[i] });
        }
        if (_keys.All(k => k.Descending == _keys[0].Descending))
        {
            // A comparison of rows, which an index of the same columns serves.
            return $"({string.Join(", ", _keys.Select(k => Keys[k.Name].Sql))}) {Behind(_keys[0])} ({string.Join(", ", names)})";
        }
        var equal = "";
        var cases = new List<string>();
        for (var i = 0; i < names.Length; i++)
        {
            cases.Add($"({equal}{Keys[_keys[i].Name].Sql} {Behind(_keys[i])} {names[i]})");
            equal += $"{Keys[_keys[i].Name].Sql} = {names[i]} AND ";
        }
        return $"({string.Join(" OR ", cases)})";

        static string Behind(IssueSortKey key) => key.Descending ? "<" : ">";
    }
}
