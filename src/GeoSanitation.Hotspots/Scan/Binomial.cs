using GeoSanitation.Hotspots.Significance;

namespace GeoSanitation.Hotspots.Scan;

/// <summary>Draws binomial numbers exactly: by running through the distribution where few successes are expected, by transformed rejection otherwise.</summary>
/// <remarks>Hörmann (1993), The generation of binomial random variates, algorithm BTRS, doi 10.1080/00949659308811496.</remarks>
internal sealed class Binomial
{
    private const double FewSuccesses = 10;

    private readonly double[] _logFactorial;

    /// <param name="most">Greatest number of trials.</param>
    internal Binomial(int most)
    {
        _logFactorial = new double[most + 1];
        for (var n = 2; n <= most; n++)
        {
            _logFactorial[n] = _logFactorial[n - 1] + Math.Log(n);
        }
    }

    /// <summary>Successes in n trials of probability p, 0 &lt; p &lt; 1.</summary>
    internal int Draw(ref RandomStream random, int n, double p)
        => p > 0.5 ? n - DrawRare(ref random, n, 1 - p) : DrawRare(ref random, n, p);

    private int DrawRare(ref RandomStream random, int n, double p)
    {
        if (n == 0 || p <= 0)
        {
            return 0;
        }
        return n * p < FewSuccesses ? RunThrough(ref random, n, p) : Reject(ref random, n, p);
    }

    private static int RunThrough(ref RandomStream random, int n, double p)
    {
        var odds = p / (1 - p);
        while (true)
        {
            var share = Math.Exp(n * Math.Log(1 - p));
            var left = random.Uniform();
            for (var k = 0; k <= n; k++)
            {
                if (left < share)
                {
                    return k;
                }
                left -= share;
                share *= odds * (n - k) / (k + 1);
            }
            // Beyond the last by rounding: again.
        }
    }

    private int Reject(ref RandomStream random, int n, double p)
    {
        var spread = Math.Sqrt(n * p * (1 - p));
        var b = 1.15 + 2.53 * spread;
        var a = -0.0873 + 0.0248 * b + 0.01 * p;
        var c = n * p + 0.5;
        var alpha = (2.83 + 5.1 / b) * spread;
        var inner = 0.92 - 4.2 / b;
        var logOdds = Math.Log(p / (1 - p));
        var mode = (int)((n + 1) * p);
        var top = _logFactorial[mode] + _logFactorial[n - mode];
        while (true)
        {
            var u = random.Uniform() - 0.5;
            var v = random.Uniform();
            var us = 0.5 - Math.Abs(u);
            var k = Math.Floor((2 * a / us + b) * u + c);
            if (k < 0 || k > n)
            {
                continue;
            }
            if (us >= 0.07 && v <= inner)
            {
                return (int)k;
            }
            if (Math.Log(v * alpha / (a / (us * us) + b)) <= top - _logFactorial[(int)k] - _logFactorial[n - (int)k] + (k - mode) * logOdds)
            {
                return (int)k;
            }
        }
    }
}
