using System.Globalization;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>OpenLayers and Leaflet, given nothing but the addresses of layers, show them.</summary>
public sealed class MapLibraryTests(SampleCountyInBrowser county) : IClassFixture<SampleCountyInBrowser>
{
    private const string Packages = "tests/Clients/Browser/node_modules";

    private const string OpenLayers = """
        <!doctype html><html><head><meta charset="utf-8"><link rel="stylesheet" href="/packages/ol/ol.css"><script src="/packages/ol/dist/ol.js"></script></head>
        <body style="margin:0"><div id="map" style="width:900px;height:700px;background:#fff"></div><script>
          window.errors = [];
          const { way, layer, lon, lat, zoom, color } = Object.fromEntries(new URLSearchParams(location.search));
          const format = new ol.format.MVT();
          const source = way === 'ogc'
            ? new ol.source.OGCVectorTile({ url: `/ogc/collections/${layer}/tiles/WebMercatorQuad`, format })
            : way === 'ogc-all' ? new ol.source.OGCVectorTile({ url: '/ogc/tiles/WebMercatorQuad', collections: ['wards', 'issues'], format })
            : new ol.source.VectorTile({ url: `/tiles/${layer}/{z}/{x}/{y}.mvt`, format, maxZoom: 16 });
          source.on('tileloaderror', ({ tile }) => errors.push('tile ' + tile.key));
          const fill = new ol.style.Fill({ color }), stroke = new ol.style.Stroke({ color, width: 2 });
          const tiles = new ol.layer.VectorTile({ source, style: new ol.style.Style({ stroke, image: new ol.style.Circle({ radius: 5, fill }) }) });
          const map = new ol.Map({ target: 'map', layers: [tiles], view: new ol.View({ center: ol.proj.fromLonLat([+lon, +lat]), zoom: +zoom }) });
          source.on('error', () => errors.push('source'));
          // More than once: the source learns where its tiles are after the map is first at rest.
          map.on('rendercomplete', () => {
            const seen = tiles.getFeaturesInExtent(map.getView().calculateExtent());
            window.shown = new Set(seen.filter((f) => f.get('layer') === layer).map((f) => layer === 'wards' ? f.get('code') : f.getId())).size;
          });
        </script></body></html>
        """;

    private const string Leaflet = """
        <!doctype html><html><head><meta charset="utf-8"><link rel="stylesheet" href="/packages/leaflet/dist/leaflet.css"><script src="/packages/leaflet/dist/leaflet.js"></script>
        <script src="/packages/esri-leaflet/dist/esri-leaflet.js"></script></head>
        <body style="margin:0"><div id="map" style="width:900px;height:700px;background:#fff"></div><script>
          window.errors = [];
          const { layer, lon, lat, zoom, color } = Object.fromEntries(new URLSearchParams(location.search));
          const map = L.map('map', { preferCanvas: true, fadeAnimation: false, zoomAnimation: false, attributionControl: false }).setView([+lat, +lon], +zoom);
          const style = { color, fillColor: color, opacity: 1, weight: 2, fillOpacity: layer === 'wards' ? 0 : 1, radius: 5 };
          const features = L.esri.featureLayer({
            url: '/arcgis/rest/services/GeoSanitation/FeatureServer/' + (layer === 'wards' ? 1 : 0),
            where: layer === 'wards' ? "level = 'community'" : 'severity >= 4', style: () => style, pointToLayer: (_, at) => L.circleMarker(at, style),
          }).addTo(map);
          features.on('requesterror', ({ message }) => errors.push(message));
          features.on('load', () => requestAnimationFrame(() => requestAnimationFrame(() => {
            const ids = new Set();
            features.eachActiveFeature(({ feature }) => ids.add(feature.id));
            window.shown = ids.size;
          })));
        </script></body></html>
        """;

