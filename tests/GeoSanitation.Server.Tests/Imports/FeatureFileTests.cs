using System.IO.Compression;
using System.Text;
using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Imports.FeatureFiles;
using GeoSanitation.Store.Imports;
using GeoSanitation.Testing;
using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.Esri;
using NetTopologySuite.IO.Esri.Dbf.Fields;
using NetTopologySuite.IO.Esri.Shapefiles.Writers;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

/// <summary>Issues of spreadsheets and of map programs' files; what of ours comes back is told in RoundTripTests, what GDAL writes in tests/Clients.</summary>
public sealed class FeatureFileTests : IAsyncLifetime
{
    private const string Said = "SELECT string_agg(concat_ws('|', external_id, category_code, title, to_char(reported_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), round(ST_X(geom)::numeric, 5), round(ST_Y(geom)::numeric, 5)), ',' ORDER BY external_id) FROM geosan.issue";

    private TestDatabase _data = null!;

    public async Task InitializeAsync()
    {
        _data = await TestDatabase.CreateAsync();
        await _data.ExecuteAsync("INSERT INTO geosan.category (code, name) VALUES ('rubbish', '暴露垃圾')");
    }

    public async Task DisposeAsync() => await _data.DisposeAsync();

    [Fact]
    public async Task A_workbook_is_read_with_its_dates_its_numbers_and_a_title_above_the_header()
    {
        var result = await Importing.IssuesAsync(_data, Workbook("""
            <row r="1"><c r="A1" t="inlineStr"><is><t>2026年第一季度问题清单</t></is></c></row>
            <row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c><c r="D3" t="s"><v>3</v></c><c r="E3" t="s"><v>4</v></c><c r="F3" t="s"><v>5</v></c></row>
            <row r="4"><c r="A4"><v>2.0260101001E10</v></c><c r="B4" t="s"><v>6</v></c><c r="C4"><v>103.10000000000001</v></c><c r="D4"><v>30.2</v></c><c r="E4" s="1"><v>46023.75</v></c><c r="F4" t="str"><v>a &amp; b_x000D_</v></c></row>
            <row r="5"><c r="A5" t="inlineStr"><is><t>007</t></is></c><c r="B5" t="s"><v>6</v></c><c r="C5"><v>103.1</v></c><c r="D5"><v>30.2</v></c><c r="E5" s="2"><v>46024</v></c></row>
            <row r="6"/>
            <row r="7"><c r="A7"><v>8</v></c><c r="B7" t="s"><v>6</v></c><c r="C7"><v>103.1</v></c><c r="D7"><v>30.2</v></c><c r="E7"><v>46025.5</v></c></row>
            <row r="8"><c r="A8"><v>9</v></c><c r="B8" t="s"><v>6</v></c><c r="C8" t="e"><v>#REF!</v></c><c r="D8"><v>30.2</v></c><c r="E8" s="1"><v>46025.5</v></c></row>
            """));

        Assert.Equal(new ImportCounts(3, 0, 0, 1), result.Counts);
        Assert.Equal("007|rubbish|2026-01-02 00:00:00|103.10000|30.20000,20260101001|rubbish|a & b|2026-01-01 18:00:00|103.10000|30.20000,8|rubbish|2026-01-03 12:00:00|103.10000|30.20000", await _data.ScalarAsync<string>(Said));
        Assert.Equal("8|经度|#REF!|this is not a number", await _data.ScalarAsync<string>("SELECT line || '|' || column_name || '|' || value || '|' || reason FROM geosan.import_reject"));
        Assert.Contains("the workbook has 2 sheets; the first, 清单, was read", result.Warnings);
    }

    [Theory]
    [InlineData("yyyy-mm-dd", true)]
    [InlineData("[$-804]yyyy\"年\"m\"月\"d\"日\"", true)]
    [InlineData("[h]", false)]
    [InlineData("General", false)]
    [InlineData("0.00\" days\"", false)]
    [InlineData("#,##0_);[Red]\\(#,##0\\)", false)]
    [InlineData("@", false)]
    public void A_format_says_whether_its_numbers_are_dates(string format, bool isDate) => Assert.Equal(isDate, ExcelBook.SaysDate(format));

