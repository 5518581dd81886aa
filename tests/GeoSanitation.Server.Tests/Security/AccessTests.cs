using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace GeoSanitation.Server.Tests.Security;

public sealed class AccessTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Every_endpoint_that_writes_names_the_roles_that_may()
    {
        var writing = _server.Endpoints.Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Any(method => method is not ("GET" or "HEAD" or "OPTIONS")) && e.Metadata.GetMetadata<OnlyReads>() is null).ToList();
        Assert.Contains(writing, e => e.RoutePattern.RawText == "/api/imports/{id}");
        Assert.All(writing, e => Assert.NotEmpty(e.Metadata.GetMetadata<RequiredRole>()?.Roles ?? []));
        Assert.All(_server.Endpoints.SelectMany(e => e.Metadata.GetMetadata<RequiredRole>()?.Roles ?? []), role => Assert.Contains(role, Roles.All));
    }

    [Fact]
    public async Task Every_endpoint_that_asks_for_a_role_is_closed_without_a_key_and_with_a_lower_one()
    {
        using var reader = await _server.ClientAsync(Roles.Reader);
        var closed = _server.Endpoints.Where(e => e.Metadata.GetMetadata<RequiredRole>() is { } required && !required.Roles.Contains(Roles.Reader)).ToList();
        Assert.NotEmpty(closed);
        foreach (var endpoint in closed)
        {
            var path = System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!, "{[^}]*}", "1");
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                using var anonymous = await _server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
                Assert.True(anonymous.StatusCode == WithoutKey(endpoint), $"{method} {path}: {anonymous.StatusCode}");
                Assert.Equal(anonymous.StatusCode == HttpStatusCode.Unauthorized ? "Bearer realm=\"GeoSanitation\"" : "", anonymous.Headers.WwwAuthenticate.ToString());
                using var low = await reader.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
                Assert.True(low.StatusCode == WithLowKey(endpoint), $"{method} {path}: {low.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task A_refusal_says_what_is_needed()
    {
        using var reader = await _server.ClientAsync(Roles.Reader);
        var missing = await ProblemOfAsync(await _server.Client.GetAsync("/api/imports"), HttpStatusCode.Unauthorized);
        Assert.Equal("this takes an API key: Authorization: Bearer gs_..., or X-Api-Key", missing.GetProperty("detail").GetString());
        var wrong = await ProblemOfAsync(await reader.GetAsync("/api/imports"), HttpStatusCode.Forbidden);
        Assert.Equal("this takes a key of role inspector or role handler or role administrator; this one is of role reader", wrong.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_key_is_taken_from_either_header()
    {
        var text = await new KeyStore(_server.Data.Database).AddAsync("ward office", Roles.Handler, default);
        foreach (var (name, value) in new[] { ("Authorization", "Bearer " + text), ("Authorization", "bearer  " + text), ("X-Api-Key", text) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/imports") { Headers = { { name, value } } };
            using var answer = await _server.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Bearer gs_aaaaaaaa_0123456789012345678901234567890123456789012")]
    [InlineData("Bearer ")]
    [InlineData("Bearer \"';--")]
    public async Task An_unknown_key_is_refused_even_where_none_is_needed(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tiles/issues.json");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var answer = await _server.Client.SendAsync(request);
        await ProblemOfAsync(answer, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_proxys_own_authorization_is_no_key()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/tiles/issues.json") { Headers = { Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("a:b"))) } };
        using var answer = await _server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_method_that_is_not_taken_is_said_to_be_so_without_a_key()
        => Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _server.Client.PutAsync("/api/imports", null)).StatusCode);

    [Fact]
    public async Task A_revoked_key_stops_working_at_once()
    {
        using var client = await _server.ClientAsync(Roles.Handler);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/imports")).StatusCode);
        var prefix = (await new KeyStore(_server.Data.Database).ListAsync(default)).Single().Prefix;
        await new KeyStore(_server.Data.Database).RevokeAsync(prefix, default);
        await ProblemOfAsync(await client.GetAsync("/api/imports"), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Closed_reads_take_a_key_of_any_role_and_leave_health_open()
    {
        await using var server = await TestServer.StartAsync(new Settings { Access = new AccessSettings { OpenReads = false } });
        foreach (var endpoint in server.Endpoints.Where(e => e.Metadata.GetMetadata<OpenToAll>() is null && e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET")))
        {
            var path = System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!, "{[^}]*}", "1");
            using var refused = await server.Client.GetAsync(path);
            Assert.True(refused.StatusCode == WithoutKey(endpoint), $"{path}: {refused.StatusCode}");
        }
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/ready")).StatusCode);

        using var reader = await server.ClientAsync(Roles.Reader);
        using var read = await reader.GetAsync("/tiles/issues.json");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Contains("Authorization", string.Join(",", read.Headers.Vary));
        Assert.Contains("X-Api-Key", string.Join(",", read.Headers.Vary));
    }

    private static async Task<JsonElement> ProblemOfAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static HttpStatusCode WithLowKey(RouteEndpoint endpoint) => WithoutKey(endpoint) == HttpStatusCode.OK ? HttpStatusCode.OK : HttpStatusCode.Forbidden;

    /// <summary>A protocol with refusals of its own need not know 401; one says all in the body, and its tests look there.</summary>
    private static HttpStatusCode WithoutKey(Microsoft.AspNetCore.Routing.RouteEndpoint endpoint)
        => endpoint.RoutePattern.RawText!.StartsWith("/open311", StringComparison.Ordinal) ? HttpStatusCode.Forbidden
            : endpoint.RoutePattern.RawText.Contains("/arcgis/", StringComparison.Ordinal) && !endpoint.RoutePattern.RawText.Contains("/OGCFeatureServer", StringComparison.Ordinal)
                && endpoint.Metadata.GetMetadata<ErrorForm>()?.Root == "/arcgis/rest" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
}
