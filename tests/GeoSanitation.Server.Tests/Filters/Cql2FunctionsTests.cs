using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace GeoSanitation.Server.Tests.Filters;

/// <summary>Every spatial, temporal and list function of CQL2 (OGC 21-065r2, clauses 7.4 to 7.7), each on places, times and lists that it takes some of.</summary>
public sealed class Cql2FunctionsTests(Cql2Tests.County county) : IClassFixture<Cql2Tests.County>
{
    private const string Box = "POLYGON((112.66 32.41,112.69 32.41,112.69 32.43,112.66 32.43,112.66 32.41))";
    private const string InBox = "POINT(112.675 32.42)";

    [Theory]
    [InlineData("S_INTERSECTS", Box)]
    [InlineData("S_DISJOINT", Box)]
    [InlineData("S_WITHIN", Box)]
    [InlineData("S_CONTAINS", InBox)]
    [InlineData("S_OVERLAPS", Box)]
    [InlineData("S_CROSSES", "LINESTRING(112.5 32.3,112.8 32.6)")]
    [InlineData("S_TOUCHES", "SELECT ST_AsText(ST_PointN(ST_ExteriorRing(ST_GeometryN(geom, 1)), 1)) FROM geosan.ward WHERE level = 'community' ORDER BY code LIMIT 1")]
    [InlineData("S_EQUALS", "SELECT ST_AsText(geom) FROM geosan.ward WHERE valid_to IS NULL ORDER BY ST_NPoints(geom), code LIMIT 1")]
    public async Task Wards_lie_to_a_shape_as_PostGIS_says(string function, string shape)
    {
        if (shape.StartsWith("SELECT", StringComparison.Ordinal))
        {
            shape = await county.Server.Data.ScalarAsync<string>(shape);
        }
        var expected = await county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL AND {function.Replace("S_", "ST_", StringComparison.Ordinal)}(geom, ST_GeomFromText('{shape}', 4326))");
        Assert.True(expected > 0);
        Assert.Equal(expected, await CountAsync("wards", $"{function}(geometry,{shape})"));
        var position = await county.Server.Data.ScalarAsync<string>($"SELECT ST_AsGeoJSON(ST_GeomFromText('{shape}', 4326), 15)");
        Assert.Equal(expected, await CountAsync("wards", $$"""{"op":"{{function.ToLowerInvariant()}}","args":[{"property":"geometry"},{{position}}]}"""));
    }

    /// <summary>The life of an issue, from s1 to e1, beside a span from s2 to e2, which is told by the life of one that was closed after days: a and b.</summary>
    [Theory]
    [InlineData("T_AFTER", "a - interval '9 days'", "a - interval '1 day'", "s1 > e2")]
    [InlineData("T_BEFORE", "b + interval '1 day'", "b + interval '9 days'", "e1 < s2")]
    [InlineData("T_CONTAINS", "a + interval '1 minute'", "b - interval '1 minute'", "s1 < s2 AND e1 > e2")]
    [InlineData("T_DISJOINT", "a", "b", "e1 < s2 OR s1 > e2")]
    [InlineData("T_DURING", "a - interval '1 day'", "b + interval '1 day'", "s1 > s2 AND e1 < e2")]
    [InlineData("T_EQUALS", "a", "b", "s1 = s2 AND e1 = e2")]
    [InlineData("T_FINISHEDBY", "a + interval '1 minute'", "b", "s1 < s2 AND e1 = e2")]
    [InlineData("T_FINISHES", "a - interval '1 day'", "b", "s1 > s2 AND e1 = e2")]
    [InlineData("T_INTERSECTS", "a", "b", "s1 <= e2 AND e1 >= s2")]
    [InlineData("T_MEETS", "b", "b + interval '1 day'", "e1 = s2")]
    [InlineData("T_METBY", "a - interval '1 day'", "a", "s1 = e2")]
    [InlineData("T_OVERLAPPEDBY", "a - interval '1 day'", "b - interval '1 minute'", "s1 > s2 AND s1 < e2 AND e1 > e2")]
    [InlineData("T_OVERLAPS", "a + interval '1 minute'", "b + interval '1 day'", "s1 < s2 AND e1 > s2 AND e1 < e2")]
    [InlineData("T_STARTEDBY", "a", "b - interval '1 minute'", "s1 = s2 AND e1 > e2")]
    [InlineData("T_STARTS", "a", "b + interval '1 day'", "s1 = s2 AND e1 < e2")]
    public async Task The_lives_of_issues_lie_to_a_span_as_the_standard_says(string function, string start, string end, string sql)
    {
        var span = await county.Server.Data.ScalarAsync<DateTime[]>(
            $"SELECT ARRAY[{start}, {end}] FROM (SELECT reported_at AS a, closed_at AS b FROM geosan.issue WHERE closed_at > reported_at + interval '2 days' ORDER BY reported_at, id OFFSET 1000 LIMIT 1) AS one");
        var (from, to) = (Text(span[0]), Text(span[1]));
        var expected = await county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM (SELECT reported_at AS s1, closed_at AS e1, timestamptz '{from}' AS s2, timestamptz '{to}' AS e2 FROM geosan.issue) AS all_of_them WHERE {sql}");
        Assert.True(expected > 0);
        Assert.Equal(expected, await CountAsync("issues", $"{function}(INTERVAL(reported_at,closed_at),INTERVAL('{from}','{to}'))"));
        Assert.Equal(expected, await CountAsync("issues", $$"""{"op":"{{function.ToLowerInvariant()}}","args":[{"interval":[{"property":"reported_at"},{"property":"closed_at"}]},{"interval":["{{from}}","{{to}}"]}]}"""));

        static string Text(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("A_CONTAINS", "'990121','990121001'", "@>")]
    [InlineData("A_CONTAINEDBY", "'990121','990121001','nothing'", "<@")]
    [InlineData("A_EQUALS", "'990121001','990121'", "=")]
    [InlineData("A_OVERLAPS", "'990121001','990121002'", "&&")]
    public async Task Lists_are_sets(string function, string words, string sign)
    {
        var (list, all) = ("geosan.ward_codes(path)", $"ARRAY[{words}]");
        var expected = await county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL AND {(sign == "=" ? $"{list} @> {all} AND {list} <@ {all}" : $"{list} {sign} {all}")}");
        Assert.True(expected > 0);
        Assert.Equal(expected, await CountAsync("wards", $"{function}(path,({words}))"));
        Assert.Equal(expected, await CountAsync("wards", $$"""{"op":"{{function.ToLowerInvariant()}}","args":[{"property":"path"},[{{words.Replace('\'', '"')}}]]}"""));
    }

    private async Task<long> CountAsync(string collection, string filter)
    {
        using var answer = await county.Server.Client.GetAsync($"/ogc/collections/{collection}/items?limit=1&filter={Uri.EscapeDataString(filter)}");
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return (long)JsonNode.Parse(body)!["numberMatched"]!;
    }
}
