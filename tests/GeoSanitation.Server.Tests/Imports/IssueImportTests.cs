using System.Globalization;
using System.Text;
using GeoSanitation.Server.Imports;
using GeoSanitation.Store.Imports;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

public sealed class IssueImportTests : IAsyncLifetime
{
    private const string Header = "id,category,status,lon,lat,reported_at,closed_at,severity,title\n";

    private TestDatabase _data = null!;

    public async Task InitializeAsync()
    {
        _data = await TestDatabase.CreateAsync();
        await _data.ExecuteAsync("""
            INSERT INTO geosan.category (code, name, name_en, department, default_severity) VALUES ('sanitation', '环境卫生', 'Sanitation', '城管局', 3);
            INSERT INTO geosan.category (code, parent_code, name, name_en, default_severity) VALUES ('rubbish', 'sanitation', '暴露垃圾', 'Exposed rubbish', 4);
            """);
    }

    public async Task DisposeAsync() => await _data.DisposeAsync();

    [Theory]
    [InlineData("a,rubbish,,103,30,,,,", "reported_at", "", "the time of the report is missing")]
    [InlineData("a,rubbish,,,30,2026-01-01,,,", "lon", "", "the coordinate is missing")]
    [InlineData("a,rubbish,,103,x,2026-01-01,,,", "lat", "x", "this is not a number")]
    [InlineData("a,rubbish,,0,0,2026-01-01,,,", "lon", "0", "the coordinates are 0, 0: the place is not known")]
    [InlineData("a,rubbish,,103,90.5,2026-01-01,,,", "lat", "90.5", "a latitude lies between -90 and 90 degrees")]
    [InlineData("a,rubbish,,103,30,soon,,,", "reported_at", "soon", "this is not a date or time that is read here")]
    [InlineData("a,rubbish,,103,30,2026-01-02 08:00,2026-01-02 07:00,,", "closed_at", "2026-01-02 07:00", "closed before it was reported")]
    [InlineData("a,rubbish,Closed,103,30,2026-01-02,,,", "status", "Closed", "closed, without the time of closing")]
    [InlineData("a,rubbish,Open,103,30,2026-01-02,2026-01-03,,", "status", "Open", "not closed, yet with a time of closing")]
    [InlineData("a,rubbish,Evaporated,103,30,2026-01-02,,,", "status", "Evaporated", "the word for the status is not known; say what it means in the mapping")]
    [InlineData("a,rubbish,,103,30,2026-01-02,,7,", "severity", "7", "a severity is a whole number from 1 to 5, or a word for one")]
    public async Task A_bad_row_is_refused_with_line_column_value_and_reason(string row, string column, string value, string reason)
    {
        var result = await Importing.IssuesAsync(_data, $"{Header}good,rubbish,,103,30,2026-01-01,,,\n{row}\n");

        Assert.Equal(new ImportCounts(1, 0, 0, 1), result.Counts);
        Assert.Equal($"3|{column}|{value}|{reason}", await _data.ScalarAsync<string>("SELECT line || '|' || column_name || '|' || coalesce(value, '') || '|' || reason FROM geosan.import_reject"));
    }

    [Fact]
    public async Task The_deadline_of_the_category_runs_from_the_dispatch_unless_the_file_has_one()
    {
        await _data.ExecuteAsync("""
            UPDATE geosan.category SET deadline_amount = 10, deadline_unit = 'working_hours' WHERE code = 'sanitation';
            INSERT INTO geosan.category (code, name, deadline_amount, deadline_unit) VALUES ('dump', '乱倒', 24, 'hours'), ('other', '其他', NULL, NULL);
            """);
        // 2026-01-02 is a Friday; offices are open from 9 to 17.
        await Importing.IssuesAsync(_data, """
            id,category,lon,lat,reported_at,accepted_at,dispatched_at,due_at
            a,rubbish,103,30,2026-01-01 08:00,2026-01-01 09:00,2026-01-02 10:00,
            b,dump,103,30,2026-01-01 08:00,2026-01-01 09:00,2026-01-02 10:00,
            c,dump,103,30,2026-01-01 08:00,2026-01-01 09:00,,
            d,dump,103,30,2026-01-01 08:00,,,
            e,dump,103,30,2026-01-01 08:00,2026-01-01 09:00,2026-01-02 10:00,2026-01-09 12:00
            f,other,103,30,2026-01-01 08:00,2026-01-01 09:00,2026-01-02 10:00,
            """);
        Assert.Equal("a 2026-01-05 12:00|b 2026-01-03 10:00|c 2026-01-02 09:00|d -|e 2026-01-09 12:00|f -", await _data.ScalarAsync<string>("""
            SELECT string_agg(external_id || ' ' || coalesce(to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), '-'), '|' ORDER BY external_id) FROM geosan.issue
            """));
    }

