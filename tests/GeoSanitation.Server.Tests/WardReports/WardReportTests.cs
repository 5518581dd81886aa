using System.Net;
using System.Text;
using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Tests.Snapshot;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.WardReports;

/// <summary>Reports of a ward on paper.</summary>
public sealed class WardReportTests
{
    [Theory]
    [InlineData("")]
    [InlineData("?from=2025-03-01&to=2025-03-31&lang=en")]
    [InlineData("?from=2031-01-01")]
    public async Task A_ward_comes_as_a_PDF_of_A4_pages_with_letters_in_it(string query)
    {
        await using var server = await StartAsync();
        using var answer = await server.Client.GetAsync("/api/wards/w1/report.pdf" + query);
        Assert.True(MachineFonts.All.Length > 0, "this machine has no fonts");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.MediaType);
        var text = Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync());
        Assert.StartsWith("%PDF-", text, StringComparison.Ordinal);
        Assert.Contains("/MediaBox [0 0 595 842]", text, StringComparison.Ordinal);
        Assert.Contains("/Type /Font", text, StringComparison.Ordinal);
        Assert.EndsWith("%%EOF", text.TrimEnd(), StringComparison.Ordinal);
        // Letters stay letters, which can be searched for and copied, but fonts come with no more of them than are on the pages.
        Assert.Contains("/ToUnicode", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1000, 200_000);
    }

    [Fact]
    public async Task A_long_list_of_what_is_overdue_goes_on_over_the_next_pages()
    {
        await using var server = await StartAsync();
        // 120 of the 150 that are overdue are listed, some 40 on a page.
        Assert.InRange(await PagesAsync("w1"), 3, 5);
        Assert.Equal(1, await PagesAsync("w2"));

        async Task<int> PagesAsync(string ward)
            => Encoding.Latin1.GetString(await server.Client.GetByteArrayAsync($"/api/wards/{ward}/report.pdf")).Split("/Type /Page\n").Length - 1;
    }

    [Theory]
    [InlineData("/api/wards/nowhere/report.pdf", HttpStatusCode.NotFound)]
    [InlineData("/api/wards/w1/report.pdf?lang=fr", HttpStatusCode.BadRequest)]
    [InlineData("/api/wards/w1/report.pdf?from=soon", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_is_refused(string path, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        using var answer = await server.Client.GetAsync(path);
        Assert.Equal(status, answer.StatusCode);
    }

    private static async Task<TestServer> StartAsync()
    {
        var server = await TestServer.StartAsync();
        await server.Data.PlantWardAsync("w1", "community", PlantedIssues.Box(120, 30, 120.1, 30.1), name: "第一社区");
        await server.Data.PlantWardAsync("w2", "community", PlantedIssues.Box(120.1, 30, 120.2, 30.1));
        await server.Data.PlantAsync(
        [
            .. Enumerable.Range(0, 150).Select(i => new PlantedIssue(120.01 + i * 5e-4, 30.05, DueAt: "2025-03-05T08:00:00Z", Ward: "w1")),
            new PlantedIssue(120.15, 30.05, Status: "closed", Ward: "w2"),
        ]);
        return server;
    }
}
