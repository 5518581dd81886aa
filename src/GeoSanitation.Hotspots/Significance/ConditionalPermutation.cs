using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Hotspots.Significance;

/// <summary>
/// Pseudo p of local statistics: a unit keeps its value, its neighbors get values that are drawn from all other units without replacement. Nothing is assumed of the
/// distribution, which the normal p needs about eight neighbors for.
/// </summary>
/// <remarks>
/// Anselin (1995), doi 10.1111/j.1538-4632.1995.tb00338.x, section 3. As in PySAL all units share the draws of a replication; p of one unit is not touched by
/// that. With weights of 1 the sum over k drawn values is then a running sum over the draws, with the unit's own value taken out, so a unit costs one step a
/// replication, however many neighbors it has.
/// </remarks>
public static class ConditionalPermutation
{
    private const int Block = 16;

    /// <summary>Draws, and counts how often the sum over a unit's neighbors is as large, and as small, as it really is.</summary>
    /// <param name="values">Value of each unit, finite.</param>
    /// <param name="weights">Neighbors of each unit, binary.</param>
    /// <param name="replications">How often; 99, 999 or 9999 make p a round number.</param>
    /// <param name="seed">The same seed gives the same counts, on any number of threads.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Is told the part done, 0 to 1.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentException">values and weights differ in length, the weights are not binary, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">replications or threads is less than 1.</exception>
    public static PermutationCounts Count(
        ReadOnlySpan<double> values, SpatialWeights weights, int replications, ulong seed, int threads = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (!weights.IsBinary)
        {
            throw new ArgumentException("The weights must be binary.", nameof(weights));
        }
        RequireSameLength(values, weights.Count);
        var (counts, sums) = (new int[values.Length], new double[values.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            var neighbors = weights.NeighborsOf(i);
            counts[i] = neighbors.Length;
            foreach (var j in neighbors)
            {
                sums[i] += values[j];
            }
        }
        return Count(values, counts, sums, replications, seed, threads, progress, cancellation);
    }

    /// <summary>The same for cells of a grid whose neighbors are those within a distance.</summary>
    /// <param name="values">Value of each cell, finite.</param>
    /// <param name="band">Neighbors of each cell.</param>
    /// <param name="replications">How often.</param>
    /// <param name="seed">The same seed gives the same counts.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Is told the part done, 0 to 1.</param>
    /// <param name="cancellation">Ends it.</param>
    public static PermutationCounts Count(
        ReadOnlySpan<double> values, GridBand band, int replications, ulong seed, int threads = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(band);
        RequireSameLength(values, band.Count);
        var sums = new double[values.Length];
        band.SumAround(values, 1, 0, sums);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] -= values[i];
        }
        return Count(values, Array.ConvertAll(band.NeighborCounts, n => n - 1), sums, replications, seed, threads, progress, cancellation);
    }

    private static PermutationCounts Count(
        ReadOnlySpan<double> values, int[] neighborCounts, double[] sums, int replications, ulong seed, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replications, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        double largest = 0;
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"values holds {value}; values must be finite.", nameof(values));
            }
            largest = Math.Max(largest, Math.Abs(value));
        }
        var work = new Work(values.ToArray(), neighborCounts, sums, 1e-12 * largest * values.Length, seed);
        var blocks = (replications + Block - 1) / Block;
        var (done, total) = (0, new Tally(values.Length));
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => new Tally(neighborCounts.Length), (block, _, tally) =>
        {
            for (var r = block * Block; r < Math.Min((block + 1) * Block, replications); r++)
            {
                work.Replicate(r, tally);
            }
            progress?.Report((double)Interlocked.Increment(ref done) / blocks);
            return tally;
        }, tally =>
        {
            lock (total)
            {
                total.Add(tally);
            }
        });
        return new PermutationCounts(replications, total.AtLeast, total.AtMost, neighborCounts);
    }

    private static void RequireSameLength(ReadOnlySpan<double> values, int count)
    {
        if (values.Length != count)
        {
            throw new ArgumentException($"There are {values.Length} values and neighbors of {count} units.", nameof(values));
        }
    }

    /// <summary>What is the same for all replications.</summary>
    /// <param name="values">Value of each unit.</param>
    /// <param name="counts">Neighbors of each unit.</param>
    /// <param name="sums">Sum over them.</param>
    /// <param name="tolerance">Sums that differ by no more are equal but for rounding.</param>
    /// <param name="seed">Names the experiment.</param>
    private sealed class Work(double[] values, int[] counts, double[] sums, double tolerance, ulong seed)
    {
        // One more than any unit has neighbors: it may draw itself.
        private readonly int _draws = Math.Min(values.Length, counts.DefaultIfEmpty(0).Max() + 1);

        internal void Replicate(int replication, Tally tally)
        {
            var stream = new RandomStream(seed, replication);
            var (order, place, running) = (tally.Order, tally.Place, tally.Running);
            // The first steps of a Fisher-Yates shuffle.
            for (var t = 0; t < _draws; t++)
            {
                var other = t + stream.Below(values.Length - t);
                tally.Swapped[t] = other;
                (order[t], order[other]) = (order[other], order[t]);
                place[order[t]] = t;
                running[t + 1] = running[t] + values[order[t]];
            }
            for (var i = 0; i < values.Length; i++)
            {
                var k = counts[i];
                var excess = (place[i] < k ? running[k + 1] - values[i] : running[k]) - sums[i];
                tally.AtLeast[i] += excess >= -tolerance ? 1 : 0;
                tally.AtMost[i] += excess <= tolerance ? 1 : 0;
            }
            // Back to the order that every replication begins with.
            for (var t = _draws - 1; t >= 0; t--)
            {
                place[order[t]] = int.MaxValue;
                var other = tally.Swapped[t];
                (order[t], order[other]) = (order[other], order[t]);
            }
        }
    }

    /// <summary>What one thread counts, and what it draws on.</summary>
    private sealed class Tally
    {
        internal Tally(int units)
        {
            (AtLeast, AtMost) = (new int[units], new int[units]);
            (Order, Place, Swapped, Running) = ([.. Enumerable.Range(0, units)], new int[units], new int[units], new double[units + 1]);
            Array.Fill(Place, int.MaxValue);
        }

        internal int[] AtLeast { get; }

        internal int[] AtMost { get; }

        internal int[] Order { get; }

        /// <summary>When a unit was drawn; <see cref="int.MaxValue"/> for not at all.</summary>
        internal int[] Place { get; }

        internal int[] Swapped { get; }

        internal double[] Running { get; }

        internal void Add(Tally other)
        {
            for (var i = 0; i < AtLeast.Length; i++)
            {
                AtLeast[i] += other.AtLeast[i];
                AtMost[i] += other.AtMost[i];
            }
        }
    }
}

