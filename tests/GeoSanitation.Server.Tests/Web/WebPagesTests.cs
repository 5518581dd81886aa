using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Web;

public sealed class WebPagesTests
{
    [Theory]
    [InlineData("/api/issues/summary")]
    [InlineData("/api/issues/summary?severity=9")]
    [InlineData("/no-such-page")]
    public async Task No_answer_lets_a_browser_guess_its_type(string path)
    {
        await using var server = await TestServer.StartAsync();
        using var response = await server.Client.GetAsync(path);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }
}
