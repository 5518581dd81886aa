using System.Data;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GeoSanitation.Store.Tiles;

/// <summary>A ward as tiles and analyses need it.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Code">Its code.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Level">Its level.</param>
/// <param name="ParentId">Row of the ward around it.</param>
/// <param name="Population">People who live in it; null where nobody counted.</param>
/// <param name="Responsible">Who answers for it.</param>
/// <param name="AreaSquareMeters">Area on the ellipsoid; null for a file's ward, which nobody has measured.</param>
/// <param name="Geometry">Polygons, longitude and latitude; null for a boundary that is no longer in force.</param>
public sealed record WardOutline(int Id, string Code, string Name, string? NameEn, string Level, int? ParentId, int? Population, string? Responsible, double? AreaSquareMeters, MultiPolygon? Geometry);

/// <summary>All wards as of one moment.</summary>
/// <param name="Version">Equal only when no ward differs.</param>
/// <param name="Wards">By code, then row; those no longer in force too, as issues keep the ward they were assigned.</param>
public sealed record WardOutlines(string Version, IReadOnlyList<WardOutline> Wards);

/// <summary>Reads wards with their polygons.</summary>
public sealed class WardOutlineStore(Database database)
{
    /// <summary>Every version of a row has its own (id, xmin).</summary>
    private const string ReadVersion = """
        SELECT count(*)::text || ';' || coalesce(sum(hashint8((id::bigint << 32) | xmin::text::bigint)::bigint), 0)::text FROM geosan.ward
        """;

    private const string ListWards = """
        SELECT id, code, name, name_en, level, parent_id, population, responsible, ST_Area(geom::geography), CASE WHEN valid_to IS NULL THEN geom END
        FROM geosan.ward
        ORDER BY code COLLATE "C", id
        """;

    /// <summary>Reads them unless they are still what the caller has.</summary>
    /// <param name="known">What the caller has, or null.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns><paramref name="known"/> itself when nothing has changed since.</returns>
    public async Task<WardOutlines> ReadAsync(WardOutlines? known, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var versionCommand = new NpgsqlCommand(ReadVersion, connection, transaction);
        var version = (string)(await versionCommand.ExecuteScalarAsync(cancellation))!;
        if (known?.Version == version)
        {
            return known;
        }
        var wards = new List<WardOutline>();
        await using var command = new NpgsqlCommand(ListWards, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            wards.Add(new WardOutline(
                reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetInt32(5), reader.IsDBNull(6) ? null : reader.GetInt32(6),
                reader.IsDBNull(7) ? null : reader.GetString(7), reader.GetDouble(8), reader.IsDBNull(9) ? null : reader.GetFieldValue<MultiPolygon>(9)));
        }
        return new WardOutlines(version, wards);
    }
}
