namespace GeoSanitation.Hotspots.Significance;

/// <summary>A stream of random numbers of its own for each replication of an experiment: which thread draws it, and after which others, does not matter.</summary>
/// <remarks>SplitMix64: Steele, Lea, Flood (2014), doi 10.1145/2660193.2660195.</remarks>
internal struct RandomStream
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <param name="seed">Names the experiment.</param>
    /// <param name="replication">Names the stream within it.</param>
    internal RandomStream(ulong seed, int replication) => _state = Mix(Mix(seed + Golden) + (ulong)replication * Golden);

    /// <summary>64 random bits.</summary>
    internal ulong Next() => Mix(_state += Golden);

    /// <summary>A whole number from 0 to <paramref name="end"/> - 1. The bias is below end / 2^64.</summary>
    internal int Below(int end) => (int)Math.BigMul(Next(), (ulong)end, out _);

    /// <summary>A number in (0, 1), of 52 random bits.</summary>
    internal double Uniform() => ((Next() >> 12) + 0.5) * (1.0 / (1L << 52));

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
