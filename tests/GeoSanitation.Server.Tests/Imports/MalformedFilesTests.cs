using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

/// <summary>Broken files thrown at the server: each is refused, or fails, or has its bad rows refused, with a reason; none breaks the server or changes the data.</summary>
public sealed class MalformedFilesTests
{
    private const int Seed = 20261124;
    private const int Mutants = 260;
    private const int MutantsOfAForm = 40;

    private const string GoodCsv = "id,category,status,lon,lat,reported_at,closed_at,severity,description\n1,Rubbish,Closed,103.9,30.1,2026-01-01 08:00,2026-01-03 09:00,3,\"long, \"\"quoted\"\"\ntext\"\n";

    private const string GoodJson = """{"type":"FeatureCollection","features":[{"type":"Feature","id":7,"properties":{"category":"x","reported_at":"2026-01-01"},"geometry":{"type":"Point","coordinates":[103.9,30.1]}}]}""";

    private const string GoodWards = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"a"},"geometry":{"type":"Polygon","coordinates":[[[103,30],[104,30],[104,31],[103,31],[103,30]]]}}]}""";

    [Fact]
    public async Task No_malformed_file_breaks_the_server_or_moves_the_row_count()
    {
        await using var server = await TestServer.StartAsync(new Settings { City = new CitySettings { TimeZone = "UTC" } });
        using var client = await server.ClientAsync(Roles.Administrator);
        var files = Handmade().Concat(Mutated()).Concat(await MutatedFormsAsync()).ToList();
        Assert.InRange(files.Count, 200, int.MaxValue);

        foreach (var (name, kind, bytes) in files)
        {
            using var body = new ByteArrayContent(bytes);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var answer = await client.PostAsync($"/api/imports?source=fuzz&kind={kind}", body);
            Assert.True((int)answer.StatusCode < 500, $"{name}: {(int)answer.StatusCode}");
            if (!answer.IsSuccessStatusCode)
            {
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
                continue;
            }
            var job = await JobEnd.OfAsync(client, answer.Headers.Location!, name);
            var state = job.GetProperty("state").GetString();
            if (state == "failed")
            {
                var error = job.GetProperty("error").GetString()!;
                Assert.False(error.StartsWith("the program failed", StringComparison.Ordinal), $"{name}: {error}");
                Assert.NotEmpty(error);
            }
            else
            {
                // A mutant may still hold good rows; then they are taken, and only what is bad is refused.
                Assert.Equal("done", state);
                Assert.True(name.StartsWith("mutant", StringComparison.Ordinal) || job.GetProperty("counts").GetProperty("loaded").GetInt64() == 0, $"{name}: {job}");
                await server.Data.ExecuteAsync("DELETE FROM geosan.issue; DELETE FROM geosan.ward");
            }
            Assert.Equal(0, await server.Data.ScalarAsync<long>("SELECT (SELECT count(*) FROM geosan.issue) + (SELECT count(*) FROM geosan.ward)"));
        }
    }

    private static IEnumerable<(string Name, string Kind, byte[] Bytes)> Handmade()
    {
        (string, string, byte[]) Csv(string name, string text) => (name, "issues", Encoding.UTF8.GetBytes(text));
        (string, string, byte[]) Rows(string name, string row) => Csv(name, "id,category,status,lon,lat,reported_at,closed_at,severity,title\n" + row + "\n");

        yield return Csv("only blanks", "  \n\n\n");
        yield return Csv("only a header", "id,lon,lat,reported_at\n");
        yield return Csv("no header at all", "1,2,3,4\n5,6,7,8\n");
        yield return Csv("header with an open quote", "\"id,lon,lat,reported_at\n1,103,30,2026-01-01\n");
        yield return Csv("no time column", "id,lon,lat\n1,103,30\n");
        yield return Csv("no coordinates", "id,reported_at\n1,2026-01-01\n");
        yield return Csv("not text", "\0\0\0\0\0\0\0\0");
        yield return Csv("coordinates in meters", "id,x,y,reported_at\n1,500000,3300000,2026-01-01\n");
        yield return Csv("coordinates swapped", "id,lon,lat,reported_at\n1,30.1,120.9,2026-01-01\n");
        yield return Rows("latitude too large", "1,a,,103,91,2026-01-01,,3,");
        yield return Rows("at 0, 0", "1,a,,0,0,2026-01-01,,3,");
        yield return Rows("not a number", "1,a,,103x,30,2026-01-01,,3,");
        yield return Rows("infinite", "1,a,,Infinity,30,2026-01-01,,3,");
        yield return Rows("NaN", "1,a,,NaN,30,2026-01-01,,3,");
        yield return Rows("huge exponent", "1,a,,1e999,30,2026-01-01,,3,");
        yield return Rows("no longitude", "1,a,,,30,2026-01-01,,3,");
        yield return Rows("no date", "1,a,,103,30,,,3,");
        yield return Rows("February 30", "1,a,,103,30,2026-02-30,,3,");
        yield return Rows("month 13", "1,a,,103,30,2026-13-01,,3,");
        yield return Rows("hour 25", "1,a,,103,30,2026-01-01 25:00,,3,");
        yield return Rows("year 1", "1,a,,103,30,0001-01-01,,3,");
        yield return Rows("year 99999", "1,a,,103,30,99999-01-01,,3,");
        yield return Rows("two-digit year", "1,a,,103,30,1/2/26,,3,");
        yield return Rows("offset of 99 hours", "1,a,,103,30,2026-01-01T00:00:00+99:00,,3,");
        yield return Rows("closed before reported", "1,a,,103,30,2026-01-02,2026-01-01,3,");
        yield return Rows("closed without a time", "1,a,Closed,103,30,2026-01-02,,3,");
        yield return Rows("open with a time of closing", "1,a,Open,103,30,2026-01-02,2026-01-03,3,");
        yield return Rows("unknown status", "1,a,Evaporated,103,30,2026-01-02,,3,");
        yield return Rows("severity 0", "1,a,,103,30,2026-01-02,,0,");
        yield return Rows("severity 6", "1,a,,103,30,2026-01-02,,6,");
        yield return Rows("severity 2.5", "1,a,,103,30,2026-01-02,,2.5,");
        yield return Rows("long title", "1,a,,103,30,2026-01-02,,3," + new string('x', 501));
        yield return Rows("long id", new string('9', 300) + ",a,,103,30,2026-01-02,,3,");
        yield return Rows("too few fields", "1,a,,103");
        yield return Rows("too many fields", "1,a,,103,30,2026-01-01,,3,,x,y,z");
        yield return Rows("text after a quote", "1,a,,103,30,2026-01-01,,3,\"a\"b");
        yield return Rows("open quote", "1,a,,103,30,2026-01-01,,3,\"a");
        yield return Rows("NUL in a title", "1,a,,103,30,2026-01-01,,3,a\0b");
        yield return ("invalid UTF-8", "issues", [.. "id,lon,lat,reported_at,title\n1,103,30,2026-01-01,"u8, 0xC3, 0x28, (byte)'\n']);
        yield return ("a lone continuation byte", "issues", [.. "id,lon,lat,reported_at,title\n1,103,30,2026-01-01,"u8, 0x80, (byte)'\n']);
        yield return ("gzip of nothing", "issues", [0x1F, 0x8B]);
        yield return ("broken gzip", "issues", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
        yield return ("cut gzip", "issues", Packed(string.Concat(Enumerable.Repeat(GoodCsv, 1)))[..^12]);
        yield return ("a ZIP file", "issues", [.. "PK\u0003\u0004"u8, 1, 2, 3]);
        foreach (var text in (string[])[
            "{", "[", "{}", "[]", "{\"type\":\"FeatureCollection\"}", "{\"features\":7}", "{\"features\":[7]}", "{\"features\":[null]}", "{\"features\":[{}]}", "{\"features\":[{\"type\":\"Feature\"}]}",
            GoodJson[..^30], GoodJson.Replace("Point", "Polygon"), GoodJson.Replace("[103.9,30.1]", "[]"), GoodJson.Replace("[103.9,30.1]", "\"x\""), GoodJson.Replace("[103.9,30.1]", "[\"a\",\"b\"]"),
            GoodJson.Replace("[103.9,30.1]", "[103.9]"), GoodJson.Replace("[103.9,30.1]", "[1e400,1]"), GoodJson.Replace("[103.9,30.1]", "[0,0]"), GoodJson.Replace("2026-01-01", "yesterday"),
            GoodJson.Replace("\"x\"", "\"\\ud800\""), GoodJson.Replace("{\"type\":\"FeatureCollection\"", "{\"crs\":{\"properties\":{\"name\":\"EPSG:1\"}}"),
            new string('[', 2_000), "{\"features\":[" + new string('[', 2_000), "{\"a\":{\"b\":1},\"features\":[1,]}", "{\"properties\":{\"reported_at\":1},\"geometry\":null}"])
        {
            yield return ("JSON " + text[..Math.Min(40, text.Length)], "issues", Encoding.UTF8.GetBytes(text));
        }
        foreach (var text in (string[])[
            "", "x", "{", "{\"features\":[]}", "{\"features\":[1,2]}", GoodWards[..^20], GoodWards.Replace("Polygon", "Point"), GoodWards.Replace("Polygon", "Blob"), GoodWards.Replace("[[[103,30],[104,30],[104,31],[103,31],[103,30]]]", "[]"),
            GoodWards.Replace("[[[103,30],[104,30],[104,31],[103,31],[103,30]]]", "[[[103,30],[104,30]]]"), GoodWards.Replace("[[[103,30],[104,30],[104,31],[103,31],[103,30]]]", "[[[103,30],[104,30],[105,30],[103,30]]]"),
            GoodWards.Replace("103", "\"x\""), GoodWards.Replace("103", "1e999"), GoodWards.Replace("103", "500000"), GoodWards.Replace("\"a\"", "\"" + new string('a', 200) + "\""), GoodWards.Replace("\"code\":\"a\"", "\"code\":\"a\",\"parent_code\":\"a\",\"name\":\"" + new string('n', 300) + "\""),
            "\0\0\u0027\u000A" + new string('\0', 200)])
        {
            yield return ("wards " + text[..Math.Min(40, text.Length)], "wards", Encoding.UTF8.GetBytes(text));
        }
        yield return ("broken ZIP", "wards", [.. "PK\u0003\u0004"u8, 1, 2, 3]);
        yield return ("ZIP without a Shapefile", "wards", FeatureFileTests.Zipped(("readme.txt", "x"u8.ToArray())));
        yield return ("ZIP with a broken Shapefile", "wards", FeatureFileTests.Zipped(("a.shp", [0, 0, 0x27, 0x0A, .. new byte[50]]), ("a.dbf", new byte[10])));
        yield return ("ZIP without a table", "wards", FeatureFileTests.Zipped(("a.shp", [0, 0, 0x27, 0x0A, .. new byte[96]])));
    }

    /// <summary>Good files with bytes changed, left out, doubled or cut off; always the same ones.</summary>
    private static IEnumerable<(string Name, string Kind, byte[] Bytes)> Mutated()
    {
        var random = new Random(Seed);
        for (var i = 0; i < Mutants; i++)
        {
            var (kind, text) = (i % 4) switch { 0 or 1 => ("issues", GoodCsv), 2 => ("issues", GoodJson), _ => ("wards", GoodWards) };
            var bytes = Encoding.UTF8.GetBytes(text).ToList();
            for (var k = random.Next(1, 6); k > 0; k--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                        break;
                    case 2:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                        break;
                    default:
                        bytes.Insert(at, "\"',\n\r\0{}[]\\"u8[random.Next(11)]);
                        break;
                }
                if (bytes.Count == 0)
                {
                    bytes.Add((byte)'x');
                }
            }
            yield return ($"mutant {i} of seed {Seed}", kind, i % 7 == 0 ? Packed(Encoding.UTF8.GetString([.. bytes])) : [.. bytes]);
        }
    }

    /// <summary>Good files of every binary form with bytes changed, left out, doubled or cut off, within their parts where they are packed; always the same ones.</summary>
    private static async Task<List<(string Name, string Kind, byte[] Bytes)>> MutatedFormsAsync()
    {
        var mutants = new List<(string Name, string Kind, byte[] Bytes)>();
        foreach (var (form, kind, bytes) in await SmallFiles.AllAsync())
        {
            var random = new Random(Seed);
            for (var i = 0; i < MutantsOfAForm; i++)
            {
                mutants.Add(($"mutant {i} of a {form} of {kind}, seed {Seed}", kind, form is "xlsx" or "shp.zip" ? MutateParts(bytes, random) : Mutate(bytes, random)));
            }
        }
        return mutants;
    }

    private static byte[] MutateParts(byte[] zipped, Random random)
    {
        using var zip = new ZipArchive(new MemoryStream(zipped));
        var chosen = random.Next(zip.Entries.Count);
        return FeatureFileTests.Zipped([.. zip.Entries.Select((entry, i) =>
        {
            using var part = new MemoryStream();
            using var open = entry.Open();
            open.CopyTo(part);
            return (entry.FullName, i == chosen ? Mutate(part.ToArray(), random) : part.ToArray());
        })]);
    }

    private static byte[] Mutate(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var k = random.Next(1, 6); k > 0 && bytes.Count > 0; k--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0 or 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = (byte)(random.Next(2) == 0 ? 0xFF : 0x7F);
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 200), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
            }
        }
        return [.. bytes];
    }

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        return packed.ToArray();
    }
}
