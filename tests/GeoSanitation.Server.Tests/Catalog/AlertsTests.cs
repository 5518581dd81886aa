using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GeoSanitation.Server.Tests.Issues;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Catalog;

/// <summary>Emergencies in the Common Alerting Protocol: which there are, and that each is a document as OASIS CAP 1.2 wants it.</summary>
public sealed partial class AlertsTests : IAsyncLifetime
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Cap = "urn:oasis:names:tc:emergency:cap:1.2";

    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(new Settings { Publisher = new() { Name = "城市管理局", ContactEmail = "alerts@city.example" } });
        await _server.Data.PlantCityAsync();
        await _server.Data.PlantManyAsync(200);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_ward_where_issues_of_the_highest_severity_are_overdue_is_one_and_stops_being_one()
    {
        var expected = (await _server.Data.ScalarAsync<string>("""
            SELECT string_agg(format('%s %s %s', coalesce(code, '-'), n, to_char(last AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')), ',' ORDER BY last DESC, code) FROM (
                SELECT w.code, count(*) AS n, max(i.due_at) AS last FROM geosan.issue AS i LEFT JOIN geosan.ward AS w ON w.id = i.ward_id
                WHERE i.severity = 5 AND i.status IN ('reported', 'accepted', 'dispatched') AND i.due_at <= now() GROUP BY w.code) AS late
            """))!.Split(',');
        Assert.InRange(expected.Length, 2, 3);
        var alerts = await AlertsAsync();
        Assert.Equal(expected.Order(StringComparer.Ordinal), alerts.Select(a =>
        {
            var info = a.Element(Cap + "info")!;
            var area = info.Element(Cap + "area")!;
            return $"{area.Element(Cap + "geocode")?.Element(Cap + "value")!.Value ?? "-"} {Number().Match(info.Element(Cap + "headline")!.Value[(info.Element(Cap + "headline")!.Value.IndexOf(':') + 1)..]).Value} {a.Element(Cap + "sent")!.Value}";
        }).Order(StringComparer.Ordinal));
        var west = alerts.Single(a => a.Descendants(Cap + "value").Any(v => v.Value == "west"));
        Assert.Equal("西镇 (Ward west)", west.Descendants(Cap + "areaDesc").Single().Value);
        Assert.Equal("32,112 33,112 33,112.5 32,112.5 32,112".Split(' ').ToHashSet(), west.Descendants(Cap + "polygon").Single().Value.Split(' ').ToHashSet());
        Assert.Equal(["Immediate", "Severe", "Observed"], new[] { "urgency", "severity", "certainty" }.Select(name => west.Descendants(Cap + name).Single().Value));
        Assert.Contains("西镇城管所", west.Descendants(Cap + "instruction").Single().Value);
        Assert.Equal("alerts@city.example", west.Element(Cap + "sender")!.Value);
        var web = await _server.Client.GetStringAsync(west.Descendants(Cap + "web").Single().Value);
        Assert.Contains("\"severity\":5", web);

        // One fewer is another alert, none is none.
        var address = $"/api/alerts/{west.Element(Cap + "identifier")!.Value}";
        await _server.Data.ExecuteAsync("UPDATE geosan.issue SET status = 'rejected' WHERE severity = 5 AND due_at <= now() AND ward_id = (SELECT id FROM geosan.ward WHERE code = 'west')");
        using var over = await _server.Client.GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, over.StatusCode);
        Assert.DoesNotContain(await AlertsAsync(), a => a.Descendants(Cap + "value").Any(v => v.Value == "west"));
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Client.GetAsync("/api/alerts/none")).StatusCode);
    }

    [Fact]
    public async Task Significant_hotspots_that_are_new_or_grew_are_one_as_long_as_the_run_is_the_last_of_its_name()
    {
        await _server.Data.ExecuteAsync("DELETE FROM geosan.issue");
        Assert.Empty(await AlertsAsync());
        await PublishAsync("weekly", "gi-star", "2 days", ("h:0:0", "\"class\":3,\"z\":4.0"), ("h:1:0", "\"class\":3,\"z\":5.0"), ("h:5:0", "\"class\":3,\"z\":5.0"));
        // There is nothing to compare it with.
        Assert.Empty(await AlertsAsync());
        var run = await PublishAsync("weekly", "gi-star", "1 day", ("h:0:0", "\"class\":3,\"z\":4.5"), ("h:1:0", "\"class\":3,\"z\":4.9"), ("h:2:0", "\"class\":3,\"z\":3.5"), ("h:3:0", "\"class\":2,\"z\":2.5"), ("h:4:0", "\"class\":-3,\"z\":-5"));
        var alert = Assert.Single(await AlertsAsync());
        Assert.Equal("weekly: 2 hotspots new or growing", alert.Descendants(Cap + "headline").Single().Value);
        Assert.Equal($"{_server.Address}api/runs/{run}/result", alert.Descendants(Cap + "web").Single().Value);
        // The two of them, apart from each other.
        Assert.Equal(["32.0,112.00", "32.0,112.02"], alert.Descendants(Cap + "polygon").Select(p => p.Value.Split(' ').Select(place => place.Split(',').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray())
            .MinBy(place => place[0] + place[1])!).Select(place => FormattableString.Invariant($"{place[0]:0.0},{place[1]:0.00}")).Order());
        Assert.Equal(DateTimeOffset.Parse(alert.Element(Cap + "sent")!.Value, CultureInfo.InvariantCulture).AddDays(30), DateTimeOffset.Parse(alert.Descendants(Cap + "expires").Single().Value, CultureInfo.InvariantCulture));

        // An analysis over time says itself what is new; clusters have no significance.
        await PublishAsync(null, "emerging", "1 hour", ("h:7:0", "\"pattern\":\"new hot spot\",\"z\":3"), ("h:8:0", "\"pattern\":\"persistent hot spot\",\"z\":3"), ("h:9:0", "\"pattern\":\"intensifying hot spot\",\"z\":3"));
        await PublishAsync("weekly", "dbscan", "1 hour", ("1", "\"cluster\":1,\"count\":5"));
        Assert.Equal(["emerging: 2 hotspots new or growing", "weekly: 2 hotspots new or growing"], (await AlertsAsync()).Select(a => a.Descendants(Cap + "headline").Single().Value));

        // A later run in which nothing is new ends it, and so does time.
        await PublishAsync("weekly", "gi-star", "1 minute", ("h:0:0", "\"class\":3,\"z\":4.5"));
        Assert.Equal(["emerging: 2 hotspots new or growing"], (await AlertsAsync()).Select(a => a.Descendants(Cap + "headline").Single().Value));
        await _server.Data.ExecuteAsync("UPDATE geosan.run SET published_at = now() - interval '31 days' WHERE method = 'emerging'");
        Assert.Empty(await AlertsAsync());
    }

    /// <summary>All alerts of the feed, each checked.</summary>
    private async Task<List<XElement>> AlertsAsync()
    {
        using var answer = await _server.Client.GetAsync("/api/alerts/feed.atom");
        Assert.Equal("application/atom+xml", answer.Content.Headers.ContentType!.MediaType);
        var alerts = new List<XElement>();
        foreach (var link in XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Elements(Atom + "entry").Select(e => e.Elements(Atom + "link").Single(l => (string?)l.Attribute("rel") == "alternate")))
        {
            Assert.Equal("application/cap+xml", (string?)link.Attribute("type"));
            using var document = await _server.Client.GetAsync((string)link.Attribute("href")!);
            Assert.Equal("application/cap+xml", document.Content.Headers.ContentType!.MediaType);
            var alert = XDocument.Parse(await document.Content.ReadAsStringAsync()).Root!;
            AssertIsCap(alert);
            alerts.Add(alert);
        }
        return alerts;
    }

    /// <summary>What the schema of CAP 1.2 and its data dictionary (section 3.2) demand: elements in their order, as often as they may be, with values that they may have.</summary>
    private static void AssertIsCap(XElement alert)
    {
        Assert.Equal(Cap + "alert", alert.Name);
        Check(alert, ["identifier 1", "sender 1", "sent 1", "status 1", "msgType 1", "source ?", "scope 1", "restriction ?", "addresses ?", "code *", "note ?", "references ?", "incidents ?", "info *"]);
        var info = alert.Element(Cap + "info")!;
        Check(info, ["language ?", "category +", "event 1", "responseType *", "urgency 1", "severity 1", "certainty 1", "audience ?", "eventCode *", "effective ?", "onset ?", "expires ?", "senderName ?",
            "headline ?", "description ?", "instruction ?", "web ?", "contact ?", "parameter *", "resource *", "area *"]);
        Assert.All(info.Elements(Cap + "area"), area => Check(area, ["areaDesc 1", "polygon *", "circle *", "geocode *", "altitude ?", "ceiling ?"]));
        Assert.All(info.Descendants(Cap + "geocode"), code => Check(code, ["valueName 1", "value 1"]));
        Assert.All(alert.Descendants().Where(e => !e.HasElements), e => Assert.NotEqual("", e.Value));
        Assert.Matches(@"^[^\s,<&]+$", alert.Element(Cap + "identifier")!.Value);
        Assert.Matches(@"^[^\s,<&]+$", alert.Element(Cap + "sender")!.Value);
        Assert.All(alert.Descendants().Where(e => e.Name.LocalName is "sent" or "expires"), time => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$", time.Value));
        OneOf("status", "Actual", "Exercise", "System", "Test", "Draft");
        OneOf("msgType", "Alert", "Update", "Cancel", "Ack", "Error");
        OneOf("scope", "Public", "Restricted", "Private");
        OneOf("category", "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other");
        OneOf("urgency", "Immediate", "Expected", "Future", "Past", "Unknown");
        OneOf("severity", "Extreme", "Severe", "Moderate", "Minor", "Unknown");
        OneOf("certainty", "Observed", "Likely", "Possible", "Unlikely", "Unknown");
        Assert.True(Uri.TryCreate(info.Element(Cap + "web")!.Value, UriKind.Absolute, out _));
        foreach (var polygon in alert.Descendants(Cap + "polygon").Select(p => p.Value.Split(' ')))
        {
            Assert.InRange(polygon.Length, 4, int.MaxValue);
            Assert.Equal(polygon[0], polygon[^1]);
            Assert.All(polygon, place => Assert.Matches(@"^-?\d+(\.\d+)?,-?\d+(\.\d+)?$", place));
        }
        Assert.All(alert.Descendants(Cap + "circle"), circle => Assert.Matches(@"^-?\d+(\.\d+)?,-?\d+(\.\d+)? \d+(\.\d+)?$", circle.Value));
        Assert.Contains(alert.Descendants(), e => e.Name.LocalName is "polygon" or "circle");

        void OneOf(string name, params string[] words) => Assert.All(alert.Descendants(Cap + name), e => Assert.Contains(e.Value, words));
    }

    private static void Check(XElement parent, string[] children)
    {
        Assert.All(parent.Elements(), e => Assert.Equal(Cap, e.Name.Namespace));
        var names = children.Select(c => c.Split(' ')[0]).ToList();
        var found = parent.Elements().Select(e => names.IndexOf(e.Name.LocalName)).ToList();
        Assert.DoesNotContain(-1, found);
        Assert.Equal(found.Order(), found);
        Assert.All(children.Select(c => c.Split(' ')), c => Assert.InRange(parent.Elements(Cap + c[0]).Count(), c[1] is "1" or "+" ? 1 : 0, c[1] is "1" or "?" ? 1 : int.MaxValue));
    }

    /// <summary>A run of cells of a hundredth of a degree, h:column:row, or of one cluster, published so long ago.</summary>
    private async Task<long> PublishAsync(string? name, string method, string ago, params (string Key, string Properties)[] features)
    {
        var columns = method == "dbscan" ? """[{"name":"cluster","type":"integer"},{"name":"count","type":"integer"},{"name":"area_m2","type":"number"}]""" : """[{"name":"z","type":"number"}]""";
        var id = await _server.Data.ScalarAsync<long>($"""
            INSERT INTO geosan.run (name, method, parameters, filter, data_version, state, progress, explain, columns, feature_count, started_at, finished_at, published_at)
            VALUES ({(name is null ? "NULL" : $"'{name}'")}, '{method}', '{"{}"}', '{"{}"}', 'v', 'done', 1, '{"{}"}', '{columns}', {features.Length}, now() - interval '{ago}', now() - interval '{ago}', now() - interval '{ago}') RETURNING id
            """);
        for (var i = 0; i < features.Length; i++)
        {
            var column = features[i].Key.Split(':') is [_, var text, _] ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
            await _server.Data.ExecuteAsync(FormattableString.Invariant($"""
                INSERT INTO geosan.run_feature (run_id, id, key, properties, geom)
                VALUES ({id}, {i + 1}, '{features[i].Key}', '{"{" + features[i].Properties + "}"}', ST_MakeEnvelope({112 + column * 0.01}, 32, {112.01 + column * 0.01}, 32.01, 4326))
                """));
        }
        return id;
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