    [Fact]
    public async Task A_file_that_comes_again_and_longer_uses_up_ids_only_for_what_is_new()
    {
        static string Rows(int count) => Header + string.Concat(Enumerable.Range(1, count).Select(i => $"r{i},rubbish,,103,30,2026-01-01,,,\n"));
        await Importing.IssuesAsync(_data, Rows(40));
        Assert.Equal(40, await _data.ScalarAsync<long>("SELECT max(id) - min(id) + 1 FROM geosan.issue"));
        Assert.Equal(new ImportCounts(0, 40, 0, 0), (await Importing.IssuesAsync(_data, Rows(40))).Counts);
        Assert.Equal(new ImportCounts(2, 40, 0, 0), (await Importing.IssuesAsync(_data, Rows(42))).Counts);
        Assert.Equal("41 42", await _data.ScalarAsync<string>("SELECT string_agg((id - (SELECT min(id) FROM geosan.issue) + 1)::text, ' ' ORDER BY id) FROM geosan.issue WHERE external_id IN ('r41', 'r42')"));
    }

    [Fact]
    public async Task Refused_rows_stand_in_a_file_beside_and_a_clean_run_removes_it()
    {
        using var file = new TemporaryFile(Encoding.UTF8.GetBytes($"{Header}a,rubbish,,103,30,2026-01-01,,,\nb,rubbish,,,30,2026-01-01,,,\na,rubbish,,103,30,2026-01-05,,,\n"));
        var options = new IssueImportOptions { Path = file.Path, Actor = "test", Source = "test", RejectsPath = file.Path + ".rejects.csv" };

        await Importing.IssuesAsync(_data, options);

        Assert.Equal("line,column,value,reason\n3,lon,,the coordinate is missing\n4,id,a,the same id as in line 2\n", await File.ReadAllTextAsync(options.RejectsPath));
        await File.WriteAllTextAsync(file.Path, $"{Header}a,rubbish,,103,30,2026-01-01,,,\n");
        await Importing.IssuesAsync(_data, options);
        Assert.False(File.Exists(options.RejectsPath));
    }

    [Fact]
    public async Task Categories_are_found_by_code_and_by_name_and_others_are_added()
    {
        await Importing.IssuesAsync(_data, $"{Header}1,rubbish,,103,30,2026-01-01,,,\n2,暴露垃圾,,103,30,2026-01-01,,,\n3,exposed RUBBISH,,103,30,2026-01-01,,,\n4,Dead Animal (road),,103,30,2026-01-01,,,\n5,死猪,,103,30,2026-01-01,,,\n6,,,103,30,2026-01-01,,,\n");

        Assert.Equal("rubbish,rubbish,rubbish,imported.dead-animal-road,imported.死猪,imported.unspecified",
            await _data.ScalarAsync<string>("SELECT string_agg(category_code, ',' ORDER BY external_id) FROM geosan.issue"));
        Assert.Equal("Dead Animal (road)", await _data.ScalarAsync<string>("SELECT name FROM geosan.category WHERE code = 'imported.dead-animal-road' AND parent_code = 'imported'"));
        Assert.Equal("4:城管局", await _data.ScalarAsync<string>("SELECT severity || ':' || department FROM geosan.issue WHERE external_id = '1'"));
    }

