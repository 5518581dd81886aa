namespace GeoSanitation.Store.Layers;

/// <summary>What the values of a <see cref="LayerColumn"/> are.</summary>
public enum ColumnKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Whole,

    /// <summary>A number of double precision.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>An instant.</summary>
    Time,

    /// <summary>A list of texts.</summary>
    Texts,

    /// <summary>JSON of any form: shown, but not to be filtered or sorted by.</summary>
    Json,
}

/// <summary>An attribute of the features of a <see cref="Layer"/>: described here once, for every protocol, document and file that shows it.</summary>
public sealed record LayerColumn
{
    internal LayerColumn(string name, ColumnKind kind, string sql, string description)
        => (Name, Kind, Sql, Description) = (name, kind, sql, description);

    /// <summary>An attribute of features that no table holds.</summary>
    /// <param name="name">Its name, in snake_case.</param>
    /// <param name="kind">What its values are.</param>
    public static LayerColumn OfResult(string name, ColumnKind kind) => OfResult(name, kind, "");

    /// <summary>An attribute of features that are held and judged in memory; filters may name it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What its values are.</param>
    /// <param name="description">What it says of a feature, for people.</param>
    public static LayerColumn InMemory(string name, ColumnKind kind, string description) => new(name, kind, "", description) { IsInMemory = true };

    /// <summary>An attribute of hotspots.</summary>
    /// <param name="name">Its name, in snake_case.</param>
    /// <param name="kind">What its values are.</param>
    /// <param name="sql">Its value, where a table holds it; else empty.</param>
    internal static LayerColumn OfResult(string name, ColumnKind kind, string sql)
    {
        var (description, unit) = ResultColumns.Of(name);
        return new(name, kind, sql, description) { Unit = unit };
    }

    /// <summary>Its name, in snake_case.</summary>
    public string Name { get; }

    /// <summary>What its values are.</summary>
    public ColumnKind Kind { get; }

    /// <summary>What it says of a feature, for people.</summary>
    public string Description { get; }

    /// <summary>False where every feature has a value.</summary>
    public bool IsNullable { get; init; } = true;

    /// <summary>The values there are, where they are few and known; empty otherwise.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>True for what only some callers may see, and nobody else filter by.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Unit of a number, such as "m2"; null for a count or a degree without one.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether filters and orders may name it.</summary>
    public bool IsQueryable => !IsPrivate && Kind != ColumnKind.Json && (IsInMemory || Sql.Length > 0);

    /// <summary>Whether features may be sorted by it.</summary>
    public bool IsSortable => IsQueryable && Kind != ColumnKind.Texts;

    /// <summary>Whether no table holds it, and filters may name it all the same.</summary>
    private bool IsInMemory { get; init; }

    /// <summary>Its value, as an expression over the tables of the layer.</summary>
    internal string Sql { get; }

    /// <summary>Of a list, all its texts in one, commas between.</summary>
    internal string JoinedSql => $"array_to_string({Sql}, ',')";

    /// <summary>What it is sorted by, where that is not its value; never null, of type bigint.</summary>
    internal string? SortSql { get; init; }

    /// <summary>An expression that sorts as the column does, without nulls: what has no value comes after everything that has one. Also says the type of the expression.</summary>
    internal (string Sql, Type Type) SortKey => (SortSql, Kind, IsNullable) switch
    {
        ({ } own, _, _) => (own, typeof(long)),
        (_, ColumnKind.Text, false) => ($"{Sql} COLLATE \"C\"", typeof(string)),
        (_, ColumnKind.Text, true) => ($"coalesce({Sql}, chr(1114111)) COLLATE \"C\"", typeof(string)),
        (_, ColumnKind.Whole, false) => ($"({Sql})::bigint", typeof(long)),
        (_, ColumnKind.Whole, true) => ($"coalesce(({Sql})::bigint, {long.MaxValue})", typeof(long)),
        (_, ColumnKind.Number, _) => ($"coalesce({Sql}, 'NaN')::double precision", typeof(double)),
        (_, ColumnKind.Flag, _) => ($"coalesce(({Sql})::int, 2)::bigint", typeof(long)),
        (_, ColumnKind.Time, false) => (Sql, typeof(DateTime)),
        (_, ColumnKind.Time, true) => ($"coalesce({Sql}, 'infinity')", typeof(DateTime)),
        _ => throw new InvalidOperationException($"nothing is sorted by {Name}"),
    };
}
