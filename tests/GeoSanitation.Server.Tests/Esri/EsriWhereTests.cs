using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using Xunit;

namespace GeoSanitation.Server.Tests.Esri;

/// <summary>Conditions of <c>where</c> choose what the same condition in SQL does; nothing else reaches the database.</summary>
public sealed class EsriWhereTests(EsriCounty county) : IClassFixture<EsriCounty>
{
    [Theory]
    [InlineData("1=1", "TRUE")]
    [InlineData("OBJECTID < 100", "i.id < 100")]
    [InlineData("objectid IN (1, 2, 3)", "i.id IN (1, 2, 3)")]
    [InlineData("SEVERITY >= 4 AND Status = 'closed'", "i.severity >= 4 AND i.status = 'closed'")]
    [InlineData("\"status\" <> 'closed'", "i.status <> 'closed'")]
    [InlineData("reported_at >= DATE '2025-06-01'", "i.reported_at >= '2025-06-01T00:00:00Z'")]
    [InlineData("reported_at < date '2025-06-01 08:00:00'", "i.reported_at < '2025-06-01T08:00:00Z'")]
    [InlineData("reported_at BETWEEN TIMESTAMP '2025-03-01 00:00:00' AND TIMESTAMP '2025-03-31 23:59:59'", "i.reported_at BETWEEN '2025-03-01T00:00:00Z' AND '2025-03-31T23:59:59Z'")]
    [InlineData("reported_at >= TIMESTAMP '2025-06-01 08:00:00+08:00' AND reported_at < TIMESTAMP '2025-07-01T08:00:00 08:00'", "i.reported_at >= '2025-06-01T00:00:00Z' AND i.reported_at < '2025-07-01T00:00:00Z'")]
    [InlineData("UPPER(status) = 'CLOSED'", "i.status = 'closed'")]
    [InlineData("LOWER(category_name_en) LIKE '%rubbish%'", "lower(c.name_en) LIKE '%rubbish%'")]
    [InlineData("category NOT LIKE 'e%' OR round IS NULL", "i.category_code NOT LIKE 'e%' OR i.round_id IS NULL")]
    [InlineData("reported_at < CURRENT_TIMESTAMP", "i.reported_at < now()")]
    [InlineData("reported_at > CURRENT_TIMESTAMP - INTERVAL '36500' DAY", "TRUE")]
    [InlineData("reported_at < CURRENT_DATE - 1 AND reported_at < CURRENT_TIMESTAMP + INTERVAL '2' MONTHS", "i.reported_at < now() - interval '1 day'")]
    [InlineData("relapse = 1", "i.relapse_of IS NOT NULL")]
    [InlineData("category_name LIKE N'%市场%' AND status IN (N'closed', 'rejected')", "c.name LIKE '%市场%' AND i.status IN ('closed', 'rejected')")]
    [InlineData("relapse = FALSE", "i.relapse_of IS NULL")]
    [InlineData("ward_path LIKE '%990121001%'", "array_to_string(geosan.ward_codes(w.path), ',') LIKE '%990121001%'")]
    [InlineData("severity * 2 > 7 AND NOT (severity = 5)", "i.severity = 4")]
    public async Task A_condition_means_what_its_SQL_does(string where, string sql)
    {
        var expected = await county.SqlAsync(sql);
        Assert.True(expected > 0, $"no issue of the county shows what {sql} means");
        Assert.Equal(expected, await county.CountAsync("where=" + Uri.EscapeDataString(where)));
    }

