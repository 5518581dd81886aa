namespace GeoSanitation.Server.Scorecards;

/// <summary>The median of whole numbers.</summary>
internal static class Median
{
    /// <summary>The middle value, or half way between the two in the middle.</summary>
    /// <param name="values">At least one; their order is lost.</param>
    /// <remarks>Hoare's selection (Algorithm 65, Communications of the ACM 4(7), 1961): on average 3 n steps, where sorting takes n log n.</remarks>
    internal static double Of(Span<long> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        var upper = values.Length / 2;
        Select(values, upper);
        if (values.Length % 2 == 1)
        {
            return values[upper];
        }
        var lower = values[0];
        foreach (var value in values[1..upper])
        {
            lower = Math.Max(lower, value);
        }
        return lower / 2.0 + values[upper] / 2.0;
    }

    /// <summary>Puts the value of a rank at its place: no greater one before it, no smaller one after it.</summary>
    private static void Select(Span<long> values, int rank)
    {
        var (first, last) = (0, values.Length - 1);
        while (first < last)
        {
            var pivot = MiddleOf(values[first], values[first + (last - first) / 2], values[last]);
            var (i, j) = (first, last);
            while (i <= j)
            {
                while (values[i] < pivot)
                {
                    i++;
                }
                while (values[j] > pivot)
                {
                    j--;
                }
                if (i <= j)
                {
                    (values[i], values[j]) = (values[j--], values[i++]);
                }
            }
            if (rank <= j)
            {
                last = j;
            }
            else if (rank >= i)
            {
                first = i;
            }
            else
            {
                return;
            }
        }
    }

    private static long MiddleOf(long a, long b, long c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
