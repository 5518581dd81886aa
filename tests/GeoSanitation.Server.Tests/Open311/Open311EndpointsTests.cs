using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Open311;

public sealed class Open311EndpointsTests : IAsyncLifetime
{
    private const string Root = "/open311/v2";

    private TestServer _server = null!;
    private HttpClient _inspector = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new Settings { Publisher = new() { Name = "城市管理局", ContactEmail = "data@city.example", Jurisdiction = "city.example" } });
        await _server.Data.PlantCityAsync();
        _inspector = await _server.ClientAsync(Roles.Inspector);
        _key = _inspector.DefaultRequestHeaders.Authorization!.Parameter!;
    }

    public async Task DisposeAsync()
    {
        _inspector.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Discovery_names_this_server_as_its_caller_sees_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Root}/discovery.xml") { Headers = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-Host", "city.example" } } };
        using var answer = await _server.Client.SendAsync(request);

        Assert.Equal("text/xml; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        var discovery = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
        Assert.Equal("discovery", discovery.Name);
        Assert.Equal("城市管理局, data@city.example", discovery.Element("contact")!.Value);
        var endpoint = discovery.Element("endpoints")!.Elements("endpoint").Single();
        Assert.Equal(["http://wiki.open311.org/GeoReport_v2", "https://city.example/open311/v2", "production"], new[] { "specification", "url", "type" }.Select(name => endpoint.Element(name)!.Value));
        Assert.Equal(["text/xml", "application/json"], endpoint.Element("formats")!.Elements("format").Select(f => f.Value));

        var json = await _server.Client.GetFromJsonAsync<JsonElement>($"{Root}/discovery.json");
        Assert.Equal(_server.Address + "open311/v2", json.GetProperty("endpoints")[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task Services_are_the_categories_with_their_groups_and_measures()
    {
        var services = (await _server.Client.GetFromJsonAsync<JsonElement>($"{Root}/services.json")).EnumerateArray().ToDictionary(s => s.GetProperty("service_code").GetString()!);
        Assert.Equal(["litter", "odd", "sewage", "waste"], services.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["暴露垃圾", "垃圾类", "Exposed rubbish; 环卫局, within 24 hours of dispatch", "realtime", "Exposed rubbish"],
            new[] { "service_name", "group", "description", "type", "keywords" }.Select(name => services["litter"].GetProperty(name).GetString()));
        Assert.True(services["litter"].GetProperty("metadata").GetBoolean());

        var xml = await XmlAsync($"{Root}/services.xml");
        Assert.Equal(["litter", "odd", "sewage", "waste"], xml.Elements("service").Select(s => s.Element("service_code")!.Value));

        var definition = await XmlAsync($"{Root}/services/sewage.xml?jurisdiction_id=city.example");
        Assert.Equal("sewage", definition.Element("service_code")!.Value);
        var attribute = definition.Element("attributes")!.Elements("attribute").Single();
        Assert.Equal(["true", "severity", "singlevaluelist", "false", "1"], new[] { "variable", "code", "datatype", "required", "order" }.Select(name => attribute.Element(name)!.Value));
        Assert.Equal(["1", "2", "3", "4", "5"], attribute.Element("values")!.Elements("value").Select(v => v.Element("key")!.Value));
    }

    [Fact]
    public async Task A_request_that_is_sent_becomes_an_issue_and_is_read_back()
    {
        var sent = await PostAsync("json", ("api_key", _key), ("jurisdiction_id", "city.example"), ("service_code", "litter"), ("lat", "32.5"), ("long", "112.25"), ("address_string", "人民路 12 号"),
            ("description", "垃圾满溢 <b>&\u0001"), ("media_url", "https://example.org/1.jpg"), ("first_name", "三"), ("last_name", "张"), ("email", "z@example.org"), ("phone", "138"), ("attribute[severity]", "5"), ("device_id", ""));
        Assert.Equal(HttpStatusCode.Created, sent.Status);
        var id = JsonDocument.Parse(sent.Text).RootElement[0].GetProperty("service_request_id").GetString()!;
        Assert.Equal("环卫局, within 24 hours of dispatch", JsonDocument.Parse(sent.Text).RootElement[0].GetProperty("service_notice").GetString());
        Assert.Equal("citizen litter 5 reported 三 张 138 z@example.org 西镇", await _server.Data.ScalarAsync<string>($"""
            SELECT concat_ws(' ', source, category_code, severity, status, reporter_name, reporter_phone, reporter_email, (SELECT name FROM geosan.ward WHERE id = ward_id)) FROM geosan.issue WHERE id = {id}
            """));
        Assert.Equal("the inspector", await _server.Data.ScalarAsync<string>($"SELECT actor FROM geosan.issue_event WHERE issue_id = {id}"));

        foreach (var address in (string[])[$"{Root}/requests/{id}.xml", $"{Root}/requests.xml", $"{Root}/requests.xml?service_request_id={id}"])
        {
            var request = (await XmlAsync(address)).Elements("request").Single();
            Assert.Equal([id, "open", "reported", "暴露垃圾", "litter", "垃圾满溢 <b>&", "县环卫公司", "人民路 12 号", "32.5", "112.25", "https://example.org/1.jpg", ""],
                new[] { "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible", "address", "lat", "long", "media_url", "zipcode" }.Select(name => request.Element(name)!.Value));
            Assert.DoesNotContain("138", request.ToString());
        }
        var token = await XmlAsync($"{Root}/tokens/{id}.xml");
        Assert.Equal(id, token.Elements("request").Single().Element("service_request_id")!.Value);
    }

    [Fact]
    public async Task With_extensions_come_the_attributes_of_the_issue_its_history_and_its_photo()
    {
        var id = (await _inspector.ReportAsync(properties: """{"category": "litter", "source": "patrol", "title": "t", "description": "d"}""")).IdOf();
        await _inspector.MoveAsync(id, "accepted");
        await _inspector.MoveAsync(id, "dispatched", "快");
        using var photo = new ByteArrayContent([0xFF, 0xD8, 0xFF, 1]) { Headers = { ContentType = new("image/jpeg") } };
        using var attached = await _inspector.PostAsync($"/api/issues/{id}/attachments", photo);
        Assert.Equal(HttpStatusCode.Created, attached.StatusCode);

        var request = (await _server.Client.GetFromJsonAsync<JsonElement>($"{Root}/requests/{id}.json?extensions=true"))[0];
        Assert.Equal("t\nd", request.GetProperty("description").GetString());
        Assert.Matches($"^{_server.Address}api/issues/{id}/attachments/[0-9]+$", request.GetProperty("media_url").GetString());
        Assert.Equal(request.GetProperty("requested_datetime").GetDateTime().AddHours(24), request.GetProperty("expected_datetime").GetDateTime(), TimeSpan.FromMinutes(5));
        var attributes = request.GetProperty("extended_attributes");
        Assert.Equal(["dispatched", "2", "west", "西镇", "县环卫公司", "环卫局", "patrol", "False", "False", "0"],
            new[] { "status", "severity", "ward", "ward_name", "responsible", "department", "source", "overdue", "relapse", "reopen_count" }.Select(name => attributes.GetProperty(name).ToString()));
        Assert.Equal(["created reported ", "transition reported > accepted ", "transition accepted > dispatched 快", "attached attached "],
            request.GetProperty("notes").EnumerateArray().Select(n => $"{n.GetProperty("type")} {n.GetProperty("summary")} {n.GetProperty("description")}"));
        Assert.Equal(4, (await XmlAsync($"{Root}/requests.xml?extensions=true")).Elements("request").Single().Element("notes")!.Elements("note").Count());
        Assert.False((await _server.Client.GetFromJsonAsync<JsonElement>($"{Root}/requests.json"))[0].TryGetProperty("notes", out _));
    }

    [Fact]
    public async Task Lists_are_narrowed_by_every_parameter_and_paged()
    {
        await _server.Data.PlantManyAsync(300);
        const string span = "start_date=2025-01-01T00:00:00Z&end_date=2025-12-31T00:00:00Z";
        var all = await IdsAsync(span);
        Assert.Equal(300, all.Count);
        Assert.Equal(await ExpectedAsync("true"), all);

        Assert.Equal(await ExpectedAsync("status IN ('closed', 'rejected')"), await IdsAsync($"{span}&status=closed"));
        Assert.Equal(await ExpectedAsync("status NOT IN ('closed', 'rejected')"), await IdsAsync($"{span}&status=open"));
        Assert.Equal(all, await IdsAsync($"{span}&status=open,closed"));
        // A group's code means what is in it too.
        Assert.Equal(await ExpectedAsync("category_code IN ('litter', 'waste', 'odd')"), await IdsAsync($"{span}&service_code=waste,odd"));
        Assert.Equal(await ExpectedAsync("reported_at BETWEEN '2025-02-01T00:00:00+08:00' AND '2025-02-28T16:00:00Z'"), await IdsAsync("start_date=2025-02-01T00:00:00+08:00&end_date=2025-03-01T00:00:00%2B08:00"));
        // One end alone means 90 days.
        Assert.Equal(await ExpectedAsync("reported_at BETWEEN '2025-02-01Z' AND '2025-05-02Z'"), await IdsAsync("start_date=2025-02-01T00:00:00Z"));
        Assert.Equal(await ExpectedAsync("reported_at BETWEEN '2025-02-01Z' AND '2025-05-02Z'"), await IdsAsync("end_date=2025-05-02T00:00:00Z"));
        Assert.Empty(await IdsAsync(""));
        Assert.Equal(all, await IdsAsync("updated_after=2025-01-01T00:00:00Z"));
        Assert.Equal(all, await IdsAsync("updated_after=2025-01-01T00:00:00+08:00"));
        Assert.Empty(await IdsAsync($"updated_after={DateTime.UtcNow.AddHours(1):yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        Assert.Equal(await ExpectedAsync("ST_X(geom) BETWEEN 112.2 AND 112.6 AND ST_Y(geom) BETWEEN 32.1 AND 32.7"), await IdsAsync($"{span}&bbox=112.2,32.1,112.6,32.7"));
        Assert.Equal(await ExpectedAsync("ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint(112.5, 32.5), 4326)::geography, 20000)"), await IdsAsync($"{span}&lat=32.5&long=112.5&radius=20000"));
        Assert.Equal(all[40..60], await IdsAsync($"{span}&page=3&page_size=20"));
        Assert.Empty(await IdsAsync($"{span}&page=16&page_size=20"));
        Assert.Equal(all[^2..].Order(), (await IdsAsync($"service_request_id={all[^1]},{all[^2]},999999")).Order());
    }

    [Fact]
    public async Task What_a_client_has_is_not_sent_again_until_it_changes()
    {
        foreach (var address in (string[])[$"{Root}/requests.json", $"{Root}/services.xml", $"{Root}/discovery.json"])
        {
            using var first = await _server.Client.GetAsync(address);
            using var again = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "If-None-Match", first.ETagOf() } } };
            using var answer = await _server.Client.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        }
        using var before = await _server.Client.GetAsync($"{Root}/requests.json");
        await _inspector.ReportAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Root}/requests.json") { Headers = { { "If-None-Match", before.ETagOf() } } };
        using var changed = await _server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(before.ETagOf(), changed.ETagOf());
    }

    [Theory]
    [InlineData("requests", 400, "start_date", "start_date=2025-01-01T00:00:00")]
    [InlineData("requests", 400, "start_date", "start_date=2025-01-01")]
    [InlineData("requests", 400, "end_date", "start_date=2025-02-01T00:00:00Z&end_date=2025-01-01T00:00:00Z")]
    [InlineData("requests", 400, "status", "status=dispatched")]
    [InlineData("requests", 400, "page_size", "page_size=1001")]
    [InlineData("requests", 400, "page", "page=0")]
    [InlineData("requests", 400, "long", "lat=32")]
    [InlineData("requests", 400, "service_request_id", "service_request_id=1,x")]
    [InlineData("requests", 400, "nonsense", "nonsense=1")]
    [InlineData("requests", 404, "there is no service nothing", "service_code=nothing")]
    [InlineData("requests", 404, "there is no jurisdiction elsewhere", "jurisdiction_id=elsewhere")]
    [InlineData("requests", 403, "API key", "api_key=gs_wrong")]
    [InlineData("requests/77", 404, "there is no service request 77", "")]
    [InlineData("requests/x", 404, "there is no service request x", "")]
    [InlineData("services/nothing", 404, "there is no service nothing", "")]
    [InlineData("tokens/5", 404, "there is no token 5", "")]
    public async Task Refusals_are_in_the_words_of_the_protocol(string resource, int status, string words, string query)
    {
        using var xml = await _server.Client.GetAsync($"{Root}/{resource}.xml?{query}");
        Assert.Equal(status, (int)xml.StatusCode);
        Assert.Equal("text/xml; charset=utf-8", xml.Content.Headers.ContentType!.ToString());
        var error = XDocument.Parse(await xml.Content.ReadAsStringAsync()).Element("errors")!.Elements("error").Single();
        Assert.Equal($"{status}", error.Element("code")!.Value);
        Assert.Contains(words, error.Element("description")!.Value);

        using var json = await _server.Client.GetAsync($"{Root}/{resource}.json?{query}");
        Assert.Equal(status, (int)json.StatusCode);
        var same = (await json.Content.ReadFromJsonAsync<JsonElement>())[0];
        Assert.Equal(status, same.GetProperty("code").GetInt32());
        Assert.Equal(error.Element("description")!.Value, same.GetProperty("description").GetString());
    }

    [Fact]
    public async Task Only_a_whole_request_with_an_inspectors_key_is_taken()
    {
        using var reader = await _server.ClientAsync(Roles.Reader);
        var readersKey = reader.DefaultRequestHeaders.Authorization!.Parameter!;
        (string, string)[] place = [("service_code", "litter"), ("lat", "32.5"), ("long", "112.25")];
        foreach (var (status, words, fields) in ((int, string, (string, string)[])[])
            [
                (403, "API key", place),
                (403, "API key", [("api_key", "gs_nonsense"), .. place]),
                (403, "this one is of role reader", [("api_key", readersKey), .. place]),
                (400, "service_code is missing", [("api_key", _key), .. place[1..]]),
                (404, "there is no service nonsense", [("api_key", _key), ("service_code", "nonsense"), .. place[1..]]),
                (404, "there is no jurisdiction elsewhere", [("api_key", _key), ("jurisdiction_id", "elsewhere"), .. place]),
                (400, "no geocoder", [("api_key", _key), ("service_code", "litter"), ("address_string", "人民路 12 号")]),
                (400, "lat is missing", [("api_key", _key), ("service_code", "litter")]),
                (400, "lat was 91", [("api_key", _key), ("service_code", "litter"), ("lat", "91"), ("long", "1")]),
                (400, "long was NaN", [("api_key", _key), ("service_code", "litter"), ("lat", "9"), ("long", "NaN")]),
                (400, "address_id was 7", [("api_key", _key), ("address_id", "7"), .. place]),
                (400, "attribute[severity] was 6", [("api_key", _key), ("attribute[severity]", "6"), .. place]),
                (400, "attribute[color] was red", [("api_key", _key), ("attribute[color]", "red"), .. place]),
                (400, "media_url was javascript:alert(1)", [("api_key", _key), ("media_url", "javascript:alert(1)"), .. place]),
                (400, "lat was 1,2", [("api_key", _key), ("service_code", "litter"), ("lat", "1"), ("lat", "2"), ("long", "1")]),
                (400, "description was", [("api_key", _key), ("description", new string('x', 10_001)), .. place]),
            ])
        {
            var xml = await PostAsync("xml", fields);
            Assert.True(status == (int)xml.Status, $"{words}: {xml.Status} {xml.Text}");
            var error = XDocument.Parse(xml.Text).Element("errors")!.Element("error")!;
            Assert.Contains(words, error.Element("description")!.Value);
        }
        foreach (var (type, body) in ((string, string)[])[("application/json", "{}"), ("text/plain", "x"), ("multipart/form-data", "x"), ("multipart/form-data; boundary=x", "--x\r\n"), ("application/x-www-form-urlencoded", new string('x', 300_000))])
        {
            using var content = new StringContent(body);
            content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
            using var answer = await _inspector.PostAsync($"{Root}/requests.json", content);
            Assert.Equal(400, (int)answer.StatusCode);
            Assert.Equal(400, (await answer.Content.ReadFromJsonAsync<JsonElement>())[0].GetProperty("code").GetInt32());
        }
        Assert.Equal(0, await _server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue"));
    }

    /// <summary>Hundreds of wrong values, each alone and several together: refused in the protocol's own form, never with a fault of the server.</summary>
    [Fact]
    public async Task No_nonsense_breaks_it()
    {
        var random = new Random(311);
        string[] names = ["service_request_id", "service_code", "start_date", "end_date", "updated_after", "status", "bbox", "lat", "long", "radius", "page", "page_size", "extensions", "jurisdiction_id", "q", "Status"];
        string[] values = ["", "%", "%ff", "%00", "a%00b", "-1", "0", "1e999", "NaN", "99999999999999999999", "open,", ",", "'", "%27%20OR%201=1--", "..", "[]", "{}", "null", "2025-02-30T00:00:00Z", "2025-01-01T00:00:00+99:00", "%F0%9F%92%A9", new string('x', 600)];
        for (var i = 0; i < 400; i++)
        {
            var query = string.Join('&', Enumerable.Range(0, 1 + i % 3).Select(_ => $"{names[random.Next(names.Length)]}={values[random.Next(values.Length)]}"));
            var uri = new Uri(_server.Address.GetLeftPart(UriPartial.Authority) + $"{Root}/requests.xml?{query}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var answer = await _server.Client.GetAsync(uri);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode is 200 or 400 or 404, $"{query}: {answer.StatusCode} {text}");
            Assert.Equal((int)answer.StatusCode is 200 ? "service_requests" : "errors", XDocument.Parse(text).Root!.Name.LocalName);
        }
    }

    private async Task<List<long>> IdsAsync(string query)
    {
        var ids = (await XmlAsync($"{Root}/requests.xml?{query}")).Elements("request").Select(r => (long)r.Element("service_request_id")!).ToList();
        var json = await _server.Client.GetFromJsonAsync<JsonElement>($"{Root}/requests.json?{query}");
        Assert.Equal(ids, json.EnumerateArray().Select(r => long.Parse(r.GetProperty("service_request_id").GetString()!, System.Globalization.CultureInfo.InvariantCulture)));
        return ids;
    }

    private async Task<List<long>> ExpectedAsync(string condition)
        => [.. (await _server.Data.ScalarAsync<string>($"SELECT coalesce(string_agg(id::text, ',' ORDER BY reported_at DESC, id DESC), '') FROM geosan.issue WHERE {condition}"))!
            .Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];

    private async Task<XElement> XmlAsync(string address)
    {
        using var answer = await _server.Client.GetAsync(address);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {answer.StatusCode} {text}");
        Assert.Equal("text/xml; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        return XDocument.Parse(text).Root!;
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string form, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await _server.Client.PostAsync($"{Root}/requests.{form}", content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
