using System.Text;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GeoSanitation.Store.Wards;

/// <summary>One boundary of a ward, and what is known of the ward.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Level">Its level.</param>
/// <param name="ParentCode">Code of the ward around it; null at the top.</param>
/// <param name="Path">Codes from the top of the tree to itself.</param>
/// <param name="Responsible">Who answers for it.</param>
/// <param name="Population">People who live in it; null where nobody counted.</param>
/// <param name="AreaSquareMeters">Area on the ellipsoid.</param>
/// <param name="ValidFrom">From when the boundary is in force, UTC.</param>
/// <param name="ValidTo">When it went out of force; null while it is.</param>
/// <param name="Geometry">Polygons, longitude and latitude; null when not asked for.</param>
public sealed record Ward(
    string Code, string Name, string? NameEn, string Level, string? ParentCode, IReadOnlyList<string> Path, string? Responsible, int? Population, double AreaSquareMeters,
    DateTime ValidFrom, DateTime? ValidTo, MultiPolygon? Geometry)
{
    /// <summary>Columns of <see cref="Read"/>, of <c>ward AS w</c> and its parent <c>p</c>; the outline is read where @outline is true.</summary>
    internal const string Columns = """
        w.code, w.name, w.name_en, w.level, p.code, w.path::text, w.responsible, w.population, ST_Area(w.geom::geography), w.valid_from, w.valid_to, CASE WHEN @outline THEN w.geom END
        """;

    internal static Ward Read(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), Text(r, 2), r.GetString(3), Text(r, 4), CodesOf(r.GetString(5)), Text(r, 6), r.IsDBNull(7) ? null : r.GetInt32(7), r.GetDouble(8), r.GetDateTime(9),
        r.IsDBNull(10) ? null : r.GetDateTime(10), r.IsDBNull(11) ? null : r.GetFieldValue<MultiPolygon>(11));

    internal static string? Text(NpgsqlDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    /// <summary>Undoes <c>geosan.ward_label</c>, label by label.</summary>
    internal static string[] CodesOf(string path)
        => Array.ConvertAll(path.Split('.'), label => label.StartsWith("__", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromHexString(label[2..])) : label);
}

/// <summary>A ward by its names.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Level">Its level.</param>
public sealed record WardName(string Code, string Name, string? NameEn, string Level);

/// <summary>A time in which a boundary of a ward was in force.</summary>
/// <param name="From">Start, UTC.</param>
/// <param name="To">End; null while it lasts.</param>
public sealed record WardPeriod(DateTime From, DateTime? To);

/// <summary>A ward with what is around it.</summary>
/// <param name="Ward">Itself.</param>
/// <param name="Ancestors">From the top of the tree to its parent.</param>
/// <param name="Children">The wards right below it, by code.</param>
/// <param name="Periods">Of all its boundaries, oldest first.</param>
public sealed record WardFamily(Ward Ward, IReadOnlyList<WardName> Ancestors, IReadOnlyList<WardName> Children, IReadOnlyList<WardPeriod> Periods);
