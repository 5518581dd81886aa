using System.Runtime.Intrinsics;

namespace GeoSanitation.Server.Tiles;

/// <summary>Colors of the heatmap, from nothing to the highest density.</summary>
/// <remarks>Lightness changes evenly all the way, from light to dark on a light map and from dark to light on a dark one, so the order shows in print and to color-blind eyes,
/// and the densest stands out most. What is near nothing is clear.</remarks>
internal static class HeatRamp
{
    private const double FullAlpha = 215;

    // Share of the scale over which the colors come out of nothing.
    private const double FadeIn = 0.3;

    /// <summary>Tones from light to dark. Inferno and viridis: bids.github.io/colormap, CC0; cividis: Nunez, Anderton, Renslow 2018, doi 10.1371/journal.pone.0199239, CC0.</summary>
    private static readonly Dictionary<string, (byte Red, byte Green, byte Blue)[]> Tones = new()
    {
        ["inferno"] = [(252, 255, 164), (246, 215, 70), (252, 165, 10), (243, 120, 25), (221, 81, 58), (188, 55, 84), (147, 38, 103), (106, 23, 110), (66, 10, 104)],
        ["viridis"] = [(253, 231, 37), (173, 220, 48), (94, 201, 98), (40, 174, 128), (33, 145, 140), (44, 114, 142), (59, 82, 139), (71, 45, 123), (68, 1, 84)],
        ["cividis"] = [(254, 232, 56), (225, 204, 85), (195, 179, 105), (165, 156, 116), (138, 134, 120), (112, 113, 115), (87, 93, 109), (59, 73, 108), (18, 53, 112), (0, 34, 78)],
        ["greys"] = [(240, 240, 240), (185, 185, 185), (130, 130, 130), (75, 75, 75), (20, 20, 20)],
    };

    private static readonly Dictionary<(string Palette, bool OnDark), (byte Red, byte Green, byte Blue, byte Alpha)[]> Ramps = Tones.Keys
        .SelectMany(palette => (bool[])[false, true], (palette, onDark) => (palette, onDark))
        .ToDictionary(key => key, key => Enumerable.Range(0, 256).Select(i => ColorOf(i, key.onDark ? [.. Tones[key.palette].Reverse()] : Tones[key.palette])).ToArray());

    /// <summary>Names of the palettes, the usual one first.</summary>
    internal static string[] Palettes { get; } = ["inferno", "viridis", "cividis", "greys"];

    /// <summary>256 colors: red, green, blue, alpha.</summary>
    /// <param name="palette">One of <see cref="Palettes"/>.</param>
    /// <param name="onDark">Whether they are laid on a dark map.</param>
    internal static (byte Red, byte Green, byte Blue, byte Alpha)[] Of(string palette, bool onDark) => Ramps[(palette, onDark)];

    /// <summary>Position in a ramp of a density.</summary>
    /// <param name="share">The density as a part of the highest one.</param>
    /// <remarks>By its square root: densities of a city span orders of magnitude, and most places would else look empty.</remarks>
    internal static byte IndexOf(double share) => (byte)(255 * Math.Sqrt(Math.Clamp(share, 0, 1)) + 0.5);

    /// <summary>Positions in a ramp of many densities.</summary>
    /// <param name="densities">The densities.</param>
    /// <param name="scale">What makes them parts of the highest one.</param>
    /// <param name="to">Where the positions go, as many.</param>
    internal static void IndexesOf(ReadOnlySpan<double> densities, double scale, Span<byte> to)
    {
        to = to[..densities.Length];
        var i = 0;
        for (; i <= densities.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var share = Vector256.Min(Vector256.Max(Vector256.Create(densities[i..]) * scale, Vector256<double>.Zero), Vector256<double>.One);
            var index = Vector256.Sqrt(share) * 255 + Vector256.Create(0.5);
            (to[i], to[i + 1], to[i + 2], to[i + 3]) = ((byte)index[0], (byte)index[1], (byte)index[2], (byte)index[3]);
        }
        for (; i < densities.Length; i++)
        {
            to[i] = IndexOf(densities[i] * scale);
        }
    }

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
