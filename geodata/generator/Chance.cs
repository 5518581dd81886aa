namespace GeoSanitation.CountyGenerator;

/// <summary>
/// Random numbers that are the same on every machine (SplitMix64; Steele, Lea, Flood 2014). Only additions, multiplications and roots are used all through
/// the generator: other functions differ in their last digit between systems.
/// </summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number in [0, 1).</summary>
    internal double Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Fraction(_state);
    }

    /// <summary>A number in [low, high).</summary>
    internal double Between(double low, double high) => low + (high - low) * Next();

    /// <summary>A whole number in [0, count).</summary>
    internal int Below(int count) => (int)(Next() * count);

    /// <summary>Nearly normal, mean 0 and deviation 1: the sum of twelve uniform numbers.</summary>
    internal double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
        {
            sum += Next();
        }
        return sum;
    }

    /// <summary>One of some things, the more likely the greater its weight.</summary>
    internal T Pick<T>(IReadOnlyList<(T Thing, double Weight)> choices)
    {
        var left = Next() * choices.Sum(c => c.Weight);
        foreach (var (thing, weight) in choices)
        {
            left -= weight;
            if (left < 0)
            {
                return thing;
            }
        }
        return choices[^1].Thing;
    }

    /// <summary>Smooth noise over the plane, from -1 to 1, with hills about one unit wide.</summary>
    internal static double Noise(double x, double y, ulong layer)
    {
        var (left, bottom) = (Math.Floor(x), Math.Floor(y));
        var (s, t) = (Smooth(x - left), Smooth(y - bottom));
        var low = At(left, bottom) + s * (At(left + 1, bottom) - At(left, bottom));
        var high = At(left, bottom + 1) + s * (At(left + 1, bottom + 1) - At(left, bottom + 1));
        return low + t * (high - low);

        double At(double i, double j) => 2 * Fraction(layer * 0xD1B54A32D192ED03 + (ulong)(long)i * 0x8CB92BA72F3D8DD7 + (ulong)(long)j * 0xA24BAED4963EE407) - 1;
        static double Smooth(double t) => t * t * t * (t * (6 * t - 15) + 10);
    }

    private static double Fraction(ulong state)
    {
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return ((state ^ (state >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
