namespace GeoSanitation.Server.Tiles;

/// <summary>Colors of the heatmap, from nothing to the highest density.</summary>
/// <remarks>The tones of the "inferno" scale (bids.github.io/colormap, CC0), from light to dark on a light map and from dark to light on a dark one: lightness
/// changes evenly all the way, so the order shows in print and to color-blind eyes, and the densest stands out most. What is near nothing is clear.</remarks>
internal static class HeatRamp
{
    private static readonly (byte Red, byte Green, byte Blue)[] Tones =
    [
        (252, 255, 164), (246, 215, 70), (252, 165, 10), (243, 120, 25), (221, 81, 58), (188, 55, 84), (147, 38, 103), (106, 23, 110), (66, 10, 104),
    ];

    private const double FullAlpha = 215;

    // Share of the scale over which the colors come out of nothing.
    private const double FadeIn = 0.3;

    /// <summary>256 colors for a light map: red, green, blue, alpha.</summary>
    internal static (byte Red, byte Green, byte Blue, byte Alpha)[] Colors { get; } = [.. Enumerable.Range(0, 256).Select(i => ColorOf(i, Tones))];

    /// <summary>The same for a dark map.</summary>
    internal static (byte Red, byte Green, byte Blue, byte Alpha)[] ColorsOnDark { get; } = [.. Enumerable.Range(0, 256).Select(i => ColorOf(i, [.. Tones.Reverse()]))];

    /// <summary>Position in <see cref="Colors"/> of a density.</summary>
    /// <param name="share">The density as a part of the highest one.</param>
    /// <remarks>By its square root: densities of a city span orders of magnitude, and most places would else look empty.</remarks>
    internal static byte IndexOf(double share) => (byte)Math.Round(255 * Math.Sqrt(Math.Clamp(share, 0, 1)));

    /// <summary>The density of a color, as a part of the highest one: undoes <see cref="IndexOf"/>.</summary>
    internal static double ShareOf(int index) => index / 255.0 * (index / 255.0);

    private static (byte Red, byte Green, byte Blue, byte Alpha) ColorOf(int index, (byte Red, byte Green, byte Blue)[] tones)
    {
        var place = index / 255.0 * (tones.Length - 1);
        var (from, to) = (tones[(int)place], tones[Math.Min((int)place + 1, tones.Length - 1)]);
        byte Mix(byte a, byte b) => (byte)Math.Round(a + (place - Math.Floor(place)) * (b - a));
        return (Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue), (byte)Math.Round(FullAlpha * Math.Min(index / (255 * FadeIn), 1)));
    }
}
