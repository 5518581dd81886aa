using System.IO.Compression;
using System.Text;
using GeoSanitation.Server.Imports;
using GeoSanitation.Store.Imports;
using GeoSanitation.Testing;
using NetTopologySuite.Features;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.Esri;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

public sealed class WardFileImportTests : IAsyncLifetime
{
    private const string Square = "[[[103, 30], [104, 30], [104, 31], [103, 31], [103, 30]]]";

    private TestDatabase _data = null!;

    public async Task InitializeAsync() => _data = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _data.DisposeAsync();

    [Fact]
    public async Task A_tree_in_one_file_is_built_by_parent_codes_in_any_order()
    {
        var result = await Importing.WardsOfTextAsync(_data, Collection(
            Polygon("""{"code": "510121-1", "name": "一社区", "name_en": "First", "level": "community", "parent_code": "t1"}""", Square),
            Polygon("""{"code": "t1", "name": "城关镇", "level": "town", "parent_code": "c", "responsible": "镇政府"}""", Square),
            Polygon("""{"code": "c", "name": "县", "level": "county"}""", Square)));

        Assert.Equal(new ImportCounts(3, 0, 0, 0), result.Counts);
        Assert.Equal("c | c.t1 | c.t1.__3531303132312d31", await _data.ScalarAsync<string>("SELECT string_agg(path::text, ' | ' ORDER BY nlevel(path)) FROM geosan.ward"));
        Assert.Equal("一社区|First|community", await _data.ScalarAsync<string>("SELECT concat_ws('|', name, name_en, level) FROM geosan.ward WHERE code = '510121-1'"));
        Assert.Equal("镇政府", await _data.ScalarAsync<string>("SELECT responsible FROM geosan.ward WHERE code = 't1'"));
    }

    [Theory]
    [InlineData("a bow tie", "[[[103, 30], [104, 31], [104, 30], [103, 31], [103, 30]]]", 0.5)]
    [InlineData("a hole outside", "[[[103, 30], [104, 30], [104, 31], [103, 31], [103, 30]], [[110, 30], [111, 30], [111, 31], [110, 30]]]", 1.5)]
    [InlineData("a ring that is not closed", "[[[103, 30], [104, 30], [104, 31], [103, 31]]]", 1)]
    [InlineData("a spike", "[[[103, 30], [104, 30], [104, 31], [104, 35], [104, 31], [103, 31], [103, 30]]]", 1)]
    [InlineData("a place twice", "[[[103, 30], [103, 30], [104, 30], [104, 31], [103, 31], [103, 30]]]", 1)]
    public async Task An_invalid_ring_is_repaired_and_told_never_dropped(string what, string rings, double squareDegrees)
    {
        var result = await Importing.WardsOfTextAsync(_data, Collection(Polygon("""{"code": "a", "name": "甲"}""", rings)));

        Assert.Equal(new ImportCounts(1, 0, 0, 0), result.Counts);
        Assert.True(await _data.ScalarAsync<bool>("SELECT ST_IsValid(geom) FROM geosan.ward"), what);
        Assert.Equal(squareDegrees, await _data.ScalarAsync<double>("SELECT ST_Area(geom) FROM geosan.ward"), 1e-9);
        Assert.Equal(what != "a place twice", result.Warnings.Any(w => w.Contains("repaired: a")));
    }

    [Fact]
    public async Task What_cannot_be_a_ward_is_refused_and_told()
    {
        var result = await Importing.WardsOfTextAsync(_data, Collection(
            Polygon("""{"code": "a"}""", Square),
            Polygon("""{"code": "line"}""", "[[[103, 30], [104, 30], [105, 30], [103, 30]]]"),
            """{"type": "Feature", "properties": {"code": "p"}, "geometry": {"type": "Point", "coordinates": [103, 30]}}""",
            """{"type": "Feature", "properties": {"code": "n"}, "geometry": null}"""));

        Assert.Equal(new ImportCounts(1, 0, 0, 3), result.Counts);
        Assert.Equal([2, 3, 4], result.RefusedWards.Select(r => r.Line).ToArray());
        Assert.Equal("2,3,4", await _data.ScalarAsync<string>("SELECT string_agg(line::text, ',' ORDER BY line) FROM geosan.import_reject"));
    }

