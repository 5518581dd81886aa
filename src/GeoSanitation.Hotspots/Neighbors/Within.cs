using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>Points of an array within a distance of a place, the distance included.</summary>
internal static class Within
{
    /// <summary>How many of the points are within the distance.</summary>
    public static int Count(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double atX, double atY, double distanceSquared)
    {
        var (length, lanes) = (x.Length, Vector256<double>.Count);
        if (!Vector256.IsHardwareAccelerated || length < lanes)
        {
            return CountOneByOne(x, y, atX, atY, distanceSquared);
        }
        ref var firstX = ref MemoryMarshal.GetReference(x);
        ref var firstY = ref MemoryMarshal.GetReference(y[..length]);
        var (allX, allY, limit) = (Vector256.Create(atX), Vector256.Create(atY), Vector256.Create(distanceSquared));
        var count = 0;
        for (var i = 0; i < length; i += lanes)
        {
            // The last step reaches back over lanes that were counted before and drops them.
            var at = Math.Min(i, length - lanes);
            var dx = Vector256.LoadUnsafe(ref firstX, (nuint)at) - allX;
            var dy = Vector256.LoadUnsafe(ref firstY, (nuint)at) - allY;
            count += BitOperations.PopCount(Vector256.LessThanOrEqual(dx * dx + dy * dy, limit).ExtractMostSignificantBits() >> (i - at));
        }
        return count;
    }

    /// <summary>Whether one of the points is within the distance.</summary>
    public static bool Any(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double atX, double atY, double distanceSquared)
    {
        var (length, lanes) = (x.Length, Vector256<double>.Count);
        if (!Vector256.IsHardwareAccelerated || length < lanes)
        {
            return CountOneByOne(x, y, atX, atY, distanceSquared) > 0;
        }
        ref var firstX = ref MemoryMarshal.GetReference(x);
        ref var firstY = ref MemoryMarshal.GetReference(y[..length]);
        var (allX, allY, limit) = (Vector256.Create(atX), Vector256.Create(atY), Vector256.Create(distanceSquared));
        for (var i = 0; i < length; i += lanes)
        {
            var at = (nuint)Math.Min(i, length - lanes);
            var dx = Vector256.LoadUnsafe(ref firstX, at) - allX;
            var dy = Vector256.LoadUnsafe(ref firstY, at) - allY;
            if (Vector256.LessThanOrEqualAny(dx * dx + dy * dy, limit))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The reference of <see cref="Count"/>.</summary>
    internal static int CountOneByOne(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double atX, double atY, double distanceSquared)
    {
        var count = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var dx = x[i] - atX;
            var dy = y[i] - atY;
            count += dx * dx + dy * dy <= distanceSquared ? 1 : 0;
        }
        return count;
    }
}
