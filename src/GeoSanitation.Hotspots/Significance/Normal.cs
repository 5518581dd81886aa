namespace GeoSanitation.Hotspots.Significance;

/// <summary>Tails of the standard normal distribution.</summary>
public static class Normal
{
    private const double InverseSqrtPi = 0.56418958354775628695;

    /// <summary>Two-sided p of a z score: the chance of a |z| at least this large. NaN for NaN.</summary>
    /// <param name="z">z score.</param>
    public static double TwoSidedP(double z) => Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>Complementary error function, relative error near 1e-15 over the whole range, tails included.</summary>
    /// <param name="x">Any number; NaN gives NaN.</param>
    /// <remarks>Rational approximations of Cody (1969), Math. Comp. 23, 631-637.</remarks>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x))
        {
            return double.NaN;
        }
        var a = Math.Abs(x);
        if (a <= 0.46875)
        {
            return 1 - x * ErfOverX(a * a);
        }
        var tail = a <= 4 ? MiddleTail(a) : FarTail(a);
        return x < 0 ? 2 - tail : tail;
    }

    private static double ErfOverX(double square)
    {
        var top = 1.85777706184603153e-1 * square;
        top = (top + 3.16112374387056560e0) * square;
        top = (top + 1.13864154151050156e2) * square;
        top = (top + 3.77485237685302021e2) * square + 3.20937758913846947e3;
        var bottom = (square + 2.36012909523441209e1) * square;
        bottom = (bottom + 2.44024637934444173e2) * square;
        bottom = (bottom + 1.28261652607737228e3) * square + 2.84423683343917062e3;
        return top / bottom;
    }

    private static double MiddleTail(double a)
    {
        ReadOnlySpan<double> tops =
        [
            2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1, 2.98635138197400131e2,
            8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
        ];
        ReadOnlySpan<double> bottoms =
        [
            1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
            3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
        ];
        return ExpMinusSquare(a) * Horner(tops, a) / Horner(bottoms, a);
    }

    private static double FarTail(double a)
    {
        if (a > 27)
        {
            return 0; // below the smallest double
        }
        ReadOnlySpan<double> tops =
        [
            1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4,
        ];
        ReadOnlySpan<double> bottoms =
        [
            1, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3,
        ];
        var square = 1 / (a * a);
        var correction = square * Horner(tops, square) / Horner(bottoms, square);
        return ExpMinusSquare(a) * (InverseSqrtPi - correction) / a;
    }

    private static double Horner(ReadOnlySpan<double> coefficients, double x)
    {
        var sum = 0.0;
        foreach (var coefficient in coefficients)
        {
            sum = sum * x + coefficient;
        }
        return sum;
    }

    /// <summary>exp(-a^2): the square of the first bits is exact, so the large exponent carries no rounding error.</summary>
    private static double ExpMinusSquare(double a)
    {
        var head = Math.Truncate(a * 16) / 16;
        return Math.Exp(-head * head) * Math.Exp(-(a - head) * (a + head));
    }
}
