using System.Numerics;

namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>The distinct places of points, in the order in which they first appear, and what weighs on each.</summary>
/// <remarks>Thousands of issues can share one geocoded address; methods over pairs of points stay fast when such a heap is one place. Weights are kept to
/// a 2^51th of their sum, so that any sum of them, and any difference of sums, is exact.</remarks>
internal sealed class Places
{
    /// <param name="x">Eastings, finite.</param>
    /// <param name="y">Northings, same length.</param>
    /// <param name="weight">Weight of each point; empty means every point weighs 1.</param>
    public Places(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weight)
    {
        PlaceOf = new int[x.Length];
        var unit = UnitOf(weight);
        var (placeX, placeY, placeWeight) = (new double[x.Length], new double[x.Length], new double[x.Length]);
        // Open addressing: a slot holds a place, counted from 1, at most half of them are taken.
        var slots = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * x.Length, 1))];
        for (var i = 0; i < x.Length; i++)
        {
            var slot = Hash(x[i], y[i]) & (slots.Length - 1);
            while (slots[slot] != 0 && (placeX[slots[slot] - 1] != x[i] || placeY[slots[slot] - 1] != y[i]))
            {
                slot = (slot + 1) & (slots.Length - 1);
            }
            if (slots[slot] == 0)
            {
                (placeX[Count], placeY[Count]) = (x[i], y[i]);
                slots[slot] = ++Count;
            }
            PlaceOf[i] = slots[slot] - 1;
            placeWeight[PlaceOf[i]] += weight.IsEmpty ? 1 : Math.Round(weight[i] / unit) * unit;
        }
        (X, Y, Weight) = (placeX[..Count], placeY[..Count], placeWeight[..Count]);
    }

    /// <summary>Number of distinct places.</summary>
    public int Count { get; }

    /// <summary>Eastings of the places.</summary>
    public double[] X { get; }

    /// <summary>Northings of the places.</summary>
    public double[] Y { get; }

    /// <summary>Sum of the weights of the points at each place.</summary>
    public double[] Weight { get; }

    /// <summary>Place of each point.</summary>
    public int[] PlaceOf { get; }

    /// <summary>The power of two of which all weights are made multiples.</summary>
    private static double UnitOf(ReadOnlySpan<double> weight)
    {
        var sum = 0.0;
        foreach (var w in weight)
        {
            sum += w;
        }
        return sum > 0 ? Math.ScaleB(1, Math.Max(Math.ILogB(sum), -900) - 51) : 1;
    }

    private static int Hash(double x, double y)
    {
        // Adding zero makes one of the two zeros, which are equal and must not be two places.
        var bits = BitConverter.DoubleToUInt64Bits(x + 0.0) * 0x9E3779B97F4A7C15 ^ BitOperations.RotateLeft(BitConverter.DoubleToUInt64Bits(y + 0.0) * 0xC2B2AE3D27D4EB4F, 31);
        return (int)((bits ^ bits >> 32) * 0xD6E8FEB86659FD93 >> 33);
    }
}
