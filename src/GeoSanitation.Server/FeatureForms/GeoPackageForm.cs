using System.Globalization;
using GeoSanitation.Coordinates;
using GeoSanitation.Store.Layers;
using Microsoft.Data.Sqlite;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>Features as a GeoPackage (OGC 12-128r18, version 1.3) of one layer with an R-tree.</summary>
internal static class GeoPackageForm
{
    private const string Wgs84 = """
        GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]
        """;

    /// <summary>Tables of the standard, sections 1.1.2 and 2.1 and annex F.3; journal and waiting for the disk are off, as the file is nobody's before it is whole.</summary>
    private const string Schema = """
        PRAGMA application_id = 0x47504B47;
        PRAGMA user_version = 10300;
        PRAGMA journal_mode = OFF;
        PRAGMA synchronous = OFF;
        CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
            definition TEXT NOT NULL, description TEXT);
        CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
            last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
            CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
            z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
            CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name), CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
        CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
            CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
        """;

    /// <summary>What keeps the R-tree true when somebody edits the layer.</summary>
    private const string Triggers = """
        CREATE TRIGGER "rtree_{0}_geom_insert" AFTER INSERT ON "{0}" WHEN (new.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
            BEGIN INSERT OR REPLACE INTO "rtree_{0}_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
        CREATE TRIGGER "rtree_{0}_geom_update2" AFTER UPDATE ON "{0}" WHEN OLD.fid = NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
            BEGIN DELETE FROM "rtree_{0}_geom" WHERE id = OLD.fid; END;
        CREATE TRIGGER "rtree_{0}_geom_update4" AFTER UPDATE ON "{0}" WHEN OLD.fid != NEW.fid AND (NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))
            BEGIN DELETE FROM "rtree_{0}_geom" WHERE id IN (OLD.fid, NEW.fid); END;
        CREATE TRIGGER "rtree_{0}_geom_update5" AFTER UPDATE ON "{0}" WHEN OLD.fid != NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))
            BEGIN DELETE FROM "rtree_{0}_geom" WHERE id = OLD.fid;
            INSERT OR REPLACE INTO "rtree_{0}_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
        CREATE TRIGGER "rtree_{0}_geom_update6" AFTER UPDATE OF geom ON "{0}" WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom)) AND (OLD.geom NOT NULL AND NOT ST_IsEmpty(OLD.geom))
            BEGIN UPDATE "rtree_{0}_geom" SET minx = ST_MinX(NEW.geom), maxx = ST_MaxX(NEW.geom), miny = ST_MinY(NEW.geom), maxy = ST_MaxY(NEW.geom) WHERE id = NEW.fid; END;
        CREATE TRIGGER "rtree_{0}_geom_update7" AFTER UPDATE OF geom ON "{0}" WHEN OLD.fid = NEW.fid AND (NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom)) AND (OLD.geom IS NULL OR ST_IsEmpty(OLD.geom))
            BEGIN INSERT INTO "rtree_{0}_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
        CREATE TRIGGER "rtree_{0}_geom_delete" AFTER DELETE ON "{0}" WHEN old.geom NOT NULL
            BEGIN DELETE FROM "rtree_{0}_geom" WHERE id = OLD.fid; END;
        """;

    private static readonly System.Text.CompositeFormat TriggersFormat = System.Text.CompositeFormat.Parse(Triggers);

