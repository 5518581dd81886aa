using GeoSanitation.Store.Predicates;
using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Layers;

/// <summary>Groups of features that have the same values, with statistics of each; groups without statistics are the different values that there are.</summary>
/// <param name="Query">Which features; what it says of columns, shapes, order and pages does not matter.</param>
public sealed record FeatureGroups(FeatureQuery Query)
{
    /// <summary>The attributes that features of a group have in common; none makes one group of all.</summary>
    public IReadOnlyList<LayerColumn> By { get; init; } = [];

    /// <summary>What is said of each group.</summary>
    public IReadOnlyList<Statistic> Statistics { get; init; } = [];

    /// <summary>Which groups; null for all.</summary>
    public Predicate? Having { get; init; }

    /// <summary>The order, by position among <see cref="By"/> and then <see cref="Statistics"/>; then by <see cref="By"/>. No value comes last, first descending.</summary>
    public IReadOnlyList<(int Position, bool Descending)> Order { get; init; } = [];

    /// <summary>So many are passed over.</summary>
    public long Offset { get; init; }

    /// <summary>At most so many; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>The groups: values of <see cref="By"/>, then <see cref="Statistics"/>, each a string, long, double, bool, UTC DateTime or null; lists are texts with commas between.</summary>
    public async Task<IReadOnlyList<object?[]>> ReadAsync(Database database, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand();
        var order = Order.Concat(Enumerable.Range(0, By.Count).Where(i => Order.All(o => o.Position != i)).Select(i => (Position: i, Descending: false)))
            .Select(o => $"g.v{o.Position}{(KindOf(o.Position) == ColumnKind.Text ? " COLLATE \"C\"" : "")}{(o.Descending ? " DESC" : "")}").ToList();
        command.CommandText = $"SELECT * FROM ({Sql(command.Parameters)}) AS g {(order.Count > 0 ? "ORDER BY " + string.Join(", ", order) : "")} LIMIT @take OFFSET @skip";
        command.Parameters.Add(new("take", NpgsqlDbType.Bigint) { Value = Limit is { } limit ? limit : DBNull.Value });
        command.Parameters.Add(new("skip", NpgsqlDbType.Bigint) { Value = Offset });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var groups = new List<object?[]>();
        while (await reader.ReadAsync(cancellation))
        {
            groups.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        }
        return groups;
    }

    /// <summary>How many groups there are; nothing is passed over.</summary>
    public async Task<long> CountAsync(Database database, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM ({Sql(command.Parameters)}) AS g";
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private ColumnKind KindOf(int position) => position < By.Count ? By[position].Kind == ColumnKind.Texts ? ColumnKind.Text : By[position].Kind : Statistics[position - By.Count].ResultKind;

    private string Sql(NpgsqlParameterCollection parameters)
    {
        var layer = Query.Layer;
        var values = By.Select(c => c.Kind == ColumnKind.Texts ? c.JoinedSql : c.Sql).Concat(Statistics.Select(s => s.Sql(parameters)))
            .Select((sql, i) => $"({sql}){(KindOf(i) == ColumnKind.Whole ? "::bigint" : "")} AS v{i}");
        return $"""
            SELECT {string.Join(", ", values)}
            FROM {layer.Table} {layer.Joins}
            WHERE {Query.Condition(parameters)}
            {(By.Count > 0 ? "GROUP BY " + string.Join(", ", By.Select((_, i) => i + 1)) : "")}
            {(Having is { } having ? "HAVING " + PredicateSql.Where(having, layer, parameters, out _) : "")}
            """;
    }
}