/// <summary>How often a drawn sum was as large, or as small, as the real one.</summary>
/// <param name="Replications">R.</param>
/// <param name="AtLeast">For each unit, replications in which the sum over its neighbors was at least the real one.</param>
/// <param name="AtMost">For each unit, replications in which it was at most the real one.</param>
/// <param name="NeighborCounts">Neighbors of each unit, itself left out.</param>
public sealed record PermutationCounts(int Replications, int[] AtLeast, int[] AtMost, int[] NeighborCounts)
{
    /// <summary>Pseudo p of a statistic that grows with the sum over the neighbors, one-sided towards the nearer end: (min(L, R - L) + 1) / (R + 1), L the replications
    /// whose statistic is at least the real one. NaN for a unit without neighbors.</summary>
    public double[] FoldedP() => FoldedP(_ => true);

    /// <summary>The same for a statistic that grows with the sum at some units and shrinks with it at others.</summary>
    /// <param name="grows">Whether it grows at a unit.</param>
    public double[] FoldedP(Func<int, bool> grows)
    {
        ArgumentNullException.ThrowIfNull(grows);
        var p = new double[AtLeast.Length];
        for (var i = 0; i < p.Length; i++)
        {
            var larger = grows(i) ? AtLeast[i] : AtMost[i];
            p[i] = NeighborCounts[i] == 0 ? double.NaN : (Math.Min(larger, Replications - larger) + 1.0) / (Replications + 1);
        }
        return p;
    }
}
