using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Issues;

/// <summary>A small city: a county of two towns, four categories, a round, rules, a calendar.</summary>
internal static class PlantedCity
{
    internal static async Task PlantCityAsync(this TestDatabase data)
    {
        await data.PlantWardAsync("county", "county", PlantedIssues.Box(112, 32, 113, 33), name: "县");
        await data.PlantWardAsync("east", "town", PlantedIssues.Box(112.5, 32, 113, 33), "county", "东镇");
        await data.PlantWardAsync("west", "town", PlantedIssues.Box(112, 32, 112.5, 33), "county", "西镇");
        await data.ExecuteAsync("""
            UPDATE geosan.ward SET responsible = '县城管局' WHERE code = 'county';
            UPDATE geosan.ward SET responsible = '西镇城管所' WHERE code = 'west';
            INSERT INTO geosan.category (code, parent_code, name, name_en, department, deadline_amount, deadline_unit, default_severity) VALUES
                ('waste', NULL, '垃圾类', 'Waste', '环卫局', 24, 'hours', 3), ('litter', 'waste', '暴露垃圾', 'Exposed rubbish', NULL, NULL, NULL, 2),
                ('sewage', NULL, '污水横流', 'Standing sewage', '水务局', 12, 'working_hours', 4), ('odd', NULL, '其他', NULL, NULL, NULL, NULL, 1);
            INSERT INTO geosan.round (code, name, kind, starts_at, ends_at) VALUES ('r1', '第一轮暗访', 'covert', '2025-01-01', '2025-02-01');
            INSERT INTO geosan.responsibility (ward_code, category_code, body) VALUES ('county', 'waste', '县环卫公司'), ('east', NULL, '东镇物业');
            """);
    }

    /// <summary>Issues all over the city and a little beyond, reported in the first half of 2025; deterministic.</summary>
    internal static Task PlantManyAsync(this TestDatabase data, int count) => data.ExecuteAsync($"""
        SELECT setseed(0.3);
        INSERT INTO geosan.issue (source, external_id, category_code, severity, status, title, address, reported_at, accepted_at, dispatched_at, resolved_at, closed_at, due_at,
            ward_id, department, responsible, round_id, reporter_name, geom)
        SELECT (ARRAY['covert', 'patrol', 'hotline'])[1 + n % 3], 'x' || n, (ARRAY['litter', 'sewage', 'odd', 'waste'])[1 + (r1 * 4)::int % 4], 1 + n % 5, status,
            CASE WHEN n % 7 = 0 THEN '市场门口 100%_' || n END, CASE WHEN n % 11 = 0 THEN 'Market Street ' || n END, at,
            CASE WHEN status NOT IN ('reported', 'rejected') THEN at + interval '1 hour' END, CASE WHEN status IN ('dispatched', 'resolved', 'closed') THEN at + interval '2 hours' END,
            CASE WHEN status IN ('resolved', 'closed') THEN at + interval '1 day' END, CASE WHEN status = 'closed' THEN at + interval '2 days' END,
            CASE WHEN n % 2 = 0 THEN CASE WHEN n % 4 = 0 THEN at + interval '1 day' ELSE '2099-01-01'::timestamptz END END,
            (SELECT w.id FROM geosan.ward AS w WHERE ST_Covers(w.geom, point) ORDER BY nlevel(w.path) DESC, w.code LIMIT 1),
            CASE WHEN n % 3 > 0 THEN (ARRAY['环卫局', '水务局'])[n % 3] END, CASE WHEN n % 5 > 0 THEN 'body ' || n % 5 END,
            CASE WHEN n % 10 = 0 THEN (SELECT id FROM geosan.round) END, '张' || n, point
        FROM (SELECT n, random() AS r1, (ARRAY['reported', 'accepted', 'dispatched', 'resolved', 'closed', 'rejected'])[1 + (random() * 6)::int % 6] AS status,
                ST_SetSRID(ST_MakePoint(111.9 + random() * 1.2, 31.9 + random() * 1.2), 4326) AS point,
                '2025-01-01'::timestamptz + (random() * 180 * 24)::int * interval '1 hour' AS at
            FROM generate_series(1, {count}) AS n) AS made
        ORDER BY n;
        UPDATE geosan.issue SET relapse_of = id - 1 WHERE id % 9 = 0;
        ANALYZE geosan.issue;
        """);

    /// <summary>A new issue's body.</summary>
    internal static StringContent Feature(double first, double second, string properties, string? crs = null)
        => Json(string.Create(CultureInfo.InvariantCulture, $$"""
            {"type": "Feature", {{(crs is null ? "" : $"\"coordRefSys\": \"{crs}\", ")}}"geometry": {"type": "Point", "coordinates": [{{first:R}}, {{second:R}}]}, "properties": {{properties}}}
            """));

    internal static StringContent Json(string text, string mediaType = "application/json") => new(text, Encoding.UTF8, mediaType);

    /// <summary>Reports an issue and returns its feature.</summary>
    internal static async Task<JsonElement> ReportAsync(this HttpClient client, double lon = 112.25, double lat = 32.5, string properties = """{"category": "litter", "source": "patrol"}""")
    {
        using var answer = await client.PostAsync("/api/issues", Feature(lon, lat, properties));
        return await FeatureOfAsync(answer, HttpStatusCode.Created);
    }

    internal static async Task<HttpResponseMessage> PatchAsync(this HttpClient client, string path, string patch, string? ifMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, path) { Content = Json(patch, "application/merge-patch+json") };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }
        return await client.SendAsync(request);
    }

    internal static Task<HttpResponseMessage> MoveAsync(this HttpClient client, long id, string to, string? note = null)
        => client.PostAsync($"/api/issues/{id}/transitions", Json(JsonSerializer.Serialize(new { to, note })));

    internal static async Task<JsonElement> FeatureOfAsync(HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/geo+json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    internal static async Task<JsonElement> ProblemOfAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    internal static JsonElement Property(this JsonElement feature, string name) => feature.GetProperty("properties").GetProperty(name);

    internal static long IdOf(this JsonElement feature) => feature.GetProperty("id").GetInt64();

    internal static string ETagOf(this HttpResponseMessage answer) => answer.Headers.GetValues("ETag").Single();

    internal static IEnumerable<long> IdsOf(this JsonElement collection) => collection.GetProperty("features").EnumerateArray().Select(IdOf);

    /// <summary>All pages of a list, by their next links.</summary>
    internal static async Task<List<long>> AllIdsAsync(this HttpClient client, string path, Func<int, Task>? betweenPages = null)
    {
        var ids = new List<long>();
        string? next = path;
        for (var page = 1; next is not null; page++)
        {
            var collection = await client.GetFromJsonAsync<JsonElement>(next);
            ids.AddRange(collection.IdsOf());
            Assert.Equal(collection.IdsOf().Count(), collection.GetProperty("numberReturned").GetInt64());
            next = collection.GetProperty("links").EnumerateArray().Where(l => l.GetProperty("rel").GetString() == "next").Select(l => l.GetProperty("href").GetString()).SingleOrDefault();
            if (betweenPages is not null)
            {
                await betweenPages(page);
            }
        }
        return ids;
    }
}
