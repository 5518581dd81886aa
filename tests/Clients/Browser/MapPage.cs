using System.Globalization;
using GeoSanitation.Testing;
using Microsoft.Playwright;
using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>The planners' map as a person has it before them, and what the browser complained about meanwhile.</summary>
internal sealed class MapPage : IAsyncDisposable
{
    private const string Map = ".map:not(.other)";

    private readonly List<string> _complaints = [];

    internal MapPage(IPage page, Uri server)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _complaints.Add("thrown: " + error);
        page.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme is not ("blob" or "data") && address.Authority != server.Authority)
            {
                _complaints.Add("request to " + request.Url);
            }
        };
    }

    internal IPage Page { get; }

    /// <summary>The large number on top: how many issues the filter leaves.</summary>
    internal async Task<int> TotalAsync() => Number(await Page.Locator(".headline strong").InnerTextAsync());

    /// <summary>Waits until all answers are there and the map has drawn them.</summary>
    internal async Task IdleAsync()
    {
        // What the last act sets off begins with the next frame; the state says busy from then on.
        await Page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
        await Page.Locator($"{Map}[data-state=idle], .document[data-state=idle]").WaitForAsync();
    }

    /// <summary>A number of one of the figures, by its name.</summary>
    internal async Task<int> FigureAsync(string name)
        => Number((await Page.Locator(".figure", new() { Has = Page.GetByText(name, new() { Exact = true }) }).Locator("dd").InnerTextAsync()).Split('\n')[0]);

    /// <summary>How many different features of a style layer are on the map.</summary>
    internal Task<int> RenderedAsync(string styleLayer, string property)
        => Page.EvaluateAsync<int>("([layer, property]) => document.querySelector('.map:not(.other)').plannerMap.rendered(layer, property)", new[] { styleLayer, property });

    /// <summary>Waits until the map is so light at a place: 0 is black, 255 white. Pictures may be drawn a moment after the map has come to rest.</summary>
    internal async Task ExpectLightnessAsync(double lon, double lat, double lowest, double highest)
    {
        const string lightness = """
            const canvas = document.querySelector('.map canvas');
            const { x, y } = document.querySelector('.map:not(.other)').plannerMap.project(lon, lat);
            const scale = canvas.width / canvas.clientWidth;
            const copy = document.createElement('canvas').getContext('2d');
            copy.drawImage(canvas, x * scale, y * scale, 1, 1, 0, 0, 1, 1);
            const [red, green, blue] = copy.getImageData(0, 0, 1, 1).data;
            const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
            """;
        try
        {
            await Page.WaitForFunctionAsync($"([lon, lat, lowest, highest]) => {{ {lightness} return light >= lowest && light <= highest; }}", new[] { lon, lat, lowest, highest }, new() { Timeout = 30_000, PollingInterval = 200 });
        }
        catch (TimeoutException)
        {
            Assert.InRange(await Page.EvaluateAsync<double>($"([lon, lat]) => {{ {lightness} return light; }}", new[] { lon, lat }), lowest, highest);
        }
    }

    /// <summary>Rests the pointer on the middle of the map.</summary>
    internal async Task HoverMiddleAsync()
    {
        var box = (await Page.Locator(Map).BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(box.X + box.Width / 2 + 3, box.Y + box.Height / 2 + 3);
        await Page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
    }

    /// <summary>Clicks the middle of the map.</summary>
    internal async Task ClickMiddleAsync()
    {
        var box = (await Page.Locator(Map).BoundingBoxAsync())!;
        await Page.Mouse.ClickAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
        await IdleAsync();
    }

    /// <summary>Clicks the point of a style layer that is nearest to the middle of the map.</summary>
    internal async Task ClickPointAsync(string styleLayer)
    {
        var box = (await Page.Locator(Map).BoundingBoxAsync())!;
        var at = await Page.EvaluateAsync<double[]>("""
            ([layer, x, y]) => {
              const { map } = document.querySelector('.map:not(.other)').plannerMap;
              const points = map.queryRenderedFeatures({ layers: [layer] }).map((f) => map.project(f.geometry.coordinates));
              const { x: nearestX, y: nearestY } = points.sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y))[0];
              return [nearestX, nearestY];
            }
            """, new object[] { styleLayer, box.Width / 2, box.Height / 2 });
        await Page.Mouse.ClickAsync(box.X + (float)at[0], box.Y + (float)at[1]);
        await IdleAsync();
    }

    /// <summary>Keeps a picture among the build's artifacts.</summary>
    internal Task PictureAsync(string name)
        => Page.ScreenshotAsync(new() { Path = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots", name + ".png"), Animations = ScreenshotAnimations.Disabled });

    /// <summary>Fails when the browser had anything to complain about, or asked another host.</summary>
    internal void AssertNoComplaints() => Assert.True(_complaints.Count == 0, string.Join('\n', _complaints));

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