    [Fact]
    public async Task A_shapefile_of_points_in_GBK_is_read_with_its_cut_names_and_its_system()
    {
        using var folder = new TemporaryFolder();
        var text = CodePagesEncodingProvider.Instance.GetEncoding("GBK")!;
        DbfField[] fields = [new DbfCharacterField("external_i", 20), new DbfCharacterField("category", 40), new DbfCharacterField("descriptio", 40), new DbfDateField("reported_a"), new DbfCharacterField("标题", 60)];
        var projection = Coordinates.CrsRegistry.Find("EPSG:4545");
        var (x, y) = projection.FromLonLat(new(112.65, 32.35));
        using (var writer = Shapefile.OpenWrite(folder.File("points.shp"), new ShapefileWriterOptions(ShapeType.Point, fields) { Encoding = text, Projection = Coordinates.CrsRegistry.ToWkt(projection) }))
        {
            (fields[0].Value, fields[1].Value, fields[2].Value, fields[3].Value, fields[4].Value) = ("a1", "暴露垃圾", "门口", new DateTime(2026, 2, 3), "菜市场后门");
            writer.Geometry = new Point(x, y);
            writer.Write();
        }
        File.Delete(folder.File("points.cpg"));

        var result = await Importing.IssuesAsync(_data, new IssueImportOptions { Path = folder.File("points.shp"), Actor = "test", TimeZone = "UTC" });

        Assert.Equal(new ImportCounts(1, 0, 0, 0), result.Counts);
        Assert.Equal("a1|rubbish|菜市场后门|2026-02-03 00:00:00|112.65000|32.35000", await _data.ScalarAsync<string>(Said));
        Assert.Equal("门口", await _data.ScalarAsync<string>("SELECT description FROM geosan.issue"));
    }

    [Fact]
    public async Task A_geopackage_with_one_layer_of_points_among_others_gives_its_points_and_refuses_what_is_none()
    {
        using var folder = new TemporaryFolder();
        await WriteGeoPackageAsync(folder.File("a.gpkg"));

        var result = await Importing.IssuesAsync(_data, new IssueImportOptions { Path = folder.File("a.gpkg"), Actor = "test", TimeZone = "UTC" });

        Assert.Equal(new ImportCounts(2, 0, 0, 2), result.Counts);
        Assert.Equal("1|rubbish|one|2026-01-01 08:00:00|103.00000|30.00000,2|rubbish|two|2026-01-02 00:00:00|103.50000|30.50000", await _data.ScalarAsync<string>(Said));
        Assert.Equal("3 the geometry is a LineString; it must be a Point,4 the geometry cannot be read: it is cut off", await _data.ScalarAsync<string>("SELECT string_agg(line || ' ' || reason, ',' ORDER BY line) FROM geosan.import_reject"));
    }

