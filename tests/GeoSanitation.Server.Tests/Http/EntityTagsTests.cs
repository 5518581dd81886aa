using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Tests.Filters;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Http;

/// <summary>Strong tags: equal ones mean equal bytes, in whatever coding; what says the same is known by each of them.</summary>
public sealed class EntityTagsTests(Cql2Tests.County county) : IClassFixture<Cql2Tests.County>
{
    private static readonly string[] Codings = ["identity", "gzip", "br"];

    private readonly TestServer _server = county.Server;

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/issues?limit=500")]
    [InlineData("/api/issues/3")]
    [InlineData("/api/issues/summary")]
    [InlineData("/api/wards?limit=200")]
    [InlineData("/api/categories")]
    [InlineData("/api/scorecards?level=community")]
    [InlineData("/api/hotspots/gi-star?size=800")]
    [InlineData("/api/exports/issues.geojson?limit=3000")]
    [InlineData("/api/exports/issues.csv?limit=3000")]
    [InlineData("/api/exports/wards.fgb")]
    [InlineData("/api/exports/wards.parquet")]
    [InlineData("/tiles/issues.json")]
    [InlineData("/tiles/heatmap/12/legend.json")]
    [InlineData("/styles/planner.json")]
    [InlineData("/styles/sprite.json")]
    [InlineData("/styles/fonts/GeoSanitation/0-255.pbf")]
    [InlineData("/ogc")]
    [InlineData("/ogc/collections")]
    [InlineData("/ogc/collections/issues/items/3")]
    [InlineData("/ogc/collections/wards/items/990121?profile=jsonfg")]
    [InlineData("/ogc/collections/issues/items?limit=2000&f=csv")]
    [InlineData("/ogc/collections/issues/items?f=html&limit=5")]
    [InlineData("/ogc/tiles/WebMercatorQuad")]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer?f=json")]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer/0/query?where=severity%3E3&outFields=*&f=json")]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer/0/query?where=severity%3E3&outFields=*&f=pbf")]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer/0/query?where=1=1&returnCountOnly=true&f=pbf")]
    [InlineData("/open311/v2/requests.json?start_date=2025-01-01T00:00:00Z&end_date=2025-03-01T00:00:00Z")]
    [InlineData("/data.json")]
    [InlineData("/wms?service=WMS&request=GetCapabilities")]
    public async Task Equal_tags_mean_equal_bytes_in_every_coding(string address)
    {
        var bodies = new Dictionary<string, byte[]>();
        var tags = new Dictionary<string, string>();
        foreach (var coding in Codings)
        {
            for (var time = 0; time < 2; time++)
            {
                using var answer = await AskAsync(address, coding);
                var body = await answer.Content.ReadAsByteArrayAsync();
                var tag = answer.Headers.ETag!;
                Assert.True(answer.StatusCode == HttpStatusCode.OK && !tag.IsWeak, $"{address} {coding}: {answer.StatusCode} {tag}");
                Assert.Contains("Accept-Encoding", answer.Headers.Vary);
                Assert.EndsWith(answer.Content.Headers.ContentEncoding.SingleOrDefault() is { } packed ? $"-{packed}\"" : "\"", tag.Tag);
                if (!bodies.TryAdd(tag.Tag, body))
                {
                    Assert.True(body.AsSpan().SequenceEqual(bodies[tag.Tag]), $"{address} {coding} {tag}: other bytes");
                }
                tags[coding] = tag.Tag;
            }
        }
        // The version counts transactions of the whole test cluster, so it seldom moves between two requests.
        Assert.True(bodies.Count <= 5, string.Join(' ', bodies.Keys));
        Assert.Single(tags.Select(t => Convert.ToHexString(Unpacked(t.Key, t.Value, bodies[t.Value]))).Distinct());
        foreach (var (known, asked) in from known in Codings from asked in Codings select (known, asked))
        {
            using var again = await AskAsync(address, asked, tags[known]);
            if (again.StatusCode != HttpStatusCode.NotModified)
            {
                // Where the version has moved, the tag of now is known.
                using var latest = await AskAsync(address, known);
                using var last = await AskAsync(address, asked, latest.Headers.ETag!.Tag);
                Assert.Equal(HttpStatusCode.NotModified, last.StatusCode);
                continue;
            }
            // By the tag that the client has: it is that one which is good still.
            Assert.Equal(tags[known], again.Headers.ETag!.ToString());
            Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("/ogc/collections/issues/items?limit=50")]
    [InlineData("/ogc/collections/issues/items?limit=50&properties=severity,status")]
    [InlineData("/ogc/collections/wards/items?limit=50&profile=jsonfg")]
    [InlineData("/ogc/collections/gi-star/items?limit=50")]
    public async Task A_list_that_says_when_it_was_written_has_that_in_its_tag_and_is_known_later(string address)
    {
        using var first = await AskAsync(address, "br");
        using var second = await AskAsync(address, "br");
        Assert.False(first.Headers.ETag!.IsWeak);
        Assert.NotEqual(first.Headers.ETag, second.Headers.ETag);
        Assert.NotEqual(Json("br", first, await first.Content.ReadAsByteArrayAsync())["timeStamp"]!.ToString(), Json("br", second, await second.Content.ReadAsByteArrayAsync())["timeStamp"]!.ToString());
        foreach (var earlier in (HttpResponseMessage[])[first, second])
        {
            using var again = await AskAsync(address, "identity", earlier.Headers.ETag!.Tag);
            Assert.Equal((HttpStatusCode.NotModified, earlier.Headers.ETag), (again.StatusCode, again.Headers.ETag));
        }
        using var other = await AskAsync(address.Replace("limit=50", "limit=49", StringComparison.Ordinal), "br", first.Headers.ETag!.Tag);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("/api/issues/5", "application/merge-patch+json")]
    [InlineData("/ogc/collections/issues/items/6", "application/merge-patch+json")]
    public async Task A_change_gives_back_the_tag_that_a_packed_answer_had(string address, string mediaType)
    {
        using var administrator = await _server.ClientAsync(Roles.Administrator);
        string? stale = null;
        foreach (var coding in Codings)
        {
            using var read = await AskAsync(address, coding, client: administrator);
            using var changed = await PatchAsync(read.Headers.ETag!.Tag, $"seen as {coding}");
            Assert.True(changed.IsSuccessStatusCode, $"{coding}: {changed.StatusCode} {await changed.Content.ReadAsStringAsync()}");
            if (stale is not null)
            {
                using var refused = await PatchAsync(stale, "too late");
                Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
            }
            stale = read.Headers.ETag!.Tag;
        }

        async Task<HttpResponseMessage> PatchAsync(string tag, string title)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, address) { Content = new StringContent($$"""{"properties": {"title": "{{title}}"} }""", Encoding.UTF8, mediaType) };
            request.Headers.TryAddWithoutValidation("If-Match", tag);
            return await administrator.SendAsync(request);
        }
    }

    [Theory]
    [InlineData("/api/exports/wards.gpkg")]
    [InlineData("/api/exports/wards.shp.zip")]
    [InlineData("/arcgis/rest/services/GeoSanitation/FeatureServer/0/query?where=1=1&f=json&outStatistics=%5B%7B%22statisticType%22:%22count%22,%22onStatisticField%22:%22OBJECTID%22%7D%5D")]
    public async Task What_has_other_bytes_each_time_has_a_weak_tag(string address)
    {
        using var answer = await AskAsync(address, "br");
        Assert.True(answer.Headers.ETag!.IsWeak);
        using var again = await AskAsync(address, "gzip", answer.Headers.ETag.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task A_condition_that_asks_for_the_time_has_no_tag_of_the_data()
    {
        using var answer = await AskAsync("/arcgis/rest/services/GeoSanitation/FeatureServer/0/query?f=json&resultRecordCount=1&where=" + Uri.EscapeDataString("reported_at < CURRENT_TIMESTAMP - INTERVAL '1' DAY"), "br");
        Assert.Equal((HttpStatusCode.OK, null), (answer.StatusCode, answer.Headers.ETag));
    }

    [Fact]
    public async Task An_answer_that_is_still_to_be_made_has_no_tag()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/hotspots/clusters?eps=83&min_points=11") { Headers = { { "Prefer", "respond-async" }, { "If-None-Match", "\"nonsense\"" } } };
        using var answer = await _server.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.Accepted, null), (answer.StatusCode, answer.Headers.ETag));
        Assert.False(answer.Headers.Contains("X-Data-Version"));
    }

    private async Task<HttpResponseMessage> AskAsync(string address, string coding, string? known = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
        }
        return await (client ?? _server.Client).SendAsync(request);
    }

    private static byte[] Unpacked(string coding, string tag, byte[] body)
    {
        if (!tag.EndsWith($"-{coding}\"", StringComparison.Ordinal))
        {
            return body;
        }
        using Stream packed = coding == "br" ? new BrotliStream(new MemoryStream(body), CompressionMode.Decompress) : new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        packed.CopyTo(plain);
        return plain.ToArray();
    }

    private static JsonNode Json(string coding, HttpResponseMessage answer, byte[] body) => JsonNode.Parse(Unpacked(coding, answer.Headers.ETag!.Tag, body))!;
}
