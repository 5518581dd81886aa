namespace GeoSanitation.Server.Tiles;

/// <summary>Colors of the heatmap, from nothing to the highest density.</summary>
/// <remarks>The tones of the "inferno" scale (bids.github.io/colormap, CC0) from light to dark: lightness falls evenly all the way, so the order shows
/// on a light map, in print and to color-blind eyes. What is near nothing is clear.</remarks>
internal static class HeatRamp
{
    private static readonly (byte Red, byte Green, byte Blue)[] Tones =
    [
        (252, 255, 164), (246, 215, 70), (252, 165, 10), (243, 120, 25), (221, 81, 58), (188, 55, 84), (147, 38, 103), (106, 23, 110), (66, 10, 104),
    ];

    private const double FullAlpha = 215;

    // Share of the scale over which the colors come out of nothing.
    private const double FadeIn = 0.3;

    /// <summary>256 colors: red, green, blue, alpha.</summary>
    internal static (byte Red, byte Green, byte Blue, byte Alpha)[] Colors { get; } = [.. Enumerable.Range(0, 256).Select(ColorOf)];

    /// <summary>Position in <see cref="Colors"/> of a density.</summary>
    /// <param name="share">The density as a part of the highest one.</param>
    /// <remarks>By its square root: densities of a city span orders of magnitude, and most places would else look empty.</remarks>
    internal static byte IndexOf(double share) => (byte)Math.Round(255 * Math.Sqrt(Math.Clamp(share, 0, 1)));

    private static (byte Red, byte Green, byte Blue, byte Alpha) ColorOf(int index)
    {
        var place = index / 255.0 * (Tones.Length - 1);
        var (from, to) = (Tones[(int)place], Tones[Math.Min((int)place + 1, Tones.Length - 1)]);
        byte Mix(byte a, byte b) => (byte)Math.Round(a + (place - Math.Floor(place)) * (b - a));
        return (Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue), (byte)Math.Round(FullAlpha * Math.Min(index / (255 * FadeIn), 1)));
    }
}