    [Theory]
    [InlineData("severity")]
    [InlineData("severity = 'high'")]
    [InlineData("nothing = 1")]
    [InlineData("reporter_name = 'x'")]
    [InlineData("REPORTER_PHONE IS NOT NULL")]
    [InlineData("1=1; DROP TABLE geosan.issue")]
    [InlineData("1=1) OR (1=1")]
    [InlineData("severity = 5 --")]
    [InlineData("pg_sleep(10) IS NULL")]
    [InlineData("status = (SELECT key FROM geosan.api_key)")]
    [InlineData("reported_at > DATE 'yesterday'")]
    [InlineData("reported_at > CURRENT_TIMESTAMP - INTERVAL '7' FORTNIGHT")]
    [InlineData("reported_at > CURRENT_TIMESTAMP - INTERVAL '1e9' DAY")]
    [InlineData("reported_at > CURRENT_TIMESTAMP - INTERVAL '999999' YEAR")]
    [InlineData("COUNT(severity) > 1")]
    [InlineData("status = 'x")]
    public async Task What_is_no_condition_is_refused_in_words(string where)
    {
        var answer = await county.QueryAsync("returnCountOnly=true&where=" + Uri.EscapeDataString(where));
        Assert.Equal(400, (int)answer["error"]!["code"]!);
        Assert.StartsWith("where was ", (string?)answer["error"]!["message"]);
        Assert.Contains(answer["error"]!["details"]!.AsArray(), d => (string?)d == "parameter: where");
    }

