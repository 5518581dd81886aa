using System.Globalization;
using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Imports.FeatureFiles;

/// <summary>The features of a GeoPackage (OGC 12-128r18): of its only layer of points or of areas.</summary>
internal sealed class GeoPackageFeatures : FeatureFile
{
    private const string Layers = """
        SELECT c.table_name, g.column_name, upper(g.geometry_type_name), s.organization, s.organization_coordsys_id, s.definition, g.srs_id,
            (SELECT m.type || CASE WHEN m.sql LIKE 'CREATE VIRTUAL%' THEN ' (virtual)' ELSE '' END FROM sqlite_master AS m WHERE m.name = c.table_name)
        FROM gpkg_contents AS c JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id
        WHERE c.data_type = 'features'
        ORDER BY c.table_name
        """;

    private static readonly string[] PointTypes = ["POINT", "MULTIPOINT", "GEOMETRY"];
    private static readonly string[] AreaTypes = ["POLYGON", "MULTIPOLYGON", "SURFACE", "MULTISURFACE", "CURVEPOLYGON", "GEOMETRY"];

    private readonly SqliteConnection _database;
    private readonly SqliteDataReader _rows;
    private readonly int _shape;
    private readonly int[] _ordinals;

    /// <summary>Opens the layer.</summary>
    internal GeoPackageFeatures(string path, bool ofPoints) : base("GeoPackage")
    {
        // Rows that another program has not yet put into the file stand in a log beside it; without one, nothing is to be made beside it either.
        var log = File.Exists(path + "-wal");
        var source = log ? path : $"file://{new Uri(path).AbsolutePath}?immutable=1";
        _database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            _database.Open();
            Execute("PRAGMA trusted_schema = OFF");
            Execute("PRAGMA cell_size_check = ON");
            var layer = Choose(LayersOf(), ofPoints);
            CrsName = layer.CrsName;
            var table = '"' + layer.Table.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
            Count = (long)Command($"SELECT count(*) FROM {table}").ExecuteScalar()!;
            _rows = Command($"SELECT * FROM {table}").ExecuteReader();
            var names = Enumerable.Range(0, _rows.FieldCount).Select(_rows.GetName).ToList();
            _shape = names.FindIndex(name => name.Equals(layer.ShapeColumn, StringComparison.OrdinalIgnoreCase));
            _ordinals = [.. Enumerable.Range(0, names.Count).Where(i => i != _shape)];
            Columns = [.. _ordinals.Select(i => names[i])];
            Texts = new string[Columns.Count];
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _rows.Dispose();
        _database.Dispose();
    }

    private protected override bool Next()
    {
        if (!_rows.Read())
        {
            return false;
        }
        Number++;
        for (var i = 0; i < _ordinals.Length; i++)
        {
            Texts[i] = TextOf(_rows.GetValue(_ordinals[i]));
        }
        if (_shape >= 0 && _rows.GetValue(_shape) is byte[] blob)
        {
            Take(() => ShapeOf(blob));
        }
        return true;
    }

    /// <summary>The shape of a blob (section 2.1.3): a header with a box of one of five sizes, then well-known binary.</summary>
    private static Geometry ShapeOf(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < 8 || !blob.StartsWith("GP"u8))
        {
            throw new FormatException("it is no GeoPackage geometry");
        }
        var box = (blob[3] >> 1 & 7) switch { 0 => 0, 1 => 32, 2 or 3 => 48, 4 => 64, _ => throw new FormatException("its box is of no known size") };
        return WellKnownBinary.Read(blob[Math.Min(8 + box, blob.Length)..]);
    }

    private sealed record FeatureLayer(string Table, string ShapeColumn, string Type, string? CrsName, string Kind);

    private static FeatureLayer Choose(List<FeatureLayer> layers, bool ofPoints)
    {
        var wanted = ofPoints ? PointTypes : AreaTypes;
        var fitting = layers.Where(layer => wanted.Contains(layer.Type)).ToList();
        // Of a file without a fitting layer each feature is refused with its reason.
        var choice = fitting.Count > 0 ? fitting : layers;
        return choice switch
        {
            [] => throw new ImportFileException("the GeoPackage has no layer of features"),
            [{ Kind: "table" } only] => only,
            [{ } only] => throw new ImportFileException($"the GeoPackage's layer {only.Table} is a {only.Kind}, not a plain table; save it as a layer of its own"),
            _ => throw new ImportFileException($"the GeoPackage has {choice.Count} layers that it could be ({string.Join(", ", choice.Select(layer => layer.Table))}); save the one that is meant to a file of its own"),
        };
    }

    private List<FeatureLayer> LayersOf()
    {
        if (Command("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_geometry_columns'").ExecuteScalar() is null)
        {
            throw new ImportFileException("the file is an SQLite database but no GeoPackage of features");
        }
        var layers = new List<FeatureLayer>();
        using var rows = Command(Layers).ExecuteReader();
        while (rows.Read())
        {
            string? Text(int column) => rows.IsDBNull(column) ? null : Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture);
            // 0 and -1 stand for undefined systems.
            var code = Text(6) is "0" or "-1" or null ? null : $"{Text(3)}:{Text(4)}";
            layers.Add(new FeatureLayer(Text(0) ?? "", Text(1) ?? "", Text(2) ?? "", code is null ? null : CrsNameOf(code, Text(5)), Text(7) ?? "table that is missing"));
        }
        return layers;
    }

    private SqliteCommand Command(string sql)
    {
        var command = _database.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }
}
