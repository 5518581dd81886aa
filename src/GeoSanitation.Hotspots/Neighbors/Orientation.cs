using System.Numerics;

namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>On which side of a line a point lies, exactly, for any finite doubles.</summary>
internal static class Orientation
{
    // Rounding of the two differences and the product: (3 + 16 u) u with u = 2^-53, Shewchuk (1997), doi 10.1007/PL00009321.
    private const double ErrorFactor = 3.3306690738754716e-16;

    /// <summary>+1 when c lies to the left of the way from a to b, -1 to the right, 0 exactly on the line.</summary>
    public static int Sign(double ax, double ay, double bx, double by, double cx, double cy)
    {
        var left = (ax - cx) * (by - cy);
        var right = (ay - cy) * (bx - cx);
        var determinant = left - right;
        var error = ErrorFactor * (Math.Abs(left) + Math.Abs(right));
        if (determinant > error)
        {
            return 1;
        }
        if (determinant < -error)
        {
            return -1;
        }
        if ((ax == cx && bx == cx) || (ay == cy && by == cy) || (ax == bx && ay == by))
        {
            return 0;
        }
        return ExactSign(ax, ay, bx, by, cx, cy);
    }

    /// <summary>The same determinant in whole numbers: every double is a whole number times a power of two.</summary>
    private static int ExactSign(double ax, double ay, double bx, double by, double cx, double cy)
    {
        ReadOnlySpan<double> values = [ax, ay, bx, by, cx, cy];
        var lowest = int.MaxValue;
        foreach (var value in values)
        {
            lowest = Math.Min(lowest, Split(value).Exponent);
        }
        var whole = new BigInteger[6];
        for (var i = 0; i < 6; i++)
        {
            var (mantissa, exponent) = Split(values[i]);
            whole[i] = new BigInteger(mantissa) << (mantissa == 0 ? 0 : exponent - lowest);
        }
        var left = (whole[0] - whole[4]) * (whole[3] - whole[5]);
        var right = (whole[1] - whole[5]) * (whole[2] - whole[4]);
        return (left - right).Sign;
    }

    private static (long Mantissa, int Exponent) Split(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var fraction = bits & 0xFFFFFFFFFFFFFL;
        var mantissa = exponent == 0 ? fraction : fraction | (1L << 52);
        return (bits < 0 ? -mantissa : mantissa, mantissa == 0 ? int.MaxValue : Math.Max(exponent, 1) - 1075);
    }
}