    [Fact]
    public async Task A_code_given_twice_is_refused_when_the_property_was_named()
    {
        var file = Collection(Polygon("""{"dm": "a"}""", Square), Polygon("""{"dm": "a"}""", Square));

        var result = await Importing.WardsOfTextAsync(_data, file, o => o with { CodeField = "dm" });

        Assert.Equal(new ImportCounts(1, 0, 0, 1), result.Counts);
        Assert.Equal("dm", result.RefusedWards.Single().Column);
        var wrong = await Assert.ThrowsAsync<ImportFileException>(() => Importing.WardsOfTextAsync(_data, file, o => o with { CodeField = "code" }));
        Assert.Contains("--code-field was code", wrong.Message);
    }

    [Fact]
    public async Task A_changed_boundary_closes_the_old_row_and_issues_keep_it_until_reassigned()
    {
        static string File(int eastOfA) => Collection(
            Polygon("""{"code": "c", "name": "县", "level": "county"}""", "[[[103, 30], [105, 30], [105, 31], [103, 31], [103, 30]]]"),
            Polygon("""{"code": "a", "name": "甲", "level": "town", "parent_code": "c"}""", $"[[[103, 30], [{eastOfA}.5, 30], [{eastOfA}.5, 31], [103, 31], [103, 30]]]"));
        await Importing.WardsOfTextAsync(_data, File(103));
        await Importing.IssuesAsync(_data, "id,lon,lat,reported_at\n1,103.2,30.5,2026-01-01\n2,104,30.5,2026-01-01\n");

        var second = await Importing.WardsOfTextAsync(_data, File(104));

        Assert.Equal(new ImportCounts(0, 1, 1, 0), second.Counts);
        Assert.Contains(second.Warnings, w => w.StartsWith("1 boundaries changed", StringComparison.Ordinal));
        Assert.Equal("a:closed,a:open,c:open", await _data.ScalarAsync<string>("SELECT string_agg(code || CASE WHEN valid_to IS NULL THEN ':open' ELSE ':closed' END, ',' ORDER BY code, id) FROM geosan.ward"));
        Assert.Equal(1, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue AS i JOIN geosan.ward AS w ON w.id = i.ward_id WHERE w.valid_to IS NOT NULL"));
        Assert.True(await _data.ScalarAsync<bool>("SELECT every(path = 'c.a') FROM geosan.ward WHERE code = 'a'"));

        Assert.Equal(new ImportCounts(0, 2, 0, 0), (await Importing.WardsOfTextAsync(_data, File(104), o => o with { Reassign = true })).Counts);
        Assert.Equal(2, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue AS i JOIN geosan.ward AS w ON w.id = i.ward_id WHERE w.valid_to IS NULL AND w.code = 'a'"));
        Assert.Equal(2, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue_event WHERE payload ? 'ward'"));
    }

    [Fact]
    public async Task A_redrawn_parent_keeps_its_parts()
    {
        static string Parent(int east) => Collection(Polygon("""{"code": "c", "level": "county"}""", $"[[[103, 30], [{east}, 30], [{east}, 31], [103, 31], [103, 30]]]"));
        await Importing.WardsOfTextAsync(_data, Parent(104));
        await Importing.WardsOfTextAsync(_data, Collection(Polygon("""{"code": "a", "level": "town", "parent_code": "c"}""", "[[[103, 30], [103.5, 30], [103.5, 31], [103, 31], [103, 30]]]")));

        await Importing.WardsOfTextAsync(_data, Parent(105));

        Assert.True(await _data.ScalarAsync<bool>("SELECT p.valid_to IS NULL AND a.path = 'c.a' FROM geosan.ward AS a JOIN geosan.ward AS p ON p.id = a.parent_id WHERE a.code = 'a'"));
    }

    [Fact]
    public async Task A_new_name_is_an_update_in_place()
    {
        await Importing.WardsOfTextAsync(_data, Collection(Polygon("""{"code": "a", "name": "旧"}""", Square)));

        var second = await Importing.WardsOfTextAsync(_data, Collection(Polygon("""{"code": "a", "name": "新"}""", Square)));

        Assert.Equal(new ImportCounts(0, 0, 1, 0), second.Counts);
        Assert.Equal("新", await _data.ScalarAsync<string>("SELECT string_agg(name, ',') FROM geosan.ward"));
    }

    [Fact]
    public async Task Issues_without_a_ward_get_one_when_it_comes()
    {
        await Importing.IssuesAsync(_data, "id,lon,lat,reported_at\n1,103.2,30.5,2026-01-01\n2,110,30.5,2026-01-01\n");

        var result = await Importing.WardsOfTextAsync(_data, Collection(Polygon("""{"code": "a"}""", Square)));

        Assert.Contains("1 issues that had no ward got one", result.Warnings);
        Assert.Equal("1", await _data.ScalarAsync<string>("SELECT string_agg(external_id, ',') FROM geosan.issue WHERE ward_id IS NOT NULL"));
    }

    [Fact]
    public async Task Parents_in_a_circle_are_refused_as_a_whole()
    {
        var circle = await Assert.ThrowsAsync<ImportFileException>(() => Importing.WardsOfTextAsync(_data, Collection(
            Polygon("""{"code": "a", "parent_code": "b"}""", Square), Polygon("""{"code": "b", "parent_code": "a"}""", Square))));

        Assert.Contains("circle", circle.Message);
        Assert.Equal(0, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward"));
    }

    [Fact]
    public async Task A_file_in_a_form_that_holds_no_wards_is_told_which_forms_do()
    {
        var refused = await Assert.ThrowsAsync<ImportFileException>(() => Importing.WardsOfTextAsync(_data, "code,name\na,A\n"));

        Assert.Equal("the file is in no form that wards come in; it must be GeoJSON (also .gz), GeoPackage, a Shapefile (.shp, or in a .zip), FlatGeobuf or GeoParquet", refused.Message);
    }

    [Theory]
    [InlineData("UTF-8", true)]
    [InlineData("UTF-8", false)]
    [InlineData("GB18030", true)]
    [InlineData("GB18030", false)]
    public async Task A_packed_shapefile_keeps_chinese_names_in_either_encoding_with_or_without_a_code_page(string encoding, bool withCodePage)
    {
        var folder = Directory.CreateTempSubdirectory("geosan-test-");
        try
        {
            var factory = new GeometryFactory();
            var shape = factory.CreatePolygon([new(500000, 3320000), new(500000, 3330000), new(510000, 3330000), new(510000, 3320000), new(500000, 3320000)]);
            var table = new AttributesTable { { "DM", "330110001" }, { "MC", "临平街道" } };
            var path = Path.Combine(folder.FullName, "wards.shp");
            var text = encoding == "UTF-8" ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(encoding)!;
            const string utm = """PROJCS["WGS_1984_UTM_Zone_51N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",123.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]""";
            Shapefile.WriteAllFeatures([new Feature(shape, table)], path, utm, text);
            File.Delete(Path.ChangeExtension(path, ".cpg"));
            if (withCodePage)
            {
                await File.WriteAllTextAsync(Path.ChangeExtension(path, ".cpg"), encoding);
            }
            var zip = Path.Combine(folder.FullName, "packed.zip");
            await using (var archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create))
            {
                foreach (var file in folder.GetFiles("wards.*"))
                {
                    await archive.CreateEntryFromFileAsync(file.FullName, "inner/" + file.Name);
                }
            }

            foreach (var source in (string[])[zip, path])
            {
                await Importing.WardsAsync(_data, source, o => o with { Level = "街道" });
            }

            Assert.Equal("330110001|临平街道", await _data.ScalarAsync<string>("SELECT string_agg(code || '|' || name, ',') FROM geosan.ward"));
            Assert.Equal(123, await _data.ScalarAsync<double>("SELECT ST_XMin(geom) FROM geosan.ward"), 1e-6);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Collection(params string[] features) => $$"""{"type": "FeatureCollection", "features": [{{string.Join(",\n", features)}}]}""";

    private static string Polygon(string properties, string rings)
        => $$$"""{"type": "Feature", "properties": {{{properties}}}, "geometry": {"type": "Polygon", "coordinates": {{{rings}}}}}""";
}
