using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Issues;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Issues;

public sealed class LifecycleTests
{
    private static readonly DateTime Reported = new(2025, 3, 1, 8, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Now = new(2025, 3, 10, 8, 0, 0, DateTimeKind.Utc);

    public static TheoryData<string, string, bool> EveryMove()
    {
        string[] allowed =
        [
            "reported accepted", "reported rejected", "accepted dispatched", "accepted rejected", "dispatched resolved", "resolved closed", "resolved dispatched", "closed dispatched",
        ];
        var moves = new TheoryData<string, string, bool>();
        foreach (var from in IssuePoints.Statuses)
        {
            foreach (var to in IssuePoints.Statuses)
            {
                moves.Add(from, to, allowed.Contains($"{from} {to}"));
            }
        }
        return moves;
    }

    [Theory]
    [MemberData(nameof(EveryMove))]
    public void A_move_is_allowed_or_refused_with_those_that_are(string from, string to, bool isAllowed)
    {
        var issue = IssueIn(from);
        if (isAllowed)
        {
            Assert.Equal(to, Lifecycle.Move(issue, to, "why", Now, _ => null).Status);
        }
        else
        {
            var refused = Assert.Throws<ConflictException>(() => Lifecycle.Move(issue, to, "why", Now, _ => null));
            Assert.Equal(Lifecycle.From(from), refused.Allowed);
        }
    }

    [Fact]
    public void Each_move_sets_its_time()
    {
        Assert.Equal(Now, Lifecycle.Move(IssueIn("reported"), "accepted", null, Now, _ => null).AcceptedAt);
        Assert.Equal("a duplicate", Lifecycle.Move(IssueIn("accepted"), "rejected", "a duplicate", Now, _ => null).RejectionReason);
        Assert.Equal(Now, Lifecycle.Move(IssueIn("dispatched"), "resolved", null, Now, _ => null).ResolvedAt);
        Assert.Equal(Now, Lifecycle.Move(IssueIn("resolved"), "closed", null, Now, _ => null).ClosedAt);
    }

    [Fact]
    public void The_dispatch_starts_the_clock_and_a_failed_check_starts_it_anew()
    {
        static DateTime? InADay(DateTime start) => start.AddDays(1);
        var dispatched = Lifecycle.Move(IssueIn("accepted"), "dispatched", null, Now, InADay);
        Assert.Equal((Now, Now.AddDays(1), 0), (dispatched.DispatchedAt, dispatched.DueAt, dispatched.ReopenCount));
        var set = Lifecycle.Move(IssueIn("accepted") with { DueAt = Now.AddDays(9) }, "dispatched", null, Now, InADay);
        Assert.Equal(Now.AddDays(9), set.DueAt);
        foreach (var from in (string[])["resolved", "closed"])
        {
            var again = Lifecycle.Move(IssueIn(from) with { DueAt = Now.AddDays(-5), ReopenCount = 2 }, "dispatched", null, Now, InADay);
            Assert.Equal((Now, Now.AddDays(1), 3, null, null), (again.DispatchedAt, again.DueAt, again.ReopenCount, again.ResolvedAt, again.ClosedAt));
        }
    }

    [Fact]
    public void A_rejection_needs_a_reason() => Assert.Equal("note", Assert.Throws<BadParameterException>(() => Lifecycle.Move(IssueIn("reported"), "rejected", null, Now, _ => null)).Parameter);

    [Fact]
    public void What_comes_later_in_life_is_never_earlier_in_time()
    {
        var ahead = IssueIn("dispatched") with { DispatchedAt = Now.AddDays(2) };
        Assert.Equal(Now.AddDays(2), Lifecycle.Move(ahead, "resolved", null, Now, _ => null).ResolvedAt);
    }

    private static Issue IssueIn(string status) => new()
    {
        Id = 1,
        Source = "s",
        ExternalId = "1",
        Category = new NamedCode("c", "c", null),
        Severity = 3,
        Status = status,
        ReportedAt = Reported,
        LonDegrees = 1,
        LatDegrees = 1,
        InputCrs = "CRS84",
        AcceptedAt = status == "reported" ? null : Reported,
        DispatchedAt = status is "dispatched" or "resolved" or "closed" ? Reported : null,
        ResolvedAt = status is "resolved" or "closed" ? Reported : null,
        ClosedAt = status == "closed" ? Reported : null,
    };
}

public sealed class TransitionTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _inspector = null!;
    private HttpClient _handler = null!;
    private HttpClient _administrator = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        await _server.Data.PlantCityAsync();
        _inspector = await _server.ClientAsync(Roles.Inspector);
        _handler = await _server.ClientAsync(Roles.Handler);
        _administrator = await _server.ClientAsync(Roles.Administrator);
    }

    public async Task DisposeAsync()
    {
        _inspector.Dispose();
        _handler.Dispose();
        _administrator.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_life_leaves_its_times_its_history_and_its_audit()
    {
        var id = (await _inspector.ReportAsync()).IdOf();
        await MovedAsync(_inspector, id, "accepted");
        var dispatched = await MovedAsync(_inspector, id, "dispatched", "派给环卫公司");
        await MovedAsync(_handler, id, "resolved", "清运完毕");
        var reopened = await MovedAsync(_inspector, id, "dispatched", "still there");
        await MovedAsync(_handler, id, "resolved");
        var closed = await MovedAsync(_inspector, id, "closed");

        // The category has its parent's deadline: 24 hours from the dispatch.
        Assert.Equal(dispatched.Property("dispatched_at").GetDateTime().AddHours(24), dispatched.Property("due_at").GetDateTime());
        Assert.Equal(reopened.Property("dispatched_at").GetDateTime().AddHours(24), reopened.Property("due_at").GetDateTime());
        Assert.Equal((1, 7), (closed.Property("reopen_count").GetInt32(), closed.Property("version").GetInt32()));
        Assert.Equal(0, closed.Property("late_factor").GetDouble(), 0.01);
        var events = (await _server.Client.GetFromJsonAsync<JsonElement>($"/api/issues/{id}/events")).GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(
            ["created  reported the inspector", "transition reported accepted the inspector", "transition accepted dispatched the inspector", "transition dispatched resolved the handler",
                "reopened resolved dispatched the inspector", "transition dispatched resolved the handler", "transition resolved closed the inspector"],
            events.Select(e => $"{e.GetProperty("kind")} {e.GetProperty("from_status")} {e.GetProperty("to_status")} {e.GetProperty("actor")}"));
        Assert.Equal("still there", events[4].GetProperty("note").GetString());
        Assert.Equal(7, await _server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.audit WHERE target = 'issues/{id}'"));
    }

    [Fact]
    public async Task A_refused_move_names_those_that_are_allowed_and_changes_nothing()
    {
        var id = (await _inspector.ReportAsync()).IdOf();
        var problem = await PlantedCity.ProblemOfAsync(await _inspector.MoveAsync(id, "closed"), HttpStatusCode.Conflict);
        Assert.Equal(["accepted", "rejected"], problem.GetProperty("allowed").EnumerateArray().Select(a => a.GetString()));
        Assert.Equal($"issue {id} is reported and cannot become closed; it can become accepted or rejected", problem.GetProperty("detail").GetString());
        Assert.Equal(1, await _server.Data.ScalarAsync<int>($"SELECT version FROM geosan.issue WHERE id = {id}"));
        Assert.Equal("note", (await PlantedCity.ProblemOfAsync(await _inspector.MoveAsync(id, "rejected"), HttpStatusCode.BadRequest)).GetProperty("parameter").GetString());
        Assert.Equal("to", (await PlantedCity.ProblemOfAsync(await _inspector.MoveAsync(id, "finished"), HttpStatusCode.BadRequest)).GetProperty("parameter").GetString());
        await PlantedCity.ProblemOfAsync(await _inspector.MoveAsync(999_999, "accepted"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_works_resolves_and_who_checks_does_the_rest()
    {
        var id = (await _inspector.ReportAsync()).IdOf();
        await PlantedCity.ProblemOfAsync(await _handler.MoveAsync(id, "accepted"), HttpStatusCode.Forbidden);
        await MovedAsync(_inspector, id, "accepted");
        await MovedAsync(_inspector, id, "dispatched");
        await PlantedCity.ProblemOfAsync(await _inspector.MoveAsync(id, "resolved"), HttpStatusCode.Forbidden);
        await MovedAsync(_handler, id, "resolved");
        await PlantedCity.ProblemOfAsync(await _handler.MoveAsync(id, "closed"), HttpStatusCode.Forbidden);
        await MovedAsync(_administrator, id, "closed");
    }

    [Fact]
    public async Task A_stale_move_is_refused_where_it_says_its_version()
    {
        using var reported = await _inspector.PostAsync("/api/issues", PlantedCity.Feature(112.2, 32.2, """{"category": "odd", "source": "s"}"""));
        var id = (await PlantedCity.FeatureOfAsync(reported, HttpStatusCode.Created)).IdOf();
        await MovedAsync(_inspector, id, "accepted");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/issues/{id}/transitions") { Content = PlantedCity.Json("""{"to": "dispatched"}"""), Headers = { { "If-Match", reported.ETagOf() } } };
        await PlantedCity.ProblemOfAsync(await _inspector.SendAsync(request), HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Two_who_move_at_the_same_time_do_not_both_succeed()
    {
        var id = (await _inspector.ReportAsync()).IdOf();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _inspector.MoveAsync(id, "accepted")));
        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(5, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(1, await _server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue_event WHERE issue_id = {id} AND to_status = 'accepted'"));
    }

    [Fact]
    public async Task No_run_of_moves_breaks_the_server_or_the_life()
    {
        const int runs = 12, steps = 14;
        string[] words = [.. IssuePoints.Statuses, "open", ""];
        var random = new Random(20261124);
        for (var run = 0; run < runs; run++)
        {
            // Imported issues may be in any state, with times that lie ahead.
            var status = IssuePoints.Statuses[run % 6];
            var id = await _server.Data.ScalarAsync<long>($"""
                INSERT INTO geosan.issue (source, external_id, category_code, severity, status, reported_at, dispatched_at, closed_at, geom)
                VALUES ('run', '{run}', 'litter', 3, '{status}', '2025-01-01', {(run % 2 == 0 ? "'2098-01-01'" : "NULL")}, {(status == "closed" ? "'2098-06-01'" : "NULL")}, ST_SetSRID(ST_MakePoint(112.1, 32.1), 4326)) RETURNING id
                """);
            var trace = status;
            for (var step = 0; step < steps; step++)
            {
                var to = words[random.Next(words.Length)];
                using var answer = await _administrator.MoveAsync(id, to, random.Next(2) == 0 ? "because" : null);
                trace += $" > {to}";
                var now = await _server.Data.ScalarAsync<string>($"SELECT status FROM geosan.issue WHERE id = {id}");
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    Assert.True(now == to && Lifecycle.From(status).Contains(to), trace);
                    status = now;
                }
                else
                {
                    Assert.True(answer.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.BadRequest, $"{trace}: {answer.StatusCode}");
                    Assert.True(now == status && (!Lifecycle.From(status).Contains(to) || to == "rejected"), trace);
                }
            }
            Assert.True(await _server.Data.ScalarAsync<bool>($"""
                SELECT version = 1 + (SELECT count(*) FROM geosan.issue_event AS e WHERE e.issue_id = i.id) AND reopen_count = (SELECT count(*) FROM geosan.issue_event AS e WHERE e.issue_id = i.id AND kind = 'reopened')
                FROM geosan.issue AS i WHERE id = {id}
                """), trace);
        }
    }

    private static async Task<JsonElement> MovedAsync(HttpClient client, long id, string to, string? note = null)
    {
        using var answer = await client.MoveAsync(id, to, note);
        var feature = await PlantedCity.FeatureOfAsync(answer);
        Assert.Equal(to, feature.Property("status").GetString());
        return feature;
    }
}