    [Fact]
    public async Task A_changed_row_is_updated_with_its_history_and_the_others_are_left_alone()
    {
        await Importing.IssuesAsync(_data, $"{Header}1,rubbish,Open,103,30,2026-01-01,,3,old\n2,rubbish,Open,103,30,2026-01-01,,3,same\n");

        var second = await Importing.IssuesAsync(_data, $"{Header}1,rubbish,Closed,103,30,2026-01-01,2026-01-09,3,new\n2,rubbish,Open,103,30,2026-01-01,,3,same\n3,rubbish,Open,103,30,2026-02-01,,3,third\n");

        Assert.Equal(new ImportCounts(1, 1, 1, 0), second.Counts);
        Assert.Equal("closed|2|new", await _data.ScalarAsync<string>("SELECT status || '|' || version || '|' || title FROM geosan.issue WHERE external_id = '1'"));
        Assert.Equal(1, await _data.ScalarAsync<int>("SELECT version FROM geosan.issue WHERE external_id = '2'"));
        Assert.Equal("imported|reported|closed", await _data.ScalarAsync<string>("SELECT kind || '|' || from_status || '|' || to_status FROM geosan.issue_event"));
        Assert.Equal("""["closed_at", "status", "title"]""", await _data.ScalarAsync<string>("SELECT jsonb_agg(key ORDER BY key)::text FROM geosan.issue_event, jsonb_object_keys(payload) AS key"));
        Assert.Equal("""["old", "new"]""", await _data.ScalarAsync<string>("SELECT (payload->'title')::text FROM geosan.issue_event"));
        // The third is a relapse of the first, which this very file closed.
        Assert.Equal("1", await _data.ScalarAsync<string>("SELECT e.external_id FROM geosan.issue AS i JOIN geosan.issue AS e ON e.id = i.relapse_of WHERE i.external_id = '3'"));
    }

    [Fact]
    public async Task What_was_edited_here_survives_the_same_file_and_what_the_file_lacks_survives_another()
    {
        const string file = Header + "1,rubbish,Open,103,30,2026-01-01,,3,old\n";
        await Importing.IssuesAsync(_data, file);
        await _data.ExecuteAsync("UPDATE geosan.issue SET status = 'dispatched', dispatched_at = '2026-01-02', description = 'seen', title = 'edited'");

        Assert.Equal(new ImportCounts(0, 1, 0, 0), (await Importing.IssuesAsync(_data, file)).Counts);
        Assert.Equal("dispatched|edited", await _data.ScalarAsync<string>("SELECT status || '|' || title FROM geosan.issue"));

        Assert.Equal(new ImportCounts(0, 0, 1, 0), (await Importing.IssuesAsync(_data, "id,lon,lat,reported_at,title\n1,103,30,2026-01-01,new\n")).Counts);
        Assert.Equal("dispatched|new|seen", await _data.ScalarAsync<string>("SELECT status || '|' || title || '|' || description FROM geosan.issue"));
    }

    [Fact]
    public async Task A_source_that_is_given_is_that_of_every_row_and_else_the_column_says_it()
    {
        const string file = "id,source,lon,lat,reported_at\n1,patrol,103,30,2026-01-01\n2,,103,30,2026-01-02\n";

        await Importing.IssuesAsync(_data, file, o => o with { Source = "hotline" });
        await Importing.IssuesAsync(_data, file, o => o with { Source = null });

        Assert.Equal("hotline 1,hotline 2,import 2,patrol 1", await _data.ScalarAsync<string>("SELECT string_agg(source || ' ' || external_id, ',' ORDER BY source, external_id) FROM geosan.issue"));
    }

    [Fact]
    public async Task Rows_without_an_id_are_known_by_what_they_say()
    {
        const string file = "category,lon,lat,reported_at\nrubbish,103,30,2026-01-01\nrubbish,103,30,2026-01-02\nrubbish,103,30,2026-01-01\n";

        var first = await Importing.IssuesAsync(_data, file);

        Assert.Equal(new ImportCounts(2, 0, 0, 1), first.Counts);
        Assert.Equal("says the same as line 2", await _data.ScalarAsync<string>("SELECT reason FROM geosan.import_reject WHERE line = 4"));
        Assert.Equal(new ImportCounts(0, 2, 0, 1), (await Importing.IssuesAsync(_data, file)).Counts);
    }

    [Fact]
    public async Task A_dry_run_checks_everything_and_writes_nothing()
    {
        var result = await Importing.IssuesAsync(_data, $"{Header}1,Something new,Open,103,30,2026-01-01,,3,\n2,rubbish,Open,,30,2026-01-01,,3,\n", dryRun: true);

        Assert.Equal(new ImportCounts(1, 0, 0, 1), result.Counts);
        Assert.Equal(0, await _data.ScalarAsync<long>("SELECT (SELECT count(*) FROM geosan.issue) + (SELECT count(*) FROM geosan.import) + (SELECT count(*) FROM geosan.import_reject) + (SELECT count(*) FROM geosan.category WHERE code LIKE 'imported%')"));
    }

