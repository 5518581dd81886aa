using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Catalog;

public sealed class CatalogEndpointsTests : IAsyncLifetime
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace GeoRss = "http://www.georss.org/georss";

    private TestServer _server = null!;
    private HttpClient _inspector = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new Settings
        {
            Publisher = new() { Name = "城市管理局", Title = "Open sanitation", ContactEmail = "data@city.example", License = "https://creativecommons.org/licenses/by/4.0/", BureauCode = "015:11", ProgramCode = "015:001" },
        });
        await _server.Data.PlantCityAsync();
        await _server.Data.PlantManyAsync(200);
        _inspector = await _server.ClientAsync(Roles.Inspector);
    }

    public async Task DisposeAsync()
    {
        _inspector.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>The fields that project-open-data.cio.gov/v1.1/schema demands of every publisher, and what they must look like.</summary>
    [Theory]
    [InlineData("/data.json")]
    [InlineData("/api/feed/dcat-us/1.1.json")]
    public async Task The_DCAT_US_catalog_has_what_harvesters_demand(string path)
    {
        var catalog = await _server.Client.GetFromJsonAsync<JsonElement>(path);

        Assert.Equal("https://project-open-data.cio.gov/v1.1/schema", catalog.GetProperty("conformsTo").GetString());
        Assert.Equal("dcat:Catalog", catalog.GetProperty("@type").GetString());
        var sets = catalog.GetProperty("dataset").EnumerateArray().ToList();
        Assert.Equal(["Sanitation issues", "Wards"], sets.Select(s => s.GetProperty("title").GetString()));
        foreach (var set in sets)
        {
            Assert.Equal("dcat:Dataset", set.GetProperty("@type").GetString());
            Assert.All(new[] { "description", "identifier", "modified" }, name => Assert.NotEqual("", set.GetProperty(name).GetString()));
            Assert.NotEmpty(set.GetProperty("keyword").EnumerateArray());
            Assert.Equal("城市管理局", set.GetProperty("publisher").GetProperty("name").GetString());
            Assert.Equal("mailto:data@city.example", set.GetProperty("contactPoint").GetProperty("hasEmail").GetString());
            Assert.Equal("public", set.GetProperty("accessLevel").GetString());
            Assert.Equal("https://creativecommons.org/licenses/by/4.0/", set.GetProperty("license").GetString());
            Assert.Equal("112,32,113,33", set.GetProperty("spatial").GetString());
            Assert.False(set.TryGetProperty("bureauCode", out _));
        }
        Assert.Equal(await _server.Data.ScalarAsync<DateTime>("SELECT max(updated_at) FROM geosan.issue"), sets[0].GetProperty("modified").GetDateTime());
        var period = sets[0].GetProperty("temporal").GetString()!.Split('/').Select(t => DateTimeOffset.Parse(t, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime).ToArray();
        Assert.Equal([await _server.Data.ScalarAsync<DateTime>("SELECT min(reported_at) FROM geosan.issue"), await _server.Data.ScalarAsync<DateTime>("SELECT max(reported_at) FROM geosan.issue")], period);

        var federal = await _server.Client.GetFromJsonAsync<JsonElement>(path + "?profile=federal");
        Assert.All(federal.GetProperty("dataset").EnumerateArray(), set => Assert.Equal("015:11", set.GetProperty("bureauCode")[0].GetString()));
    }

    /// <summary>The required fields of project-open-data.cio.gov/v1.1/schema (catalog, dataset, organization, vcard, distribution) and their patterns.</summary>
    [Fact]
    public async Task A_validator_takes_the_DCAT_US_catalog_of_a_server_whose_operator_has_set_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var catalog = await server.Client.GetFromJsonAsync<JsonElement>("/data.json");
        Assert.Equal("https://project-open-data.cio.gov/v1.1/schema", catalog.GetProperty("conformsTo").GetString());
        Assert.NotEmpty(catalog.GetProperty("dataset").EnumerateArray());
        foreach (var set in catalog.GetProperty("dataset").EnumerateArray())
        {
            Assert.All(new[] { "title", "description", "identifier" }, name => Assert.NotEqual("", set.GetProperty(name).GetString()));
            Assert.All(set.GetProperty("keyword").EnumerateArray(), word => Assert.NotEqual("", word.GetString()));
            Assert.Matches(@"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|R/P1D)$", set.GetProperty("modified").GetString());
            Assert.NotEqual("", set.GetProperty("publisher").GetProperty("name").GetString());
            Assert.NotEqual("", set.GetProperty("contactPoint").GetProperty("fn").GetString());
            Assert.Matches(@"^mailto:([\w.-]+@[\w.-]+\.[\w.-]+)?$", set.GetProperty("contactPoint").GetProperty("hasEmail").GetString());
            Assert.Equal("public", set.GetProperty("accessLevel").GetString());
            Assert.Matches("^(irregular|R/P.+)$", set.GetProperty("accrualPeriodicity").GetString());
            // Nothing is said of a licence or of codes that nobody has set.
            Assert.All(new[] { "license", "bureauCode", "programCode" }, name => Assert.False(set.TryGetProperty(name, out _)));
            foreach (var distribution in set.GetProperty("distribution").EnumerateArray())
            {
                Assert.True(distribution.TryGetProperty("downloadURL", out var url) || distribution.TryGetProperty("accessURL", out url));
                Assert.True(Uri.TryCreate(url.GetString(), UriKind.Absolute, out _));
                Assert.All(new[] { "title", "format" }, name => Assert.NotEqual("", distribution.GetProperty(name).GetString()));
                Assert.All(new[] { "mediaType", "describedByType" }, name => Assert.Matches(@"^[-\w]+/[-\w]+(\.[-\w]+)*([+][-\w]+)?$", distribution.GetProperty(name).GetString()));
            }
        }
    }

    [Fact]
    public async Task Every_address_that_the_catalog_names_answers()
    {
        await PublishAsync();
        var us = await _server.Client.GetFromJsonAsync<JsonElement>("/data.json");
        var named = us.GetProperty("dataset").EnumerateArray().SelectMany(s => s.GetProperty("distribution").EnumerateArray())
            .Select(d => d.TryGetProperty("downloadURL", out var url) ? url.GetString()! : d.GetProperty("accessURL").GetString()!).ToHashSet();
        Assert.Contains(_server.Address + "api/issues", named);
        Assert.Contains(_server.Address + "tiles/wards.json", named);
        Assert.Contains(named, url => url.EndsWith("/result", StringComparison.Ordinal));
        var sitemap = await XmlAsync("/sitemap.xml", "application/xml");
        named.UnionWith(sitemap.Elements().Select(url => url.Elements().First().Value).Where(url => !url.EndsWith('/')));
        foreach (var url in named)
        {
            using var answer = await _server.Client.GetAsync(url);
            Assert.True(answer.IsSuccessStatusCode, $"{url}: {answer.StatusCode}");
        }
        var robots = await _server.Client.GetStringAsync("/robots.txt");
        Assert.Contains($"Sitemap: {_server.Address}sitemap.xml\n", robots);
    }

    [Theory]
    [InlineData("/catalog/dcat-ap.jsonld", "3.0.0")]
    [InlineData("/api/feed/dcat-ap/3.0.0.json", "3.0.0")]
    [InlineData("/api/feed/dcat-ap/2.1.1.json", "2.1.1")]
    public async Task The_DCAT_AP_catalog_has_the_mandatory_properties(string path, string version)
    {
        using var answer = await _server.Client.GetAsync(path);
        Assert.Equal("application/ld+json", answer.Content.Headers.ContentType!.MediaType);
        var catalog = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal($"https://semiceu.github.io/DCAT-AP/releases/{version}/", catalog.GetProperty("dct:conformsTo").GetProperty("@id").GetString());
        Assert.Equal("Open sanitation", catalog.GetProperty("dct:title").GetString());
        Assert.Equal("城市管理局", catalog.GetProperty("dct:publisher").GetProperty("foaf:name").GetString());
        foreach (var set in catalog.GetProperty("dcat:dataset").EnumerateArray())
        {
            Assert.Equal("en", set.GetProperty("dct:title").GetProperty("@language").GetString());
            Assert.Equal("POLYGON((112 32,113 32,113 33,112 33,112 32))", set.GetProperty("dct:spatial").GetProperty("dcat:bbox").GetProperty("@value").GetString());
            Assert.All(set.GetProperty("dcat:distribution").EnumerateArray(), d => Assert.StartsWith(_server.Address.ToString(), d.GetProperty("dcat:accessURL").GetProperty("@id").GetString()));
        }
        // Every prefix that is used is declared.
        var declared = catalog.GetProperty("@context").EnumerateObject().Select(p => p.Name).ToHashSet();
        var used = System.Text.RegularExpressions.Regex.Matches(catalog.GetRawText(), "\"([a-z]+):[A-Za-z]+\"").Select(m => m.Groups[1].Value).Distinct();
        Assert.Empty(used.Except(declared));
    }

    [Fact]
    public async Task Links_follow_the_address_that_the_caller_sees_and_an_answer_is_not_sent_twice()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/feed/rss/2.0") { Headers = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-Host", "data.city.example" } } };
        using var answer = await _server.Client.SendAsync(request);
        var channel = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Element("channel")!;
        Assert.Equal("https://data.city.example/", channel.Element("link")!.Value);
        Assert.Equal(["https://data.city.example/api/issues", "https://data.city.example/api/wards"], channel.Elements("item").Select(i => i.Element("link")!.Value));
        Assert.Equal("32 112 33 113", channel.Elements("item").First().Element(GeoRss + "box")!.Value);

        foreach (var path in (string[])["/data.json", "/catalog/dcat-ap.jsonld", "/sitemap.xml", "/api/wards/west/feed.atom", "/api/hotspots/feed.atom"])
        {
            using var first = await _server.Client.GetAsync(path);
            using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "If-None-Match", first.ETagOf() } } };
            using var known = await _server.Client.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        }
        using var before = await _server.Client.GetAsync("/data.json");
        await _inspector.ReportAsync();
        using var after = await _server.Client.GetAsync("/data.json");
        Assert.NotEqual(before.ETagOf(), after.ETagOf());
    }

    [Fact]
    public async Task The_feed_of_a_ward_has_its_latest_issues_with_their_places()
    {
        var feed = await XmlAsync("/api/wards/west/feed.atom?limit=7&category=waste", "application/atom+xml");

        Assert.Equal("西镇: sanitation issues", feed.Element(Atom + "title")!.Value);
        var expected = (await _server.Data.ScalarAsync<string>("""
            SELECT string_agg(format('%s %s %s', id, round(ST_Y(geom)::numeric, 7)::float8, round(ST_X(geom)::numeric, 7)::float8), ',') FROM (
                SELECT i.* FROM geosan.issue AS i JOIN geosan.ward AS w ON w.id = i.ward_id WHERE w.code = 'west' AND category_code IN ('waste', 'litter') ORDER BY reported_at DESC, id DESC LIMIT 7) AS latest
            """))!.Split(',');
        Assert.Equal(expected, feed.Elements(Atom + "entry").Select(e => $"{e.Element(Atom + "id")!.Value.Split('/')[^1]} {e.Element(GeoRss + "point")!.Value}"));
        Assert.All(feed.Elements(Atom + "entry"), e => Assert.All(new[] { "title", "updated", "published", "summary" }, name => Assert.NotEqual("", e.Element(Atom + name)!.Value)));
        Assert.Equal(feed.Elements(Atom + "entry").Max(e => e.Element(Atom + "updated")!.Value), feed.Element(Atom + "updated")!.Value);
        // The county's feed holds what lies in its towns.
        Assert.Equal(100, (await XmlAsync("/api/wards/county/feed.atom", "application/atom+xml")).Elements(Atom + "entry").Count());
        using var nowhere = await _server.Client.GetAsync("/api/wards/nowhere/feed.atom");
        Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        using var twice = await _server.Client.GetAsync("/api/wards/west/feed.atom?ward=east");
        Assert.Equal(HttpStatusCode.BadRequest, twice.StatusCode);
    }

    [Fact]
    public async Task The_feed_of_hotspots_says_what_changed_from_each_published_run_to_the_next_of_its_name()
    {
        Assert.Empty((await XmlAsync("/api/hotspots/feed.atom", "application/atom+xml")).Elements(Atom + "entry"));
        var first = await PublishAsync();
        var only = Assert.Single((await XmlAsync("/api/hotspots/feed.atom", "application/atom+xml")).Elements(Atom + "entry"));
        var hotspots = (await _server.Client.GetFromJsonAsync<JsonElement>($"/api/runs/{first}/result")).GetProperty("features").GetArrayLength();
        Assert.Equal($"clusters of the test: {hotspots} {(hotspots == 1 ? "hotspot" : "hotspots")}", only.Element(Atom + "title")!.Value);
        Assert.Equal($"{hotspots} in all; none of this name was published before.", only.Element(Atom + "summary")!.Value);

        // Of all issues those in the east go; what was there before vanishes or shrinks. Another name is compared with nothing.
        var east = await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue WHERE ST_X(geom) >= 112.5");
        Assert.InRange(east, 1, 199);
        await _server.Data.ExecuteAsync("DELETE FROM geosan.issue WHERE ST_X(geom) >= 112.5");
        var second = await PublishAsync();
        await PublishAsync("others");
        var entries = (await XmlAsync("/api/hotspots/feed.atom?name=clusters+of+the+test", "application/atom+xml")).Elements(Atom + "entry").ToList();
        Assert.Equal([$"{_server.Address}api/runs/{second}/result", $"{_server.Address}api/runs/{first}/result"], entries.Select(e => e.Element(Atom + "id")!.Value));
        var counts = (await _server.Client.GetFromJsonAsync<JsonElement>($"/api/runs/{first}/compare/{second}")).GetProperty("counts");
        int Count(string word) => counts.GetProperty(word).GetInt32();
        Assert.Equal($"clusters of the test: {Count("appeared")} appeared, {Count("vanished")} vanished, {Count("grew")} grew, {Count("shrank")} shrank", entries[0].Element(Atom + "title")!.Value);
        Assert.True(Count("vanished") + Count("shrank") > 0);
        Assert.Contains($"Since run {first}: ", entries[0].Element(Atom + "summary")!.Value);
        Assert.Equal($"{_server.Address}api/runs/{first}/compare/{second}", entries[0].Elements(Atom + "link").Single(l => (string?)l.Attribute("rel") == "related").Attribute("href")!.Value);
        Assert.Equal(4, entries[0].Element(GeoRss + "box")!.Value.Split(' ').Length);
        Assert.Equal(only.ToString(), entries[1].ToString());
        Assert.Equal(["others", "clusters of the test", "clusters of the test"], (await XmlAsync("/api/hotspots/feed.atom", "application/atom+xml")).Elements(Atom + "entry").Select(e => e.Element(Atom + "title")!.Value.Split(':')[0]));
        var sets = (await _server.Client.GetFromJsonAsync<JsonElement>("/data.json")).GetProperty("dataset").EnumerateArray().Select(s => s.GetProperty("title").GetString());
        Assert.Equal(["Sanitation issues", "Wards", "Hotspots"], sets);
    }

    [Fact]
    public async Task A_publisher_without_codes_is_not_federal()
    {
        await using var server = await TestServer.StartAsync();
        await PlantedCity.ProblemOfAsync(await server.Client.GetAsync("/data.json?profile=federal"), HttpStatusCode.BadRequest);
        var set = (await server.Client.GetFromJsonAsync<JsonElement>("/data.json")).GetProperty("dataset")[0];
        Assert.False(set.TryGetProperty("license", out _));
        Assert.Equal("R/P1D", set.GetProperty("modified").GetString());
    }

    private async Task<long> PublishAsync(string name = "clusters of the test")
    {
        using var posted = await _inspector.PostAsync("/api/runs", PlantedCity.Json($$$"""{"method": "dbscan", "parameters": {"eps": 8000, "min_points": 4}, "name": "{{{name}}}"}"""));
        var run = await posted.Content.ReadFromJsonAsync<JsonElement>();
        var id = run.GetProperty("id").GetInt64();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while ((await _server.Client.GetFromJsonAsync<JsonElement>($"/api/runs/{id}", patience.Token)).GetProperty("state").GetString() is "queued" or "running")
        {
            await Task.Yield();
        }
        using var published = await _inspector.PostAsync($"/api/runs/{id}/publish", null);
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);
        return id;
    }

    private async Task<XElement> XmlAsync(string path, string mediaType)
    {
        using var answer = await _server.Client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        Assert.Equal(mediaType, answer.Content.Headers.ContentType!.MediaType);
        return XDocument.Parse(text).Root!;
    }
}
