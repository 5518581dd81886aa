using System.Net;
using System.Text;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Filters;

/// <summary>Generated conditions, right and wrong, with attempts to break out of them: none makes the server fail, and none of their words reaches the database as SQL.</summary>
public sealed class Cql2FuzzTests(Cql2Tests.County county) : IClassFixture<Cql2Tests.County>
{
    private const int Conditions = 1_500;

    /// <summary>Stands in every text of every condition.</summary>
    private const string Mark = "zqxmark";

    private static readonly string[] Breaks =
    [
        "'; DROP TABLE geosan.issue; --", "' OR '1'='1", "\\'; SELECT pg_sleep(9); --", "') UNION SELECT reporter_phone FROM geosan.issue --", "$$;DELETE FROM geosan.issue;$$", "@w0", "\u0000", "%", "\\",
    ];

    private static readonly string[] Junk = ["AND", "OR", "NOT", "(", ")", ",", "=", "<>", "LIKE", "IN", "BETWEEN", "IS", "NULL", "'", "\"", "--", ";", "CASEI(", "DATE(", "1e999", "999999999999999999999", "¤", "S_INTERSECTS(", "POINT(", "INTERVAL("];

    [Fact]
    public async Task None_of_them_makes_the_server_fail_or_reaches_SQL_as_text()
    {
        var random = new Random(20251128);
        var (taken, refused) = (0, 0);
        for (var n = 0; n < Conditions; n++)
        {
            var condition = Condition(random, 3);
            // Every other one is bent.
            var text = n % 2 == 0 ? condition : Bent(condition, random);
            var path = (n % 5) switch
            {
                0 or 1 => "/ogc/collections/issues/items?limit=1&filter=",
                2 => "/api/issues?limit=1&filter=",
                3 => "/api/search/v1/collections/all/items?limit=1&filter=",
                _ => "/ogc/collections/wards/items?limit=1&filter=",
            };
            using var answer = await county.Server.Client.GetAsync(path + Uri.EscapeDataString(text));
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{answer.StatusCode} for {path}{text}");
            _ = answer.StatusCode == HttpStatusCode.OK ? taken++ : refused++;
            if (n % 50 == 0)
            {
                Assert.Equal(0, await county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%{Mark[..4]}' || '{Mark[4..]}%' AND pid <> pg_backend_pid()"));
            }
        }
        Assert.InRange(taken, 300, Conditions);
        Assert.InRange(refused, 300, Conditions);
        Assert.True(await county.Server.Data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue") > 20_000);
    }

    private static string Condition(Random random, int depth) => (depth == 0 ? random.Next(2, 12) : random.Next(12)) switch
    {
        0 => $"({Condition(random, depth - 1)} {(random.Next(2) == 0 ? "AND" : "or")} {Condition(random, depth - 1)})",
        1 => $"NOT ({Condition(random, depth - 1)})",
        2 => $"severity {Sign(random)} {Number(random)}",
        3 => $"status IN ({Text(random)}, {Text(random)})",
        4 => $"title LIKE {Text(random)}",
        5 => $"CASEI(address) = CASEI({Text(random)})",
        6 => $"severity BETWEEN {Number(random)} AND {Number(random)}",
        7 => $"reported_at >= TIMESTAMP('20{random.Next(10, 40)}-0{random.Next(1, 10)}-1{random.Next(10)}T00:00:00Z')",
        8 => $"S_INTERSECTS(geometry, BBOX({random.Next(-180, 180)}, {random.Next(-90, 0)}, {random.Next(-180, 180)}, {random.Next(0, 90)}))",
        9 => $"T_DURING(closed_at, INTERVAL('2025-01-01', '{(random.Next(2) == 0 ? ".." : "2025-06-30")}'))",
        10 => $"A_CONTAINS({(random.Next(2) == 0 ? "ward_path" : "path")}, ({Text(random)}))",
        _ => $"name = {Text(random)} OR description IS {(random.Next(2) == 0 ? "NOT " : "")}NULL",
    };

    private static string Sign(Random random) => new[] { "=", "<>", "<", "<=", ">", ">=" }[random.Next(6)];

    private static string Number(Random random) => random.Next(6) switch { 0 => "-1", 1 => "1e300 * 1e300", 2 => "severity / 0", 3 => "2 ^ 3", 4 => "0.5", _ => $"{random.Next(6)}" };

    private static string Text(Random random) => $"'{Mark}{(random.Next(2) == 0 ? Breaks[random.Next(Breaks.Length)] : "").Replace("'", "''")}'";

    private static string Bent(string condition, Random random)
    {
        var text = new StringBuilder(condition);
        for (var i = random.Next(1, 4); i > 0 && text.Length > 0; i--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(3))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Junk[random.Next(Junk.Length)]);
                    break;
                default:
                    text.Insert(at, Breaks[random.Next(Breaks.Length)]);
                    break;
            }
        }
        return text.Length == 0 ? "(" : text.ToString();
    }
}