    [Fact]
    public async Task Of_1500_made_conditions_the_valid_choose_what_SQL_does_and_the_others_are_refused()
    {
        var made = new WhereMaker(20261128).Make(1500).ToList();
        var counts = await SqlCountsAsync([.. made.Select(m => m.Sql).OfType<string>().Distinct()]);
        var rows = await county.SqlAsync("TRUE");
        var (faults, refused, chosen) = (new ConcurrentBag<string>(), 0, 0);

        await Parallel.ForEachAsync(made, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (condition, cancellation) =>
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["f"] = "json", ["returnCountOnly"] = "true", ["where"] = condition.Where });
            using var answer = await county.Server.Client.PostAsync(EsriCounty.Service + "/0/query", form, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            if ((int)answer.StatusCode != 200 || JsonNode.Parse(body) is not JsonObject json)
            {
                faults.Add($"{condition.Where}: {answer.StatusCode} {body}");
            }
            else if (json["error"] is { } error)
            {
                Interlocked.Increment(ref refused);
                if (condition.Sql is not null || (int)error["code"]! != 400)
                {
                    faults.Add($"{condition.Where}: {body}");
                }
            }
            else
            {
                Interlocked.Increment(ref chosen);
                if (condition.Sql is { } sql && counts[sql] != (long)json["count"]!)
                {
                    faults.Add($"{condition.Where}: {json["count"]}, SQL has {counts[sql]} for {sql}");
                }
            }
        });

        Assert.True(faults.IsEmpty, $"{faults.Count} of {made.Count}:\n{string.Join('\n', faults.Order(StringComparer.Ordinal).Take(20))}");
        Assert.InRange(refused, 300, made.Count);
        Assert.InRange(chosen, 600, made.Count);
        Assert.Equal(rows, await county.SqlAsync("TRUE"));
    }

    private async Task<Dictionary<string, long>> SqlCountsAsync(string[] conditions)
    {
        await using var source = county.Server.Data.OpenSource();
        await using var connection = await source.OpenConnectionAsync();
        var counts = new Dictionary<string, long>();
        foreach (var some in conditions.Chunk(50))
        {
            await using var command = new NpgsqlCommand($"SELECT {string.Join(", ", some.Select(c => $"count(*) FILTER (WHERE {c})"))} FROM {EsriCounty.Issue}", connection);
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            for (var i = 0; i < some.Length; i++)
            {
                counts[some[i]] = reader.GetInt64(i);
            }
        }
        return counts;
    }

    /// <summary>Makes conditions with the SQL that they mean; of broken ones and injections the SQL is null.</summary>
    private sealed class WhereMaker(int seed)
    {
        private static readonly string[] Injections =
        [
            "'; DROP TABLE geosan.issue; --", "1=1; DELETE FROM geosan.issue", "' OR ''='", "1=1 UNION SELECT * FROM geosan.api_key", "1=1) OR 1=1 --", "/* */ 1=1", "severity = 1; SELECT pg_sleep(5)", "$$x$$ = 'x'",
            "\\x27 OR 1=1", "status = 'a' || (SELECT version())", "EXISTS (SELECT 1)", "CAST(severity AS text) = '1'", "severity = @q0", "severity = $1", "chr(39) = ''", "lo_import('/etc/passwd') > 0", "i.severity = 5", "geosan.issue.id = 1",
            "0x31 = 49", "severity = 1e", "CASE WHEN 1=1 THEN 1 ELSE 0 END = 1", "status = E'\\'' OR 1=1", "reporter_name LIKE '%'", "1=1 LIMIT 1", "severity IN (SELECT 1)", "current_user = 'x'", "OBJECTID = OBJECTID ORDER BY 1", "", "((((", "))))", "AND", "=", "'", "\"",
        ];

        private readonly Random _random = new(seed);

        internal IEnumerable<(string Where, string? Sql)> Make(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var (where, sql) = Condition(3);
                yield return (i % 10) switch
                {
                    < 6 => (where, sql),
                    // Broken anywhere; what comes of it may happen to be valid, and then means something else.
                    < 9 => (Broken(where), null),
                    _ => (Picked(Injections) is { Length: > 0 } attack && _random.Next(2) == 0 ? where + Picked([" ", " AND ", " OR "]) + attack : Picked([.. Injections.Where(j => j.Length > 0)]), null),
                };
            }
        }

        private (string Where, string Sql) Condition(int depth)
        {
            if (depth > 0 && _random.Next(3) > 0)
            {
                var (a, b) = (Condition(depth - 1), Condition(depth - 1));
                return _random.Next(3) switch
                {
                    0 => ($"({a.Where}) AND ({b.Where})", $"({a.Sql}) AND ({b.Sql})"),
                    1 => ($"({a.Where}) {Cased("or")} ({b.Where})", $"({a.Sql}) OR ({b.Sql})"),
                    _ => ($"{Cased("not")} ({a.Where})", $"NOT ({a.Sql})"),
                };
            }
            var (n, letter) = (_random.Next(1, 6), (char)('A' + _random.Next(26)));
            var day = new DateTime(2025, 1, 1).AddDays(_random.Next(365)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var sign = Picked(["=", "<>", "<", "<=", ">", ">="]);
            var word = Picked(["reported", "closed", "rejected", "O'Hare", "100%", "垃圾", "a\\\\b", ""]).Replace("'", "''", StringComparison.Ordinal);
            return _random.Next(9) switch
            {
                0 => ($"{Cased("severity")} {sign} {n}", $"i.severity {sign} {n}"),
                1 => ($"{Cased("OBJECTID")} {sign} {n * 100}", $"i.id {sign} {n * 100}"),
                2 => ($"{Cased("status")} {(sign is "=" or "<>" ? sign : "=")} '{word}'", $"i.status {(sign is "=" or "<>" ? sign : "=")} '{word}'"),
                3 => ($"reported_at {sign} {Cased("timestamp")} '{day} 06:00:00'", $"i.reported_at {sign} '{day}T06:00:00Z'"),
                4 => ($"reported_at {sign} {Cased("date")} '{day}'", $"i.reported_at {sign} '{day}T00:00:00Z'"),
                5 => ($"UPPER(category) LIKE '%{letter}%'", $"upper(i.category_code) LIKE '%{letter}%'"),
                6 => ($"severity IN ({n}, {n + 1})", $"i.severity IN ({n}, {n + 1})"),
                7 => ($"closed_at IS {(n > 3 ? "" : "NOT ")}NULL", $"i.closed_at IS {(n > 3 ? "" : "NOT ")}NULL"),
                _ => ($"severity NOT BETWEEN {n} AND {n + 1}", $"i.severity NOT BETWEEN {n} AND {n + 1}"),
            };
        }

        private string Broken(string where)
        {
            var text = where;
            for (var i = _random.Next(1, 4); i > 0 && text.Length > 1; i--)
            {
                var at = _random.Next(text.Length);
                text = _random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, Picked(["'", "\"", "(", ")", ";", "--", " OR ", " 1", "\\", "%", "=", "é", "\u0001", "DROP"])),
                    _ => text[..at] + text[(at / 2)..],
                };
            }
            return text;
        }

        private string Cased(string word) => _random.Next(3) switch { 0 => word.ToUpperInvariant(), 1 => word.ToLowerInvariant(), _ => word };

        private T Picked<T>(T[] from) => from[_random.Next(from.Length)];
    }
}
