using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoSanitation.Hotspots;

/// <summary>Arithmetic on rows of numbers, several at a time. Each number has its own lane, so how wide the vectors are does not change a bit of the result.</summary>
/// <remarks>All rows of a call are at least as long as the target.</remarks>
internal static class Rows
{
    /// <summary>target += source.</summary>
    public static void Add(Span<double> target, ReadOnlySpan<double> source)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(source[..target.Length]);
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (Vector.LoadUnsafe(ref to, (nuint)i) + Vector.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < target.Length; i++)
        {
            target[i] += source[i];
        }
    }

    /// <summary>target += plus - minus.</summary>
    public static void AddDifference(Span<double> target, ReadOnlySpan<double> plus, ReadOnlySpan<double> minus)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var more = ref MemoryMarshal.GetReference(plus[..target.Length]);
        ref var less = ref MemoryMarshal.GetReference(minus[..target.Length]);
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var difference = Vector.LoadUnsafe(ref more, (nuint)i) - Vector.LoadUnsafe(ref less, (nuint)i);
            (Vector.LoadUnsafe(ref to, (nuint)i) + difference).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < target.Length; i++)
        {
            target[i] += plus[i] - minus[i];
        }
    }

    /// <summary>target += factor * source.</summary>
    public static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(source[..target.Length]);
        var factors = new Vector<double>(factor);
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (Vector.LoadUnsafe(ref to, (nuint)i) + factors * Vector.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }

    /// <summary>target = a first + b second + c third + d fourth, of four rows that lie one behind the other.</summary>
    public static void Mix(Span<double> target, ReadOnlySpan<double> four, double a, double b, double c, double d)
    {
        var n = target.Length;
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var first = ref MemoryMarshal.GetReference(four[..(4 * n)]);
        ref var second = ref Unsafe.Add(ref first, n);
        ref var third = ref Unsafe.Add(ref first, 2 * n);
        ref var fourth = ref Unsafe.Add(ref first, 3 * n);
        var i = 0;
        for (; i <= n - Vector<double>.Count; i += Vector<double>.Count)
        {
            var at = (nuint)i;
            (Vector.LoadUnsafe(ref first, at) * a + Vector.LoadUnsafe(ref second, at) * b + Vector.LoadUnsafe(ref third, at) * c + Vector.LoadUnsafe(ref fourth, at) * d).StoreUnsafe(ref to, at);
        }
        for (; i < n; i++)
        {
            target[i] = four[i] * a + four[n + i] * b + four[2 * n + i] * c + four[3 * n + i] * d;
        }
    }

    /// <summary>target = before + (source - offset).</summary>
    public static void RunOn(Span<double> target, ReadOnlySpan<double> before, ReadOnlySpan<double> source, double offset)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var last = ref MemoryMarshal.GetReference(before[..target.Length]);
        ref var from = ref MemoryMarshal.GetReference(source[..target.Length]);
        var offsets = new Vector<double>(offset);
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (Vector.LoadUnsafe(ref last, (nuint)i) + (Vector.LoadUnsafe(ref from, (nuint)i) - offsets)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < target.Length; i++)
        {
            target[i] = before[i] + (source[i] - offset);
        }
    }

    /// <summary>target *= factors.</summary>
    public static void Multiply(Span<double> target, ReadOnlySpan<double> factors)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var by = ref MemoryMarshal.GetReference(factors[..target.Length]);
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (Vector.LoadUnsafe(ref to, (nuint)i) * Vector.LoadUnsafe(ref by, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < target.Length; i++)
        {
            target[i] *= factors[i];
        }
    }
}