    [Fact]
    public async Task What_is_no_such_file_after_all_is_refused_in_one_line()
    {
        (byte[] Bytes, string Reason)[] files =
        [
            (Zipped(("a.txt", "x"u8.ToArray())), "the ZIP file has 0 Shapefiles (.shp) in it and no Excel workbook; it must have one"),
            ([.. "PK\u0003\u0004"u8, 1, 2, 3], "the ZIP file cannot be read: "),
            ([0xD0, 0xCF, 0x11, 0xE0, 1], "this is a workbook of Excel before 2007 (.xls); save it as .xlsx or CSV"),
            (Zipped(("xl/workbook.bin", [1])), "this is a binary workbook (.xlsb); save it as .xlsx or CSV"),
            ([.. "PAR1"u8, 1, 2, 3], "the Parquet file cannot be read: "),
            ([.. "fgb\u0003fgb\0"u8, 0xFF, 0xFF, 0xFF, 0xFF], "the FlatGeobuf file cannot be read: a part of it is said to have 4294967295 bytes, more than there are or may be"),
            ([.. "SQLite format 3\0"u8, .. new byte[100]], "the GeoPackage cannot be read: "),
            (Workbook("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"), "the sheet 清单 has no row of headers"),
        ];
        foreach (var (bytes, reason) in files)
        {
            var refusal = await Assert.ThrowsAsync<ImportFileException>(() => Importing.IssuesAsync(_data, bytes));
            Assert.StartsWith(reason, refusal.Message);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    [Fact]
    public async Task A_bomb_is_not_unpacked_beyond_its_limit()
    {
        using var bomb = new BoundedStream(new EndlessStream(), 1 << 20, "the ZIP file");
        var refusal = await Assert.ThrowsAsync<ImportFileException>(() => bomb.CopyToAsync(Stream.Null));
        Assert.Equal("the ZIP file unpacks to more than 1 MB", refusal.Message);
    }

    /// <summary>A workbook of two sheets with these rows in the first, as Excel writes it.</summary>
    internal static byte[] Workbook(string rows) => Zipped(
        ("xl/workbook.xml", """<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="hidden" sheetId="9" state="hidden" r:id="rId2"/><sheet name="清单" sheetId="1" r:id="rId1"/><sheet name="other" sheetId="2" r:id="rId2"/></sheets></workbook>"""u8.ToArray()),
        ("xl/_rels/workbook.xml.rels", """
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>
            """u8.ToArray()),
        ("xl/styles.xml", """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>"""u8.ToArray()),
        ("xl/sharedStrings.xml", Encoding.UTF8.GetBytes("""<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>编号</t></si><si><r><t>问题</t></r><rPh sb="0" eb="1"><t>wèntí</t></rPh><r><t>类型</t></r></si><si><t>经度</t></si><si><t>纬度</t></si><si><t>上报时间</t></si><si><t>标题</t></si><si><t>暴露垃圾</t></si></sst>""")),
        ("xl/worksheets/sheet1.xml", Encoding.UTF8.GetBytes($"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:F9"/><sheetData>{rows}</sheetData></worksheet>""")),
        ("xl/worksheets/sheet2.xml", "<worksheet/>"u8.ToArray()));

    internal static byte[] Zipped(params (string Name, byte[] Bytes)[] entries)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }
        return packed.ToArray();
    }

    /// <summary>A layer of areas and one of points; of these two are good, one is a line, one is cut off.</summary>
    internal static async Task WriteGeoPackageAsync(string path)
    {
        await using var database = new SqliteConnection($"Data Source={path};Pooling=False");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = """
            CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
            CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
            CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
            INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'undefined');
            INSERT INTO gpkg_contents VALUES ('areas', 'features', 4326), ('points "of" mine', 'features', 4326);
            INSERT INTO gpkg_geometry_columns VALUES ('areas', 'geom', 'MULTIPOLYGON', 4326, 0, 0), ('points "of" mine', 'shape', 'GEOMETRY', 4326, 0, 0);
            CREATE TABLE areas (fid INTEGER PRIMARY KEY, geom BLOB);
            CREATE TABLE "points ""of"" mine" (fid INTEGER PRIMARY KEY, id INTEGER, category TEXT, shape BLOB, title TEXT, reported_at DATETIME);
            """;
        await command.ExecuteNonQueryAsync();
        command.CommandText = """INSERT INTO "points ""of"" mine" (id, category, shape, title, reported_at) VALUES (?1, 'rubbish', ?2, ?3, ?4)""";
        var wkb = new NetTopologySuite.IO.WKBWriter(NetTopologySuite.IO.ByteOrder.BigEndian, handleSRID: false, emitZ: true);
        byte[] Blob(Geometry geometry, bool box) => [(byte)'G', (byte)'P', 0, (byte)(box ? 2 : 0), 0, 0, 0x10, 0xE6, .. new byte[box ? 32 : 0], .. wkb.Write(geometry)];
        (byte[] Shape, string Title, string Time)[] rows =
        [
            (Blob(new Point(103, 30), box: false), "one", "2026-01-01T08:00:00.000Z"),
            (Blob(new MultiPoint([new Point(new CoordinateZ(103.5, 30.5, 12))]), box: true), "two", "2026-01-02"),
            (Blob(new LineString([new(1, 2), new(3, 4)]), box: false), "a line", "2026-01-02"),
            (Blob(new Point(103, 30), box: false)[..^4], "cut", "2026-01-02"),
        ];
        foreach (var (index, row) in rows.Index())
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("?1", index + 1);
            command.Parameters.AddWithValue("?2", row.Shape);
            command.Parameters.AddWithValue("?3", row.Title);
            command.Parameters.AddWithValue("?4", row.Time);
            await command.ExecuteNonQueryAsync();
        }
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override int Read(Span<byte> buffer) => buffer.Length;
    }
}

/// <summary>A folder for as long as a test needs it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("geosan-test-");

    internal string File(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
