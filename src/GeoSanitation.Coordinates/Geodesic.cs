namespace GeoSanitation.Coordinates;

/// <summary>Distances on the ellipsoid of WGS 84.</summary>
public static class Geodesic
{
    private const double SemiMajorMeters = 6378137;
    private const double Flattening = 1 / 298.257223563;
    private const double SemiMinorMeters = SemiMajorMeters * (1 - Flattening);
    private const int MostRounds = 200;

    /// <summary>Length of the shortest line between two places, meters.</summary>
    /// <param name="from">One place.</param>
    /// <param name="to">The other.</param>
    /// <returns>Within a millimeter; for places on nearly opposite sides of the earth, where the iteration does not settle, half the earth's circumference as an upper bound.</returns>
    /// <remarks>Source: Vincenty (1975), Direct and inverse solutions of geodesics on the ellipsoid, Survey Review 23 (176), pp. 88-93.</remarks>
    public static double Meters(LonLat from, LonLat to)
    {
        var lonDifference = (to.LonDegrees - from.LonDegrees) * Math.PI / 180;
        var (sinU1, cosU1) = Reduced(from.LatDegrees);
        var (sinU2, cosU2) = Reduced(to.LatDegrees);
        var lambda = lonDifference;
        for (var round = 0; round < MostRounds; round++)
        {
            var (sinLambda, cosLambda) = Math.SinCos(lambda);
            var sinSigma = double.Hypot(cosU2 * sinLambda, cosU1 * sinU2 - sinU1 * cosU2 * cosLambda);
            if (sinSigma == 0)
            {
                return 0;
            }
            var cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosLambda;
            var sigma = Math.Atan2(sinSigma, cosSigma);
            var sinAlpha = cosU1 * cosU2 * sinLambda / sinSigma;
            var cosSquaredAlpha = 1 - sinAlpha * sinAlpha;
            // On the equator the midpoint is everywhere.
            var cos2SigmaM = cosSquaredAlpha > 0 ? cosSigma - 2 * sinU1 * sinU2 / cosSquaredAlpha : 0;
            var c = Flattening / 16 * cosSquaredAlpha * (4 + Flattening * (4 - 3 * cosSquaredAlpha));
            var before = lambda;
            lambda = lonDifference + (1 - c) * Flattening * sinAlpha * (sigma + c * sinSigma * (cos2SigmaM + c * cosSigma * (2 * cos2SigmaM * cos2SigmaM - 1)));
            if (Math.Abs(lambda - before) < 1e-13)
            {
                var uSquared = cosSquaredAlpha * (SemiMajorMeters * SemiMajorMeters / (SemiMinorMeters * SemiMinorMeters) - 1);
                var a = 1 + uSquared / 16384 * (4096 + uSquared * (-768 + uSquared * (320 - 175 * uSquared)));
                var b = uSquared / 1024 * (256 + uSquared * (-128 + uSquared * (74 - 47 * uSquared)));
                var correction = b * sinSigma * (cos2SigmaM + b / 4 * (cosSigma * (2 * cos2SigmaM * cos2SigmaM - 1)
                    - b / 6 * cos2SigmaM * (4 * sinSigma * sinSigma - 3) * (4 * cos2SigmaM * cos2SigmaM - 3)));
                return SemiMinorMeters * a * (sigma - correction);
            }
        }
        return Math.PI * SemiMajorMeters;
    }

    private static (double Sin, double Cos) Reduced(double latDegrees) => Math.SinCos(Math.Atan((1 - Flattening) * Math.Tan(latDegrees * Math.PI / 180)));
}
