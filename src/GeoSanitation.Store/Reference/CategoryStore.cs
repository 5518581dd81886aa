namespace GeoSanitation.Store.Reference;

/// <summary>A category of the taxonomy as it stands in its table: what is null it takes from its parent.</summary>
/// <param name="Code">Its code.</param>
/// <param name="ParentCode">The code above; null at the top.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Clause">The clause of the city's own standard that it stands for.</param>
/// <param name="Department">Who answers for it.</param>
/// <param name="DeadlineAmount">Time allowed.</param>
/// <param name="DeadlineUnit"><c>hours</c> or <c>working_hours</c>.</param>
/// <param name="DefaultSeverity">1 to 5.</param>
public sealed record Category(
    string Code, string? ParentCode, string Name, string? NameEn, string? Clause, string? Department, int? DeadlineAmount, string? DeadlineUnit, int DefaultSeverity);

/// <summary>Reads the taxonomy.</summary>
public sealed class CategoryStore(Database database)
{
    private const string List = """
        SELECT code, parent_code, name, name_en, clause, department, deadline_amount, deadline_unit, default_severity
        FROM geosan.category ORDER BY code COLLATE "C"
        """;

    /// <summary>All categories, by code.</summary>
    public async Task<IReadOnlyList<Category>> ListAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(List);
        await using var r = await command.ExecuteReaderAsync(cancellation);
        string? Text(int column) => r.IsDBNull(column) ? null : r.GetString(column);
        var categories = new List<Category>();
        while (await r.ReadAsync(cancellation))
        {
            categories.Add(new Category(
                r.GetString(0), Text(1), r.GetString(2), Text(3), Text(4), Text(5), r.IsDBNull(6) ? null : r.GetInt32(6), Text(7), r.GetInt16(8)));
        }
        return categories;
    }
}