    [Fact]
    public async Task Local_times_are_read_in_the_zone_given_and_a_zone_that_was_not_given_is_told()
    {
        const string file = "id,lon,lat,reported_at\n1,-71,42,07/01/2015 12:20:09 AM\n";

        await Importing.IssuesAsync(_data, file, o => o with { TimeZone = "America/New_York" });
        Assert.Equal(new DateTime(2015, 7, 1, 4, 20, 9), await _data.ScalarAsync<DateTime>("SELECT reported_at AT TIME ZONE 'UTC' FROM geosan.issue"));

        var unzoned = await Importing.IssuesAsync(_data, file, o => o with { TimeZone = null, Source = "other" });
        Assert.Contains(unzoned.Warnings, w => w.Contains("--time-zone"));
    }

    [Fact]
    public async Task A_date_of_closing_on_the_day_of_the_report_is_not_before_it()
    {
        var result = await Importing.IssuesAsync(_data, $"{Header}1,rubbish,Closed,103,30,2026-01-01 15:30,2026-01-01,3,\n2,rubbish,Closed,103,30,2026-01-02 15:30,2026-01-01,3,\n");

        Assert.Equal(new ImportCounts(1, 0, 0, 1), result.Counts);
        Assert.True(await _data.ScalarAsync<bool>("SELECT closed_at = reported_at FROM geosan.issue"));
    }

    [Fact]
    public async Task Coordinates_that_are_not_degrees_are_refused_as_a_whole_until_the_system_is_given()
    {
        const string file = "id,x,y,reported_at\n1,489714.0733,2494707.6246,2026-01-01\n";

        var refusal = await Assert.ThrowsAsync<ImportFileException>(() => Importing.IssuesAsync(_data, file));
        Assert.Contains("--crs", refusal.Message);
        Assert.Equal("failed", await _data.ScalarAsync<string>("SELECT state FROM geosan.import"));

        await Importing.IssuesAsync(_data, file, o => o with { Crs = "EPSG:4547" });
        // cs2cs EPSG:4326 EPSG:4547 of 22.55 N, 113.9 E.
        Assert.Equal(113.9, await _data.ScalarAsync<double>("SELECT ST_X(geom) FROM geosan.issue"), 1e-7);
        Assert.Equal(22.55, await _data.ScalarAsync<double>("SELECT ST_Y(geom) FROM geosan.issue"), 1e-7);
    }

    [Fact]
    public async Task Shifted_coordinates_are_unshifted_when_told_and_suspected_when_not()
    {
        await Importing.WardsOfTextAsync(_data, """
            {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "a"}, "geometry": {"type": "Polygon", "coordinates":
             [[[104, 30], [104.01, 30], [104.01, 30.01], [104, 30.01], [104, 30]]]}}]}
            """);
        var file = new StringBuilder("id,lon,lat,reported_at\n");
        var gcj02 = GeoSanitation.Coordinates.CrsRegistry.Gcj02;
        for (var i = 0; i < 400; i++)
        {
            var (x, y) = gcj02.FromLonLat(new(104 + 0.01 * (i % 20 + 0.5) / 20, 30 + 0.01 * (i / 20 + 0.5) / 20));
            file.Append(CultureInfo.InvariantCulture, $"{i},{x:R},{y:R},2026-01-01\n");
        }

        var suspected = await Importing.IssuesAsync(_data, file.ToString());
        Assert.Contains(suspected.Warnings, w => w.Contains("--crs GCJ02"));

        var told = await Importing.IssuesAsync(_data, file.ToString(), o => o with { Crs = "GCJ02", Source = "told" });
        Assert.DoesNotContain(told.Warnings, w => w.Contains("GCJ"));
        Assert.Equal(400, await _data.ScalarAsync<long>("SELECT count(ward_id) FROM geosan.issue WHERE source = 'told' AND input_crs = 'GCJ02'"));
    }

