using System.Globalization;
using System.Text.Json;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>The server's map styles in MapLibre, which is given nothing but their address.</summary>
public sealed class MapStyleTests(SampleCountyInBrowser county) : IClassFixture<SampleCountyInBrowser>
{
    private const string Folder = "src/planner-map/node_modules/maplibre-gl/dist";

    // Chinese letters are to come from the server too.
    private const string PageWithMap = """
        <!doctype html><html><body style="margin:0"><div id="map" style="width:900px;height:700px"></div>
        <script type="module">
          import { Map, setWorkerUrl } from '/maplibre/maplibre-gl.mjs';
          setWorkerUrl('/maplibre/maplibre-gl-worker.mjs');
          window.errors = [];
          window.map = new Map({ container: 'map', style: new URLSearchParams(location.search).get('style'), hash: true, localIdeographFontFamily: false, attributionControl: false,
            canvasContextAttributes: { preserveDrawingBuffer: true } });
          map.on('error', ({ error }) => window.errors.push(error.message));
          map.on('styleimagemissing', ({ id }) => window.errors.push('no image ' + id));
          map.once('idle', () => (window.idle = true));
        </script></body></html>
        """;

    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("wards", 11, "ward-lines", "ward-labels")]
    [InlineData("issues", 11, "clusters", "cluster-labels")]
    [InlineData("issues", 16.5, "issues", "issue-markers")]
    [InlineData("planner", 11, "ward-labels", "clusters", "cluster-labels")]
    public async Task MapLibre_draws_a_style_with_its_labels_and_markers(string style, double zoom, params string[] drawn)
    {
        var letters = new List<string>();
        var page = await OpenAsync($"styles/{style}.json", zoom, letters);
        await using var context = page.Context;
        foreach (var layer in drawn)
        {
            Assert.True(await page.EvaluateAsync<int>("layer => map.queryRenderedFeatures({ layers: [layer] }).length", layer) > 0, $"{style}: {layer}");
        }
        Assert.Empty(await page.EvaluateAsync<string[]>("() => errors"));
        if (style == "planner")
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", "style-planner.png") });
        }
        if (drawn.Any(layer => layer.EndsWith("-labels", StringComparison.Ordinal)))
        {
            Assert.NotEmpty(letters);
            // White or dark letters: hiding them changes the picture.
            Assert.True(await page.EvaluateAsync<bool>("""
                async layer => {
                  const before = map.getCanvas().toDataURL();
                  map.setLayoutProperty(layer, 'visibility', 'none');
                  await new Promise((done) => map.once('idle', done));
                  return map.getCanvas().toDataURL() !== before;
                }
                """, drawn.Last(layer => layer.EndsWith("-labels", StringComparison.Ordinal))));
        }
    }

    [ProgramFact(SampleCountyInBrowser.Chromium)]
    public async Task Published_hotspots_and_the_heatmap_are_drawn()
    {
        using var administrator = await county.Server.ClientAsync("administrator");
        using var asked = await administrator.PostAsync("/api/runs", new StringContent("""{"method":"dbscan"}""", System.Text.Encoding.UTF8, "application/json"));
        var run = JsonDocument.Parse(await asked.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetInt64();
        while (JsonDocument.Parse(await administrator.GetStringAsync($"/api/runs/{run}")).RootElement.GetProperty("state").GetString() is "queued" or "running")
        {
            await Task.Delay(50);
        }
        using var published = await administrator.PostAsync($"/api/runs/{run}/publish", null);
        published.EnsureSuccessStatusCode();
        var page = await OpenAsync("styles/planner.json", 12, []);
        await using var context = page.Context;
        Assert.True(await page.EvaluateAsync<int>("() => map.queryRenderedFeatures({ layers: ['hotspot-lines'] }).length") > 0);
        Assert.True(await page.EvaluateAsync<bool>("() => map.isSourceLoaded('heatmap')"));
        Assert.Empty(await page.EvaluateAsync<string[]>("() => errors"));
    }

    private async Task<IPage> OpenAsync(string style, double zoom, List<string> letters)
    {
        var bounds = JsonDocument.Parse(await county.Server.Client.GetStringAsync("/api/issues/summary")).RootElement.GetProperty("bounds").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        // The middle of a county may be a field; its densest place is not.
        var issue = JsonDocument.Parse(await county.Server.Client.GetStringAsync("/api/issues?limit=1")).RootElement.GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates");
        var (lon, lat) = zoom > 14 ? (issue[0].GetDouble(), issue[1].GetDouble()) : ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2);
        var page = await county.NewPageAsync();
        await page.RouteAsync(url => url.Contains("/map-of-a-style.html", StringComparison.Ordinal), route => route.FulfillAsync(new() { ContentType = "text/html", Body = PageWithMap }));
        await page.RouteAsync(url => url.Contains("/maplibre/", StringComparison.Ordinal), route => route.FulfillAsync(new()
        {
            ContentType = "text/javascript",
            Path = Path.Combine(SharedData.RepositoryRoot, Folder, Path.GetFileName(new Uri(route.Request.Url).AbsolutePath)),
        }));
        var asked = new HashSet<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        page.RequestFinished += (_, request) => asked.Remove(request.Url);
        page.Console += (_, message) => asked.Add(message.Text);
        page.PageError += (_, error) => asked.Add(error);
        page.Response += (_, response) =>
        {
            if (response.Url.Contains("/styles/fonts/", StringComparison.Ordinal) && response.Ok)
            {
                letters.Add(response.Url);
            }
        };
        await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"/map-of-a-style.html?style={county.Server.Address}{style}#{zoom}/{lat}/{lon}"));
        try
        {
            await page.WaitForFunctionAsync("() => window.idle || window.errors?.length > 0", null, new() { Timeout = 100_000 });
        }
        catch (TimeoutException)
        {
            Assert.Fail("never idle: " + await page.EvaluateAsync<string>("""
                () => JSON.stringify({ loaded: map.loaded(), style: map.isStyleLoaded(), tiles: map.areTilesLoaded(), moving: map.isMoving(),
                  sources: Object.keys(map.getStyle().sources).map((s) => [s, map.isSourceLoaded(s)]), fetched: performance.getEntriesByType('resource').map((r) => [r.name, r.responseStatus]) })
                """) + string.Join(' ', asked));
        }
        return page;
    }
}