    [ProgramTheory(SampleCountyInBrowser.Chromium)]
    [InlineData("openlayers", "ogc", "issues", 15)]
    [InlineData("openlayers", "ogc", "wards", 12)]
    [InlineData("openlayers", "ogc-all", "issues", 15)]
    [InlineData("openlayers", "ogc-all", "wards", 12)]
    [InlineData("openlayers", "xyz", "issues", 15)]
    [InlineData("openlayers", "xyz", "wards", 12)]
    [InlineData("leaflet", "esri", "issues", 15)]
    [InlineData("leaflet", "esri", "wards", 12)]
    public async Task A_layer_is_shown_with_its_features(string library, string way, string layer, int zoom)
    {
        var (lon, lat) = await PlaceOfManyAsync();
        var page = await county.NewPageAsync();
        await using var context = page.Context;
        await page.SetViewportSizeAsync(900, 700);
        await page.RouteAsync("**/map-of-a-library.html*", route => route.FulfillAsync(new() { ContentType = "text/html", Body = library == "leaflet" ? Leaflet : OpenLayers }));
        await page.RouteAsync("**/packages/**", route => route.FulfillAsync(new()
        {
            ContentType = route.Request.Url.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript",
            Path = Path.Combine(SharedData.RepositoryRoot, Packages, new Uri(route.Request.Url).AbsolutePath["/packages/".Length..]),
        }));
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" or "https" } address && address.Authority != county.Server.Address.Authority)
            {
                complaints.Add("request to " + request.Url);
            }
        };

        await page.GotoAsync(string.Create(CultureInfo.InvariantCulture, $"/map-of-a-library.html?way={way}&layer={layer}&lon={lon}&lat={lat}&zoom={zoom}&color=rgb(255,0,255)"));
        await page.WaitForFunctionAsync("() => window.shown > 0 || window.errors?.length > 0");

        Assert.Empty(await page.EvaluateAsync<string[]>("() => errors"));
        Assert.Empty(complaints);
        // What lies on the border of the picture may be there or not.
        var (least, most) = (await CountAsync(library, layer, lon, lat, zoom, 0.95), await CountAsync(library, layer, lon, lat, zoom, 2.2));
        Assert.True(least > 5, $"{least} features are few");
        Assert.InRange(await page.EvaluateAsync<int>("() => shown"), least, most);
        var pixels = await page.EvaluateAsync<int>("""
            () => [...document.querySelectorAll('canvas')].reduce((sum, canvas) => {
              const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              let count = 0;
              for (let i = 0; i < data.length; i += 4) count += data[i] > 200 && data[i + 1] < 80 && data[i + 2] > 200 && data[i + 3] > 200;
              return sum + count;
            }, 0)
            """);
        Assert.InRange(pixels, layer == "issues" ? 20 * least / 4 : 2_000, 200_000);
        await page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", $"{library}-{way}-{layer}.png") });
    }

    /// <summary>A place with issues of all sorts around it.</summary>
    private async Task<(double Lon, double Lat)> PlaceOfManyAsync()
    {
        var place = (await county.Server.Data.ScalarAsync<string>("SELECT ST_X(geom) || ' ' || ST_Y(geom) FROM geosan.issue WHERE location_quality = 'ok' GROUP BY geom ORDER BY count(*) DESC, geom LIMIT 1")).Split(' ');
        return (double.Parse(place[0], CultureInfo.InvariantCulture), double.Parse(place[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Features of a layer in the picture, or in one so many times as wide.</summary>
    private Task<long> CountAsync(string library, string layer, double lon, double lat, int zoom, double share)
    {
        var unit = 40_075_016.68557849 / 256 / (1 << zoom) * share;
        var box = FormattableString.Invariant($"(SELECT ST_Expand(ST_Transform(ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326), 3857), {450 * unit}, {350 * unit}))");
        return county.Server.Data.ScalarAsync<long>(layer == "issues"
            ? $"SELECT count(*) FROM geosan.issue WHERE ST_Intersects(ST_Transform(geom, 3857), {box}){(library == "leaflet" ? " AND severity >= 4" : "")}"
            : $"SELECT count(*) FROM geosan.ward WHERE valid_to IS NULL AND ST_Intersects(ST_Transform(geom, 3857), {box}){(library == "leaflet" ? " AND level = 'community'" : "")}");
    }
}