    [Fact]
    public async Task A_default_point_is_marked_also_when_it_arrives_in_small_files()
    {
        string Day(int day, bool many) => "id,lon,lat,reported_at,address,category\n" + string.Concat(Enumerable.Range(0, 60).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{day}-{i},{(i < 12 ? 103.5 : 103 + day / 100.0 + i / 10000.0)},{(i < 12 ? 30.5 : 30.1)},2026-01-{day:00},{(many || i >= 12 ? $"{day}{i} Street" : "1 Market")},c\n")));
        for (var day = 1; day <= 8; day++)
        {
            await Importing.IssuesAsync(_data, Day(day, many: true));
        }
        Assert.Equal(0, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.default_point"));

        var ninth = await Importing.IssuesAsync(_data, Day(9, many: true));

        Assert.Contains(ninth.Warnings, w => w.Contains("12 rows stand on 103.5, 30.5"));
        Assert.Equal(9 * 12, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE location_quality = 'default_point'"));
        await Importing.IssuesAsync(_data, "id,lon,lat,reported_at\nsingle,103.5,30.5,2026-01-20\n");
        Assert.Equal("default_point", await _data.ScalarAsync<string>("SELECT location_quality FROM geosan.issue WHERE external_id = 'single'"));
    }

    [Fact]
    public async Task A_busy_address_is_a_place()
    {
        var file = "id,lon,lat,reported_at,address\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"{i},{(i < 300 ? 103.5 : 103 + i / 10000.0)},30,2026-01-01,{(i < 300 ? "1 Market" : $"{i} Street")}\n")));

        var result = await Importing.IssuesAsync(_data, file);

        Assert.Equal(1000, result.Counts.Loaded);
        Assert.Equal(0, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE location_quality <> 'ok'"));
    }

    [Fact]
    public async Task The_deepest_ward_wins_a_shared_border_goes_to_the_lowest_code_and_outside_can_be_refused()
    {
        static string Box(string code, string? parent, double x1, double x2) => string.Create(CultureInfo.InvariantCulture,
            $$$"""{"type": "Feature", "properties": {"code": "{{{code}}}", "parent_code": {{{(parent is null ? "null" : $"\"{parent}\"")}}}, "level": "l"}, "geometry": {"type": "Polygon", "coordinates": [[[{{{x1}}}, 30], [{{{x2}}}, 30], [{{{x2}}}, 31], [{{{x1}}}, 31], [{{{x1}}}, 30]]]}}""");
        await Importing.WardsOfTextAsync(_data, $$"""{"type": "FeatureCollection", "features": [{{Box("county", null, 103, 105)}}, {{Box("b", "county", 103, 104)}}, {{Box("a", "county", 104, 104.5)}}]}""");
        const string file = "id,lon,lat,reported_at\n1,103.5,30.5,2026-01-01\n2,104,30.5,2026-01-01\n3,104.8,30.5,2026-01-01\n4,105,31,2026-01-01\n5,106,30,2026-01-01\n";

        var result = await Importing.IssuesAsync(_data, file);

        Assert.Equal("b,a,county,county,-", await _data.ScalarAsync<string>("SELECT string_agg(coalesce(w.code, '-'), ',' ORDER BY i.external_id) FROM geosan.issue AS i LEFT JOIN geosan.ward AS w ON w.id = i.ward_id"));
        Assert.Contains(result.Warnings, w => w.StartsWith("1 rows are outside every ward", StringComparison.Ordinal));
        var strict = await Importing.IssuesAsync(_data, file, o => o with { RequireWard = true, Source = "strict" });
        Assert.Equal(new ImportCounts(4, 0, 0, 1), strict.Counts);
        Assert.Equal("the place is outside every ward", await _data.ScalarAsync<string>("SELECT reason FROM geosan.import_reject WHERE line = 6"));
    }

    [Fact]
    public async Task Geojson_points_come_in_with_their_properties()
    {
        var result = await Importing.IssuesAsync(_data, """
            {"type": "FeatureCollection", "features": [
             {"type": "Feature", "id": 7, "properties": {"category": "rubbish", "reported_at": "2026-01-01T08:00:00+08:00", "title": "垃圾 \"堆\"", "severity": 5}, "geometry": {"type": "Point", "coordinates": [103.5, 30.5, 400]}},
             {"type": "Feature", "id": 8, "properties": {"category": "rubbish", "reported_at": "2026-01-01"}, "geometry": {"type": "LineString", "coordinates": [[103, 30], [104, 30]]}},
             {"type": "Feature", "id": 9, "properties": {"category": "rubbish", "reported_at": "2026-01-01"}, "geometry": null}]}
            """);

        Assert.Equal(new ImportCounts(1, 0, 0, 2), result.Counts);
        Assert.Equal("7|5|垃圾 \"堆\"|103.5|2026-01-01 00:00:00", await _data.ScalarAsync<string>("SELECT concat_ws('|', external_id, severity, title, ST_X(geom), reported_at AT TIME ZONE 'UTC') FROM geosan.issue"));
        Assert.Equal("the geometry is a LineString; it must be a Point", await _data.ScalarAsync<string>("SELECT reason FROM geosan.import_reject WHERE line = 2"));
    }

    [Fact]
    public async Task Features_one_a_line_come_in_too()
    {
        var line = """{"type":"Feature","properties":{"n":1,"reported_at":"2026-01-01"},"geometry":{"type":"Point","coordinates":[103.5,30.5]}}""";

        var result = await Importing.IssuesAsync(_data, string.Concat(Enumerable.Range(0, 3000).Select(i => line.Replace("103.5", (103.5 + i / 10000.0).ToString(CultureInfo.InvariantCulture)) + "\n")));

        Assert.Equal(new ImportCounts(3000, 0, 0, 0), result.Counts);
    }

    [Fact]
    public async Task Bulk_mode_leaves_the_same_indexes_and_constraints()
    {
        const string definitions = """
            SELECT string_agg(d, E'\n' ORDER BY d) FROM (
                SELECT pg_get_indexdef(indexrelid) AS d FROM pg_index WHERE indrelid = 'geosan.issue'::regclass
                UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) || convalidated FROM pg_constraint WHERE conrelid = 'geosan.issue'::regclass) AS all_of_them
            """;
        var before = await _data.ScalarAsync<string>(definitions);

        var result = await Importing.IssuesAsync(_data, Header + string.Concat(Enumerable.Range(0, 25_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},rubbish,Open,{103 + i / 100000.0},30,2026-01-01,,3,\n"))));

        Assert.Equal(25_000, result.Counts.Loaded);
        Assert.Equal(before, await _data.ScalarAsync<string>(definitions));
        // Not bulk: 60,000 more are not four times what is there.
        await Importing.IssuesAsync(_data, Header + string.Concat(Enumerable.Range(0, 1_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i},rubbish,Open,{103 + i / 100000.0},30,2026-01-01,,3,\n"))), o => o with { Source = "second" });
        Assert.Equal(26_000, await _data.ScalarAsync<long>("SELECT count(DISTINCT id) FROM geosan.issue"));
        Assert.True(await _data.ScalarAsync<long>("SELECT nextval(pg_get_serial_sequence('geosan.issue', 'id')) - max(id) FROM geosan.issue") > 0);
    }

    [Fact]
    public async Task An_import_that_fails_in_the_middle_leaves_nothing_but_its_record()
    {
        // The table itself refuses the row that the checks before let through.
        await _data.ExecuteAsync("ALTER TABLE geosan.issue ADD CHECK (title <> 'bomb')");

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Importing.IssuesAsync(_data, $"{Header}1,new kind,Open,103,30,2026-01-01,,3,\n2,rubbish,Open,103,30,2026-01-01,,3,bomb\n"));

        Assert.Equal(0, await _data.ScalarAsync<long>("SELECT (SELECT count(*) FROM geosan.issue) + (SELECT count(*) FROM geosan.category WHERE code LIKE 'imported%')"));
        Assert.Equal("failed", await _data.ScalarAsync<string>("SELECT state FROM geosan.import"));
    }

    [Fact]
    public async Task An_import_that_is_stopped_while_it_reads_leaves_nothing_but_its_record()
    {
        using var file = new TemporaryFile(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i},rubbish,Open,103,30,2026-01-01,,3,\n"))));
        await using var ticket = await ImportTicket.OpenAsync(_data.Database, new ImportHeader("issues", "f.csv", null, "test"), dryRun: false, default);
        using var stop = new CancellationTokenSource();
        var progress = new ImportProgress();
        var import = Task.Run(() => new IssueImport(_data.Database, Importing.Settings).RunAsync(ticket, new IssueImportOptions { Path = file.Path, Actor = "test" }, progress, stop.Token));
        while (progress.Rows < 10_000 && !import.IsCompleted)
        {
            await Task.Yield();
        }

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import);
        Assert.Equal("cancelled", await _data.ScalarAsync<string>("SELECT state FROM geosan.import"));
        Assert.Equal(0, await _data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
        Assert.Equal(1, (await Importing.IssuesAsync(_data, $"{Header}1,rubbish,Open,103,30,2026-01-01,,3,\n")).Counts.Loaded);
    }

    [Fact]
    public async Task An_import_whose_program_died_is_marked_as_failed_by_the_next_one()
    {
        await _data.ExecuteAsync("INSERT INTO geosan.import (kind, file_name) VALUES ('issues', 'dead.csv')");

        await Importing.IssuesAsync(_data, $"{Header}1,rubbish,Open,103,30,2026-01-01,,3,\n");

        Assert.Equal("failed", await _data.ScalarAsync<string>("SELECT state FROM geosan.import WHERE file_name = 'dead.csv'"));
        Assert.Equal("done", await _data.ScalarAsync<string>("SELECT state FROM geosan.import WHERE file_name <> 'dead.csv'"));
    }
}
