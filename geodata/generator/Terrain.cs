namespace GeoSanitation.CountyGenerator;

/// <summary>
/// The ground: a bent lattice of blocks of about 100 m. All boundaries run along its edges, so that wards fit without gap or overlap, and a place is given by
/// its column and row (<c>u</c>, <c>v</c>), whole numbers being corners of blocks.
/// </summary>
internal sealed class Terrain
{
    /// <summary>Blocks on each side.</summary>
    internal const int Size = 250;

    /// <summary>Middle of the county's seat, column and row.</summary>
    internal const double SeatU = 125, SeatV = 126;

    /// <summary>The row of corners that the river flows along.</summary>
    internal const int RiverRow = 132;

    // Nowhere in particular: hills at the edge of a plain.
    private const double LonDegrees = 112.68, LatDegrees = 32.42;
    private const double BlockMeters = 100;
    private const double MetersPerDegreeLat = 110_890, MetersPerDegreeLon = 94_080;

    // The whole county is turned a little: 17 degrees.
    private const double Cosine = 0.9563, Sine = 0.2924;

    private readonly double[,] _x = new double[Size + 1, Size + 1];
    private readonly double[,] _y = new double[Size + 1, Size + 1];

    internal Terrain()
    {
        for (var i = 0; i <= Size; i++)
        {
            for (var j = 0; j <= Size; j++)
            {
                var u = i + 2.6 * Chance.Noise(i / 38.0, j / 38.0, 1) + 0.35 * Chance.Noise(i / 9.0, j / 9.0, 2);
                var v = j + 2.6 * Chance.Noise(i / 38.0, j / 38.0, 3) + 0.35 * Chance.Noise(i / 9.0, j / 9.0, 4) + 5.5 * Chance.Noise(i / 30.0, 0.5, 5);
                (_x[i, j], _y[i, j]) = ((u - SeatU) * BlockMeters, (v - SeatV) * BlockMeters);
            }
        }
    }

    /// <summary>Moves a corner, in blocks of the plane: towards the middle of some others.</summary>
    internal void Pull(int i, int j, IReadOnlyList<(int I, int J)> others, double strength)
    {
        _x[i, j] += strength * (others.Average(o => _x[o.I, o.J]) - _x[i, j]);
        _y[i, j] += strength * (others.Average(o => _y[o.I, o.J]) - _y[i, j]);
    }

    /// <summary>Where a place is, meters east and north of the seat's middle.</summary>
    internal (double X, double Y) At(double u, double v)
    {
        var (i, j) = (Math.Clamp((int)Math.Floor(u), 0, Size - 1), Math.Clamp((int)Math.Floor(v), 0, Size - 1));
        var (s, t) = (u - i, v - j);
        return (Between(_x), Between(_y));

        double Between(double[,] at)
            => (1 - s) * (1 - t) * at[i, j] + s * (1 - t) * at[i + 1, j] + (1 - s) * t * at[i, j + 1] + s * t * at[i + 1, j + 1];
    }

    /// <summary>Longitude and latitude of a place, degrees, to a tenth of a meter.</summary>
    internal (double Lon, double Lat) LonLat(double u, double v)
    {
        var (x, y) = At(u, v);
        return LonLatOf(x, y);
    }

    /// <summary>Longitude and latitude of meters east and north of the seat's middle.</summary>
    internal static (double Lon, double Lat) LonLatOf(double x, double y)
    {
        var (east, north) = (Cosine * x - Sine * y, Sine * x + Cosine * y);
        return (Math.Round(LonDegrees + east / MetersPerDegreeLon, 6), Math.Round(LatDegrees + north / MetersPerDegreeLat, 6));
    }

    /// <summary>Distance from a place to the seat's middle, blocks.</summary>
    internal static double FromSeat(double u, double v) => Distance(u, v, SeatU, SeatV);

    /// <summary>Distance between two places, blocks.</summary>
    internal static double Distance(double u1, double v1, double u2, double v2) => Math.Sqrt((u1 - u2) * (u1 - u2) + (v1 - v2) * (v1 - v2));
}
