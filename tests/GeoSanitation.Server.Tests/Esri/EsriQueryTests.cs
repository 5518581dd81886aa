using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Store.Access;
using Xunit;

namespace GeoSanitation.Server.Tests.Esri;

/// <summary>Every parameter of <c>query</c>, its answer beside what SQL says of the sample county.</summary>
public sealed class EsriQueryTests(EsriCounty county) : IClassFixture<EsriCounty>
{
    private const string Box = "ST_MakeEnvelope(112.64, 32.42, 112.7, 32.46, 4326)";

    [Fact]
    public async Task Features_have_number_attributes_and_point()
    {
        var answer = await county.QueryAsync("where=OBJECTID=7&outFields=*");
        Assert.Equal("OBJECTID", (string?)answer["objectIdFieldName"]);
        Assert.Equal("esriGeometryPoint", (string?)answer["geometryType"]);
        Assert.Equal(4326, (int)answer["spatialReference"]!["wkid"]!);
        Assert.False((bool)answer["exceededTransferLimit"]!);
        var feature = Assert.Single(answer["features"]!.AsArray())!;
        Assert.Equal(answer["fields"]!.AsArray().Select(f => (string)f!["name"]!), feature["attributes"]!.AsObject().Select(a => a.Key));
        Assert.Equal(7, (long)feature["attributes"]!["OBJECTID"]!);
        Assert.Equal(await ScalarAsync<string>("status", 7), (string?)feature["attributes"]!["status"]);
        var at = await ScalarAsync<DateTime>("reported_at", 7);
        Assert.Equal((long)(at - DateTime.UnixEpoch).TotalMilliseconds, (long)feature["attributes"]!["reported_at"]!);
        Assert.Contains((long)feature["attributes"]!["overdue"]!, new[] { 0L, 1L });
        Assert.Equal(await ScalarAsync<double>("ST_X(geom)", 7), (double)feature["geometry"]!["x"]!, 1e-8);
        Assert.Equal(await ScalarAsync<double>("ST_Y(geom)", 7), (double)feature["geometry"]!["y"]!, 1e-8);
        Assert.Null(feature["attributes"]!["reporter_name"]);
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_what_has_is()
    {
        const string path = "/arcgis/rest/services/GeoSanitation/FeatureServer/0/query?where=OBJECTID=7&outFields=*&f=json&resultType=tile";
        async Task<System.Net.Http.HttpResponseMessage> AskAsync(System.Net.Http.Headers.EntityTagHeaderValue tag)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { tag } } };
            return await county.Server.Client.SendAsync(request);
        }

        using var first = await county.Server.Client.GetAsync(path);
        using var again = await AskAsync(first.Headers.ETag!);
        await county.Server.Data.ExecuteAsync("UPDATE geosan.issue SET title = title || '!' WHERE id = 7");
        var changed = await AskAsync(first.Headers.ETag!);
        for (var patience = System.Diagnostics.Stopwatch.StartNew(); changed.StatusCode == System.Net.HttpStatusCode.NotModified && patience.Elapsed < TimeSpan.FromSeconds(30);)
        {
            changed.Dispose();
            changed = await AskAsync(first.Headers.ETag!);
        }

        Assert.Equal(System.Net.HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(System.Net.HttpStatusCode.OK, changed.StatusCode);
        Assert.EndsWith("!", (string)JsonNode.Parse(await changed.Content.ReadAsStringAsync())!["features"]![0]!["attributes"]!["title"]!);
        changed.Dispose();
        using var wrong = await county.Server.Client.GetAsync(path.Replace("=tile", "=cube"));
        Assert.Contains("none, standard, tile", await wrong.Content.ReadAsStringAsync());
        Assert.Null(wrong.Headers.ETag);
    }

    [Theory]
    [InlineData("objectIds=3,5,7", "i.id IN (3, 5, 7)")]
    [InlineData("geometry=112.64,32.42,112.7,32.46", "ST_Intersects(i.geom, " + Box + ")")]
    [InlineData("geometry=%7B%22xmin%22:112.64,%22ymin%22:32.42,%22xmax%22:112.7,%22ymax%22:32.46%7D&geometryType=esriGeometryEnvelope&spatialRel=esriSpatialRelContains", "ST_Contains(" + Box + ", i.geom)")]
    [InlineData("geometry=112.64,32.42,112.7,32.46&spatialRel=esriSpatialRelEnvelopeIntersects", "ST_Intersects(i.geom, " + Box + ")")]
    [InlineData("geometry=%7B%22rings%22:[[[112.64,32.42],[112.64,32.46],[112.7,32.46],[112.64,32.42]]]%7D&geometryType=esriGeometryPolygon", "ST_Intersects(i.geom, ST_GeomFromText('POLYGON((112.64 32.42,112.64 32.46,112.7 32.46,112.64 32.42))', 4326))")]
    [InlineData("geometry=%7B%22rings%22:[[[112.64,32.42],[112.64,32.46],[112.7,32.46],[112.7,32.42]],[[112.66,32.43],[112.68,32.43],[112.68,32.45],[112.66,32.45],[112.66,32.43]]]%7D", "ST_Intersects(i.geom, " + Box + ") AND NOT ST_Intersects(i.geom, ST_MakeEnvelope(112.66, 32.43, 112.68, 32.45, 4326))")]
    [InlineData("geometry=112.67,32.44&geometryType=esriGeometryPoint&distance=800&units=esriSRUnit_Meter", "ST_DWithin(i.geom::geography, ST_SetSRID(ST_MakePoint(112.67, 32.44), 4326)::geography, 800)")]
    [InlineData("geometry=112.67,32.44&distance=0.5&units=esriSRUnit_StatuteMile", "ST_DWithin(i.geom::geography, ST_SetSRID(ST_MakePoint(112.67, 32.44), 4326)::geography, 804.672)")]
    [InlineData("geometry=%7B%22paths%22:[[[112.6,32.4],[112.7,32.5]]]%7D&geometryType=esriGeometryPolyline&distance=300", "ST_DWithin(i.geom::geography, ST_GeomFromText('LINESTRING(112.6 32.4,112.7 32.5)', 4326)::geography, 300)")]
    [InlineData("geometry=%7B%22points%22:[[112.66,32.43],[112.68,32.45]]%7D&geometryType=esriGeometryMultipoint&distance=1&units=esriSRUnit_Kilometer", "ST_DWithin(i.geom::geography, ST_GeomFromText('MULTIPOINT(112.66 32.43,112.68 32.45)', 4326)::geography, 1000)")]
    [InlineData("time=1740787200000,1743465599000", "i.reported_at BETWEEN '2025-03-01T00:00:00Z' AND '2025-03-31T23:59:59Z'")]
    [InlineData("time=null,1743465599000", "i.reported_at <= '2025-03-31T23:59:59Z'")]
    [InlineData("time=1743465600000,null", "i.reported_at >= '2025-04-01T00:00:00Z'")]
    [InlineData("time=NULL,%201743465599000", "i.reported_at <= '2025-03-31T23:59:59Z'")]
    [InlineData("where=severity>3&status=open&q=%E5%9E%83%E5%9C%BE", "i.severity > 3 AND i.status IN ('reported', 'accepted', 'dispatched', 'resolved') AND concat_ws(' ', i.title, i.description, i.address, i.external_id) LIKE '%垃圾%'")]
    [InlineData("severity=4..5&category=exposed_rubbish", "i.severity >= 4 AND i.category_code = 'exposed_rubbish'")]
    public async Task Conditions_choose_what_SQL_does(string parameters, string sql)
    {
        var expected = await county.SqlAsync(sql);
        Assert.True(expected > 0, $"no issue shows what {sql} means");
        Assert.Equal(expected, await county.CountAsync(parameters));
        Assert.Equal(expected, (await county.IdsAsync(parameters)).Count);
    }

    [Theory]
    [InlineData("esriSpatialRelIntersects", "ST_Intersects(geom, b)")]
    [InlineData("esriSpatialRelContains", "ST_Contains(b, geom)")]
    [InlineData("esriSpatialRelOverlaps", "ST_Overlaps(b, geom)")]
    [InlineData("esriSpatialRelEnvelopeIntersects", "ST_Intersects(ST_Envelope(geom), b)")]
    [InlineData("esriSpatialRelIndexIntersects", "ST_Intersects(ST_Envelope(geom), b)")]
    public async Task Wards_lie_to_a_box_as_SQL_says(string relation, string sql)
    {
        var expected = await county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.ward, {Box} AS b WHERE valid_to IS NULL AND {sql}");
        Assert.True(expected > 0);
        Assert.Equal(expected, await county.CountAsync($"geometry=112.64,32.42,112.7,32.46&spatialRel={relation}", layer: 1));
    }

    [Fact]
    public async Task Wards_around_a_place_contain_it_and_wards_beside_one_touch_it()
    {
        var around = await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL AND ST_Contains(geom, ST_SetSRID(ST_MakePoint(112.67, 32.44), 4326))");
        Assert.True(around > 0);
        Assert.Equal(around, await county.CountAsync("geometry=112.67,32.44&geometryType=esriGeometryPoint&spatialRel=esriSpatialRelWithin", layer: 1));
        var ward = (await county.QueryAsync("where=level='community'&outFields=code&resultRecordCount=1", layer: 1))["features"]![0]!;
        var touching = await county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.ward AS w, geosan.ward AS o WHERE w.valid_to IS NULL AND o.valid_to IS NULL AND o.code = '{ward["attributes"]!["code"]}' AND ST_Touches(o.geom, w.geom)");
        Assert.True(touching > 0);
        // As it was written: rounded by less than a millimeter, so borders only almost touch.
        Assert.InRange(await county.CountAsync($"distance=1&geometry={Uri.EscapeDataString(ward["geometry"]!.ToJsonString())}&geometryType=esriGeometryPolygon", layer: 1), touching + 1, long.MaxValue);
    }

    [Theory]
    [InlineData(102100)]
    [InlineData(3857)]
    [InlineData(4490)]
    [InlineData(4547)]
    public async Task Shapes_come_and_go_in_other_systems_x_first(int wkid)
    {
        var crs = CrsRegistry.Find(wkid == 102100 ? "EPSG:3857" : $"EPSG:{wkid}");
        var (x, y) = crs.FromLonLat(new LonLat(await ScalarAsync<double>("ST_X(geom)", 11), await ScalarAsync<double>("ST_Y(geom)", 11)));
        var given = string.Create(CultureInfo.InvariantCulture, $"{{\"x\":{x:R},\"y\":{y:R},\"spatialReference\":{{\"wkid\":{wkid}}}}}");
        var answer = await county.QueryAsync($"geometryType=esriGeometryPoint&distance=1&outSR={wkid}&geometry={Uri.EscapeDataString(given)}");
        var feature = answer["features"]!.AsArray().Single(f => (long)f!["attributes"]!["OBJECTID"]! == 11)!;
        Assert.Equal(wkid == 3857 ? 102100 : wkid, (int)answer["spatialReference"]!["wkid"]!);
        Assert.Equal(crs.EpsgCode, (int)answer["spatialReference"]!["latestWkid"]!);
        Assert.Equal(x, (double)feature["geometry"]!["x"]!, crs.IsGeographic ? 1e-8 : 1e-3);
        Assert.Equal(y, (double)feature["geometry"]!["y"]!, crs.IsGeographic ? 1e-8 : 1e-3);
        // The system beside the shape, and as an object.
        var beside = string.Create(CultureInfo.InvariantCulture, $"geometry={x:R},{y:R}&inSR={Uri.EscapeDataString($"{{\"wkid\":{wkid}}}")}&distance=1");
        Assert.Equal(answer["features"]!.AsArray().Count, await county.CountAsync(beside));
    }

    [Fact]
    public async Task Pages_have_each_feature_once_and_say_that_there_are_more()
    {
        var total = await county.SqlAsync("TRUE");
        Assert.True(total > 2000);
        var (seen, more) = (new List<long>(), true);
        while (more)
        {
            var page = await county.QueryAsync($"where=1=1&returnGeometry=false&orderByFields=severity%20DESC,reported_at&resultOffset={seen.Count}&resultRecordCount=5000");
            Assert.Null(page["geometryType"]);
            Assert.InRange(page["features"]!.AsArray().Count, 1, 2000);
            seen.AddRange(page["features"]!.AsArray().Select(f => (long)f!["attributes"]!["OBJECTID"]!));
            more = (bool)page["exceededTransferLimit"]!;
        }
        Assert.Equal(total, seen.Count);
        Assert.Equal(await county.Server.Data.ScalarAsync<long[]>("SELECT array_agg(id ORDER BY severity DESC, reported_at, id) FROM geosan.issue"), seen);
        Assert.Equal(total, (await county.IdsAsync("where=1=1")).Distinct().Count());
    }

    [Fact]
    public async Task ArcGIS_gets_larger_pages_where_it_asks_for_them_and_no_features_of_a_tile_that_has_too_many()
    {
        var page = await county.QueryAsync("where=1=1&outFields=OBJECTID&returnGeometry=false&maxRecordCountFactor=4&resultOffset=8000&resultRecordCount=8000");
        Assert.Equal((8000, true), (page["features"]!.AsArray().Count, (bool)page["exceededTransferLimit"]!));
        Assert.Equal(Enumerable.Range(8001, 8000).Select(id => (long)id), page["features"]!.AsArray().Select(f => (long)f!["attributes"]!["OBJECTID"]!));
        Assert.Equal(2000, (await county.QueryAsync("where=1=1&resultRecordCount=8000&returnGeometry=false"))["features"]!.AsArray().Count);

        const string tile = "resultType=tile&returnExceededLimitFeatures=false&spatialRel=esriSpatialRelIntersects&geometryType=esriGeometryEnvelope&inSR=4326&geometry=";
        var full = await county.QueryAsync(tile + """{"xmin":112.5,"ymin":32.3,"xmax":112.8,"ymax":32.6}""");
        Assert.Equal((0, true), (full["features"]!.AsArray().Count, (bool)full["exceededTransferLimit"]!));
        var some = await county.QueryAsync(tile + """{"xmin":112.5,"ymin":32.3,"xmax":112.6,"ymax":32.4}""");
        Assert.Equal(await county.SqlAsync("i.geom && ST_MakeEnvelope(112.5, 32.3, 112.6, 32.4, 4326)"), some["features"]!.AsArray().Count);
        Assert.True(some["features"]!.AsArray().Count > 0);
        Assert.False((bool)some["exceededTransferLimit"]!);
    }

    [Fact]
    public async Task Fields_are_those_asked_for_and_the_number()
    {
        var answer = await county.QueryAsync("outFields=Severity,status,severity&resultRecordCount=1");
        Assert.Equal(["OBJECTID", "severity", "status"], answer["features"]![0]!["attributes"]!.AsObject().Select(a => a.Key));
        Assert.Equal(["OBJECTID"], (await county.QueryAsync("resultRecordCount=1"))["features"]![0]!["attributes"]!.AsObject().Select(a => a.Key));
    }

    [Fact]
    public async Task The_extent_is_the_box_around_them()
    {
        var answer = await county.QueryAsync("where=severity=5&returnExtentOnly=true&returnCountOnly=true&outSR=102100");
        Assert.Equal(await county.SqlAsync("i.severity = 5"), (long)answer["count"]!);
        foreach (var (member, function) in new[] { ("xmin", "ST_XMin"), ("ymin", "ST_YMin"), ("xmax", "ST_XMax"), ("ymax", "ST_YMax") })
        {
            Assert.Equal(await county.Server.Data.ScalarAsync<double>($"SELECT {function}(ST_Extent(ST_Transform(geom, 3857))) FROM geosan.issue WHERE severity = 5"), (double)answer["extent"]![member]!, 0.01);
        }
        Assert.Null((await county.QueryAsync("where=1=2&returnExtentOnly=true"))["extent"]);
    }

    [Fact]
    public async Task Statistics_of_groups_are_those_of_SQL()
    {
        const string wanted = """
            [{"statisticType":"count","onStatisticField":"OBJECTID","outStatisticFieldName":"n"},{"statisticType":"sum","onStatisticField":"severity","outStatisticFieldName":"s"},
             {"statisticType":"min","onStatisticField":"reported_at","outStatisticFieldName":"first"},{"statisticType":"max","onStatisticField":"severity","outStatisticFieldName":"worst"},
             {"statisticType":"avg","onStatisticField":"severity","outStatisticFieldName":"mean"},{"statisticType":"stddev","onStatisticField":"severity","outStatisticFieldName":"sd"},
             {"statisticType":"var","onStatisticField":"severity"},{"statisticType":"percentile_cont","onStatisticField":"severity","outStatisticFieldName":"p90","statisticParameters":{"value":0.9,"orderBy":"DESC"}},
             {"statisticType":"PERCENTILE_DISC","onStatisticField":"severity","outStatisticFieldName":"p50","statisticParameters":{"value":0.5}}]
            """;
        var answer = await county.PostAsync("/0/query", new()
        {
            ["f"] = "json",
            ["where"] = "severity > 1",
            ["outStatistics"] = wanted,
            ["groupByFieldsForStatistics"] = "status,category_group",
            ["orderByFields"] = "n DESC, status, category_group",
            ["having"] = "COUNT(*) > 5 AND AVG(severity) < 5 AND status <> 'rejected'",
        });
        Assert.True(answer["features"] is JsonArray, answer.ToJsonString());
        var sql = JsonNode.Parse(await county.Server.Data.ScalarAsync<string>($"""
            SELECT json_agg(json_build_array(status, grp, n, s, first, worst, mean, sd, v, p90, p50))::text FROM (
                SELECT i.status, coalesce(c.parent_code, c.code) AS grp, count(*) AS n, sum(i.severity) AS s, floor(extract(epoch FROM min(i.reported_at)) * 1000)::bigint AS first, max(i.severity) AS worst,
                    avg(i.severity)::float8 AS mean, stddev_samp(i.severity)::float8 AS sd, var_samp(i.severity)::float8 AS v, percentile_cont(0.9) WITHIN GROUP (ORDER BY i.severity DESC) AS p90, percentile_disc(0.5) WITHIN GROUP (ORDER BY i.severity) AS p50
                FROM {EsriCounty.Issue} WHERE i.severity > 1 GROUP BY i.status, coalesce(c.parent_code, c.code) HAVING count(*) > 5 AND avg(i.severity) < 5 AND i.status <> 'rejected' ORDER BY count(*) DESC, i.status COLLATE "C", coalesce(c.parent_code, c.code) COLLATE "C") AS g
            """))!.AsArray();
        Assert.Equal(["status", "category_group", "n", "s", "first", "worst", "mean", "sd", "var_severity", "p90", "p50"], answer["fields"]!.AsArray().Select(f => (string)f!["name"]!));
        Assert.True(sql.Count > 3);
        Assert.Equal(sql.Count, answer["features"]!.AsArray().Count);
        foreach (var (expected, actual) in sql.Zip(answer["features"]!.AsArray()))
        {
            foreach (var (value, attribute) in expected!.AsArray().Zip(actual!["attributes"]!.AsObject()))
            {
                Assert.True(value is JsonValue number && number.TryGetValue<double>(out var n) ? Math.Abs(n - (double)attribute.Value!) < 1e-9 * (1 + Math.Abs(n)) : (string?)value == (string?)attribute.Value, $"{attribute.Key}: {value} became {attribute.Value}");
            }
        }
    }

    [Fact]
    public async Task Different_values_are_each_there_once()
    {
        var answer = await county.QueryAsync("returnDistinctValues=true&outFields=status,severity&returnGeometry=false&orderByFields=severity%20DESC");
        var pairs = answer["features"]!.AsArray().Select(f => $"{f!["attributes"]!["severity"]} {f["attributes"]!["status"]}").ToList();
        Assert.Equal(await county.Server.Data.ScalarAsync<string[]>("""SELECT array_agg(severity || ' ' || status ORDER BY severity DESC, status COLLATE "C") FROM (SELECT DISTINCT severity, status FROM geosan.issue) AS d"""), pairs);
        Assert.Equal(pairs.Count, await county.CountAsync("returnDistinctValues=true&outFields=status,severity"));
        var page = await county.QueryAsync("returnDistinctValues=true&outFields=status,severity&resultOffset=1&resultRecordCount=2");
        Assert.Equal(2, page["features"]!.AsArray().Count);
        Assert.True((bool)page["exceededTransferLimit"]!);
    }

    [Fact]
    public async Task Shapes_are_rounded_simplified_and_put_on_a_grid_as_asked()
    {
        var rough = await county.QueryAsync("where=OBJECTID=7&geometryPrecision=2");
        Assert.Equal(Math.Round(await ScalarAsync<double>("ST_X(geom)", 7), 2), (double)rough["features"]![0]!["geometry"]!["x"]!);
        var full = (await county.QueryAsync("where=level='county'", layer: 1))["features"]![0]!["geometry"]!["rings"]!.AsArray();
        var simple = (await county.QueryAsync("where=level='county'&maxAllowableOffset=0.01", layer: 1))["features"]![0]!["geometry"]!["rings"]!.AsArray();
        Assert.InRange(simple[0]!.AsArray().Count, 4, full[0]!.AsArray().Count - 1);
        const string grid = """{"mode":"view","originPosition":"upperLeft","tolerance":0.0005,"extent":{"xmin":112.5,"ymin":32.3,"xmax":112.9,"ymax":32.6,"spatialReference":{"wkid":4326}}}""";
        foreach (var origin in new[] { "upperLeft", "lowerLeft" })
        {
            var answer = await county.QueryAsync("where=level='county'&quantizationParameters=" + Uri.EscapeDataString(grid.Replace("upperLeft", origin)), layer: 1);
            Assert.Equal(origin, (string?)answer["transform"]!["originPosition"]);
            Assert.Equal([0.0005, 0.0005], answer["transform"]!["scale"]!.AsArray().Select(s => (double)s!));
            var (x, y) = (0L, 0L);
            foreach (var step in answer["features"]![0]!["geometry"]!["rings"]![0]!.AsArray())
            {
                (x, y) = (x + (long)step![0]!, y + (long)step[1]!);
                var (lon, lat) = (112.5 + x * 0.0005, origin == "upperLeft" ? 32.6 - y * 0.0005 : 32.3 + y * 0.0005);
                Assert.Contains(full[0]!.AsArray(), p => Math.Abs((double)p![0]! - lon) <= 0.00026 && Math.Abs((double)p[1]! - lat) <= 0.00026);
            }
        }
    }

    [Fact]
    public async Task Outsides_go_clockwise_and_GeoJSON_the_other_way()
    {
        double Area(JsonArray ring) => ring.Zip(ring.Skip(1)).Sum(p => ((double)p.Second![0]! - (double)p.First![0]!) * ((double)p.Second[1]! + (double)p.First[1]!)) / 2;
        var esri = await county.QueryAsync("where=1=1", layer: 1);
        Assert.All(esri["features"]!.AsArray(), f => Assert.True(Area(f!["geometry"]!["rings"]![0]!.AsArray()) > 0));
        var geojson = await county.GetAsync("/1/query?f=geojson&where=1=1&outFields=code");
        Assert.Equal("FeatureCollection", (string?)geojson["type"]);
        Assert.Equal(esri["features"]!.AsArray().Count, geojson["features"]!.AsArray().Count);
        foreach (var feature in geojson["features"]!.AsArray())
        {
            var outside = (string?)feature!["geometry"]!["type"] == "Polygon" ? feature["geometry"]!["coordinates"]![0]! : feature["geometry"]!["coordinates"]![0]![0]!;
            Assert.True(Area(outside.AsArray()) < 0);
            Assert.Equal((long)feature["id"]!, (long)feature["properties"]!["OBJECTID"]!);
        }
        Assert.Equal((bool)esri["exceededTransferLimit"]!, (bool)geojson["exceededTransferLimit"]!);
        Assert.Equal((bool)esri["exceededTransferLimit"]!, (bool)geojson["properties"]!["exceededTransferLimit"]!);
    }

    [Fact]
    public async Task A_form_says_what_a_query_does_and_empty_parameters_say_nothing()
    {
        var query = await county.QueryAsync("where=severity=5&outFields=status&resultRecordCount=3&orderByFields=OBJECTID%20DESC");
        var form = await county.PostAsync("/0/query", new() { ["f"] = "json", ["WHERE"] = "severity=5", ["outfields"] = "status", ["resultRecordCount"] = "3", ["orderByFields"] = "OBJECTID DESC", ["geometry"] = "", ["objectIds"] = "", ["time"] = " ", ["sqlFormat"] = "none" });
        Assert.Equal(query.ToJsonString(), form.ToJsonString());
        Assert.Equal(3, form["features"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_single_feature_has_all_its_attributes()
    {
        var answer = await county.GetAsync("/0/7?f=json");
        var query = await county.QueryAsync("objectIds=7&outFields=*");
        Assert.Equal(query["features"]![0]!.ToJsonString(), answer["feature"]!.ToJsonString());
        Assert.Equal(404, (int)(await county.GetAsync("/0/99999999?f=json"))["error"]!["code"]!);
        Assert.Equal(404, (int)(await county.GetAsync("/7/1?f=json"))["error"]!["code"]!);
    }

    [Fact]
    public async Task Who_reported_an_issue_is_shown_to_those_who_may_see_it()
    {
        using var handler = await county.Server.ClientAsync(Roles.Handler);
        var seen = await county.GetAsync("/0/query?f=json&outFields=reporter_name&resultRecordCount=1&where=reporter_name%20IS%20NOT%20NULL", handler);
        Assert.True(seen["features"] is JsonArray, seen.ToJsonString());
        Assert.Equal(400, (int)(await county.QueryAsync("outFields=reporter_name&resultRecordCount=1"))["error"]!["code"]!);
        Assert.Equal(400, (int)(await county.QueryAsync("returnDistinctValues=true&outFields=reporter_phone"))["error"]!["code"]!);
        Assert.Equal(400, (int)(await county.QueryAsync("orderByFields=reporter_phone"))["error"]!["code"]!);
        Assert.DoesNotContain("reporter", (await county.QueryAsync("outFields=*&resultRecordCount=1")).ToJsonString());
        Assert.DoesNotContain("reporter", (await county.QueryAsync("returnDistinctValues=true&outFields=*&resultRecordCount=1")).ToJsonString());
    }

    [Theory]
    [InlineData("f=xml", "f")]
    [InlineData("objectIds=1,x", "objectIds")]
    [InlineData("geometry=1,2,3", "geometry")]
    [InlineData("geometry=5,5,1,1", "geometry")]
    [InlineData("geometry=%7B%22rings%22:[]%7D", "geometry")]
    [InlineData("geometry=%7B%22rings%22:[[[1,1],[1,1],[1,1]]]%7D", "geometry")]
    [InlineData("geometry=%7B%22x%22:1,%22y%22:99%7D", "geometry")]
    [InlineData("geometry=%7B%22x%22:1,%22y%22:2%7D&geometryType=esriGeometryPolygon", "geometry")]
    [InlineData("geometry=1,2&geometryType=esriGeometryBlob", "geometryType")]
    [InlineData("geometry=1,2&spatialRel=esriSpatialRelSmells", "spatialRel")]
    [InlineData("geometry=1,2&distance=-1", "distance")]
    [InlineData("geometry=1,2&distance=1e9", "distance")]
    [InlineData("geometry=1,2&distance=5&units=leagues", "units")]
    [InlineData("inSR=99999", "inSR")]
    [InlineData("outSR=%7B%22wkid%22:1%7D", "outSR")]
    [InlineData("outFields=nothing", "outFields")]
    [InlineData("orderByFields=severity%20UP", "orderByFields")]
    [InlineData("orderByFields=severity,severity", "orderByFields")]
    [InlineData("orderByFields=ward_path", "orderByFields")]
    [InlineData("resultOffset=-1", "resultOffset")]
    [InlineData("resultRecordCount=many", "resultRecordCount")]
    [InlineData("maxRecordCountFactor=6", "maxRecordCountFactor")]
    [InlineData("returnExceededLimitFeatures=perhaps", "returnExceededLimitFeatures")]
    [InlineData("text=market", "text")]
    [InlineData("fullText=[%7B%22searchTerm%22:%22market%22%7D]", "fullText")]
    [InlineData("historicMoment=1735689600000", "historicMoment")]
    [InlineData("time=yesterday", "time")]
    [InlineData("time=5,3", "time")]
    [InlineData("returnGeometry=perhaps", "returnGeometry")]
    [InlineData("quantizationParameters=%7B%7D", "quantizationParameters")]
    [InlineData("geometryPrecision=99", "geometryPrecision")]
    [InlineData("maxAllowableOffset=-1", "maxAllowableOffset")]
    [InlineData("outStatistics=%7B%7D", "outStatistics")]
    [InlineData("outStatistics=[%7B%22statisticType%22:%22mode%22,%22onStatisticField%22:%22severity%22%7D]", "outStatistics.statisticType")]
    [InlineData("outStatistics=[%7B%22statisticType%22:%22avg%22,%22onStatisticField%22:%22status%22%7D]", "outStatistics.statisticType")]
    [InlineData("outStatistics=[%7B%22statisticType%22:%22count%22,%22onStatisticField%22:%22status%22,%22outStatisticFieldName%22:%22a;b%22%7D]", "outStatistics.outStatisticFieldName")]
    [InlineData("outStatistics=[%7B%22statisticType%22:%22count%22,%22onStatisticField%22:%22status%22%7D]&groupByFieldsForStatistics=nothing", "groupByFieldsForStatistics")]
    [InlineData("outStatistics=[%7B%22statisticType%22:%22count%22,%22onStatisticField%22:%22status%22%7D]&having=severity%3E1", "having")]
    [InlineData("severity=9", "severity")]
    [InlineData("ward=a%00b", "ward")]
    public async Task What_cannot_be_read_is_refused_by_name(string parameters, string parameter)
    {
        var answer = await county.GetAsync("/0/query?" + (parameters.StartsWith("f=", StringComparison.Ordinal) ? "" : "f=json&") + parameters);
        Assert.True(answer["error"] is not null, answer.ToJsonString());
        Assert.Equal(400, (int)answer["error"]!["code"]!);
        Assert.Contains($"parameter: {parameter}", answer["error"]!["details"]!.AsArray().Select(d => (string?)d));
    }

    private Task<T> ScalarAsync<T>(string column, int id) => county.Server.Data.ScalarAsync<T>($"SELECT {column} FROM geosan.issue WHERE id = {id}");
}
