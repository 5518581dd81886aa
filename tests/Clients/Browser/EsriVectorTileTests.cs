using System.Globalization;
using System.Text.Json;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Esri's own client of vector tiles for Leaflet, given nothing but the address of the VectorTileServer, draws what the style says.</summary>
public sealed class EsriVectorTileTests(SampleCountyInBrowser county) : IClassFixture<SampleCountyInBrowser>
{
    private const string Packages = "tests/Clients/Browser/node_modules";

    private const string PageWithMap = """
        <!doctype html><html><head><meta charset="utf-8"><link rel="stylesheet" href="/packages/leaflet/dist/leaflet.css"><script src="/packages/leaflet/dist/leaflet.js"></script>
        <script src="/packages/esri-leaflet/dist/esri-leaflet.js"></script><script src="/packages/esri-leaflet-vector/dist/esri-leaflet-vector.js"></script></head>
        <body style="margin:0"><div id="map" style="width:900px;height:700px;background:#fff"></div><script>
          window.errors = [];
          const { lon, lat, zoom } = Object.fromEntries(new URLSearchParams(location.search));
          const leaflet = L.map('map', { fadeAnimation: false, zoomAnimation: false, attributionControl: false }).setView([+lat, +lon], +zoom);
          const layer = L.esri.Vector.vectorTileLayer(location.origin + '/arcgis/rest/services/GeoSanitation/VectorTileServer', { preserveDrawingBuffer: true });
          layer.on('load-error', ({ value }) => errors.push('service ' + JSON.stringify(value)));
          layer.on('ready', () => {
            const wait = setInterval(() => {
              window.map = layer._maplibreGL?.getMaplibreMap?.();
              if (!window.map) return;
              clearInterval(wait);
              map.on('error', ({ error }) => errors.push(error.message));
              map.on('styleimagemissing', ({ id }) => errors.push('no image ' + id));
              map.once('idle', () => (window.idle = true));
            }, 20);
          });
          layer.addTo(leaflet);
        </script></body></html>
        """;

    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData(12, "ward-lines", "clusters", "cluster-labels")]
    [InlineData(17, "ward-lines", "issues", "issue-markers")]
    public async Task The_tiles_are_drawn_with_their_markers_and_labels(int zoom, params string[] drawn)
    {
        var place = (await county.Server.Data.ScalarAsync<string>("SELECT ST_X(geom) || ' ' || ST_Y(geom) FROM geosan.issue WHERE location_quality = 'ok' GROUP BY geom ORDER BY count(*) DESC, geom LIMIT 1")).Split(' ');
        var page = await county.NewPageAsync();
        await using var context = page.Context;
        await page.SetViewportSizeAsync(900, 700);
        await page.RouteAsync("**/map-of-a-service.html*", route => route.FulfillAsync(new() { ContentType = "text/html", Body = PageWithMap }));
        await page.RouteAsync("**/packages/**", route => route.FulfillAsync(new()
        {
            ContentType = route.Request.Url.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript",
            Path = Path.Combine(SharedData.RepositoryRoot, Packages, new Uri(route.Request.Url).AbsolutePath["/packages/".Length..]),
        }));
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        var asked = new List<string>();
        page.Response += (_, response) =>
        {
            var address = new Uri(response.Url);
            if (address.AbsolutePath.Contains("/VectorTileServer", StringComparison.Ordinal))
            {
                asked.Add(address.AbsolutePath[(address.AbsolutePath.IndexOf("/VectorTileServer", StringComparison.Ordinal) + "/VectorTileServer".Length)..].Split('/') is [_, var first, ..] ? first : "");
                if (response.Status is not (200 or 204 or 304))
                {
                    complaints.Add($"{response.Status} {response.Url}");
                }
            }
        };

        await page.GotoAsync($"/map-of-a-service.html?lon={place[0]}&lat={place[1]}&zoom={zoom.ToString(CultureInfo.InvariantCulture)}");
        await page.WaitForFunctionAsync("() => window.idle || window.errors?.length > 0", null, new() { Timeout = 100_000 });

        Assert.Empty(await page.EvaluateAsync<string[]>("() => errors"));
        Assert.Empty(complaints);
        Assert.Equal(["", "resources", "tile"], asked.Distinct().Order());
        foreach (var layer in drawn)
        {
            Assert.True(await page.EvaluateAsync<int>("layer => map.queryRenderedFeatures({ layers: [layer] }).length", layer) > 0, layer);
        }
        if (drawn.Contains("issues"))
        {
            var box = JsonDocument.Parse(await page.EvaluateAsync<string>("() => JSON.stringify(map.getBounds().toArray().flat())")).RootElement.EnumerateArray().Select(v => v.GetDouble()).ToArray();
            var ids = await page.EvaluateAsync<long[]>("() => map.querySourceFeatures('esri', { sourceLayer: 'issues' }).map((f) => f.id)");
            var inView = await county.Server.Data.ScalarAsync<string>(
                FormattableString.Invariant($"SELECT string_agg(id::text, ' ') FROM geosan.issue WHERE geom && ST_MakeEnvelope({box[0]}, {box[1]}, {box[2]}, {box[3]}, 4326)"));
            Assert.Empty(inView.Split(' ').Select(long.Parse).Except(ids));
        }
        await page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", $"esri-vector-tiles-{zoom}.png") });
    }
}
