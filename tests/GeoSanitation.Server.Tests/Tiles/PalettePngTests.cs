using GeoSanitation.Server.Tiles;
using SkiaSharp;
using Xunit;

namespace GeoSanitation.Server.Tests.Tiles;

/// <summary>Pictures read with a PNG reader that is not ours.</summary>
public class PalettePngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 40)]
    [InlineData(32, 3)]
    [InlineData(67, 5)]
    [InlineData(256, 256)]
    public void Every_pixel_has_its_color(int width, int height)
    {
        var random = new Random(width);
        var pixels = new byte[width * height];
        random.NextBytes(pixels);
        var colors = Enumerable.Range(0, 256).Select(i => ((byte)i, (byte)(255 - i), (byte)(3 * i), (byte)255)).ToArray();
        using var picture = SKBitmap.Decode(PalettePng.Encode(colors, pixels, width));
        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.Equal(pixels.Select(p => new SKColor(p, (byte)(255 - p), (byte)(3 * p))), picture.Pixels);
    }
}