    /// <summary>Writes them.</summary>
    /// <param name="features">The features.</param>
    /// <param name="output">System of the coordinates; x is east.</param>
    /// <param name="path">A file that is not there yet, or empty.</param>
    /// <param name="cancellation">Stops.</param>
    internal static async Task WriteAsync(FeatureSet features, Crs output, string path, CancellationToken cancellation)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        database.Open();
        Run(database, Schema);
        using var transaction = database.BeginTransaction();
        var (name, system) = (features.Name, AddSystems(database, output));
        var type = features.Shape switch { LayerShape.Point => "POINT", LayerShape.Polygon => "POLYGON", LayerShape.MultiPolygon => "MULTIPOLYGON", _ => "GEOMETRY" };
        Run(database, $"""CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {type}{string.Concat(features.Columns.Select(c => $", \"{c.Name}\" {TypeOf(c.Kind)}"))})""");
        Run(database, "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?1, 'features', ?1, ?2, ?3)", name, features.Description, system);
        Run(database, "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)", name, type, system);
        Run(database, "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')", name);
        Run(database, $"""CREATE VIRTUAL TABLE "rtree_{name}_geom" USING rtree(id, minx, maxx, miny, maxy)""");
        var bounds = await AddRowsAsync(database, features, output, type, system, cancellation);
        // The R-tree holds numbers of single precision; the contents say the true ones.
        Run(database, "UPDATE gpkg_contents SET min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5 WHERE table_name = ?1", [name, .. bounds.Select(b => double.IsFinite(b) ? b : (object?)null)]);
        Run(database, string.Format(CultureInfo.InvariantCulture, TriggersFormat, name));
        transaction.Commit();
    }

    /// <returns>The box around all: least x, least y, greatest x, greatest y.</returns>
    private static async Task<double[]> AddRowsAsync(SqliteConnection database, FeatureSet features, Crs output, string type, int system, CancellationToken cancellation)
    {
        var columns = features.Columns;
        using var insert = Command(database, $"""INSERT INTO "{features.Name}" VALUES ({string.Join(", ", Enumerable.Range(1, columns.Count + 2).Select(i => $"?{i}"))})""", new object?[columns.Count + 2]);
        using var index = Command(database, $"""INSERT INTO "rtree_{features.Name}_geom" VALUES (?1, ?2, ?3, ?4, ?5)""", new object?[5]);
        double[] all = [double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity];
        var fid = 0L;
        await foreach (var row in features.Rows.WithCancellation(cancellation))
        {
            var shape = Rings.Of(row, output);
            var bounds = shape.Bounds();
            fid++;
            Execute(insert, [fid, shape.Polygons.Count == 0 ? null : Blob(shape, bounds, type, system), .. columns.Select((column, i) => ValueOf(column.Kind, row, i))]);
            if (shape.Polygons.Count > 0)
            {
                Execute(index, [fid, bounds[0], bounds[2], bounds[1], bounds[3]]);
                all = [Math.Min(all[0], bounds[0]), Math.Min(all[1], bounds[1]), Math.Max(all[2], bounds[2]), Math.Max(all[3], bounds[3])];
            }
        }
        return all;
    }

    /// <summary>The three systems that must be there, and the layer's; gives its number.</summary>
    private static int AddSystems(SqliteConnection database, Crs output)
    {
        const string add = "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        Run(database, add, "Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system");
        Run(database, add, "Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system");
        Run(database, add, "WGS 84 geodetic", 4326, "EPSG", 4326, Wgs84, "longitude and latitude on WGS 84");
        if (output == CrsRegistry.Crs84)
        {
            return 4326;
        }
        if (output.EpsgCode is not { } code)
        {
            // GCJ-02 and BD-09: degrees, but of no datum that a reader could know.
            return 0;
        }
        Run(database, add, output.Title, code, "EPSG", code, "undefined", output.Uri);
        return code;
    }

    /// <summary>Header and well-known binary of a shape (section 2.1.3), little-endian; areas with their box.</summary>
    private static byte[] Blob(Rings shape, double[] bounds, string type, int system)
    {
        using var blob = new MemoryStream();
        using var writer = new BinaryWriter(blob);
        const byte littleEndian = 1, withBox = 2;
        writer.Write((ReadOnlySpan<byte>)[(byte)'G', (byte)'P', 0, shape.IsPoint ? littleEndian : (byte)(littleEndian | withBox)]);
        writer.Write(system);
        if (shape.IsPoint)
        {
            Start(1);
            Places(shape.Polygons[0][0]);
            return blob.ToArray();
        }
        foreach (var i in (int[])[0, 2, 1, 3])
        {
            writer.Write(bounds[i]);
        }
        if (type == "MULTIPOLYGON" || shape.Polygons.Count > 1)
        {
            Start(6);
            writer.Write(shape.Polygons.Count);
        }
        foreach (var polygon in shape.Polygons)
        {
            Start(3);
            writer.Write(polygon.Count);
            foreach (var ring in polygon)
            {
                writer.Write(ring.Length / 2);
                Places(ring);
            }
        }
        return blob.ToArray();

        void Start(int geometryType)
        {
            writer.Write(littleEndian);
            writer.Write(geometryType);
        }

        void Places(double[] places)
        {
            foreach (var value in places)
            {
                writer.Write(value);
            }
        }
    }

    private static string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Whole => "INTEGER",
        ColumnKind.Number => "REAL",
        ColumnKind.Flag => "BOOLEAN",
        ColumnKind.Time => "DATETIME",
        _ => "TEXT",
    };

    private static object? ValueOf(ColumnKind kind, FeatureRow row, int column) => row.IsNull(column) ? null : kind switch
    {
        ColumnKind.Whole => row.Whole(column),
        ColumnKind.Number => double.IsFinite(row.Real(column)) ? row.Real(column) : null,
        ColumnKind.Flag => row.Flag(column),
        // The standard wants milliseconds.
        ColumnKind.Time => row.Time(column).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        _ => RowJson.Words(row, kind, column),
    };

    private static void Run(SqliteConnection database, string sql, params object?[] values)
    {
        using var command = Command(database, sql, values);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection database, string sql, object?[] values)
    {
        var command = database.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"?{i + 1}", values[i] ?? DBNull.Value);
        }
        return command;
    }

    private static void Execute(SqliteCommand command, object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
        command.ExecuteNonQuery();
    }
}
