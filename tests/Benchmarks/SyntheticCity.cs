using GeoSanitation.Hotspots;

namespace GeoSanitation.Benchmarks;

/// <summary>Made-up issues of a city of 30 x 30 km, meters of UTM zone 43N: 70 % in 300 clusters, of which 100 are thin streets, a quarter of these snapped to a
/// lattice of 10 m; 30 % anywhere. Each point is drawn by itself, so the first K of a million are a city of K points. The same seed makes the same city everywhere.</summary>
/// <param name="X">Eastings.</param>
/// <param name="Y">Northings.</param>
/// <param name="TimeDays">Instants, days from the start of two years.</param>
/// <param name="Category">One of <see cref="Categories"/>.</param>
internal sealed record SyntheticCity(double[] X, double[] Y, double[] TimeDays, byte[] Category)
{
    public const double West = 760_000;
    public const double South = 1_420_000;
    public const double Size = 30_000;
    public const int Categories = 12;
    public const int Days = 730;

    private const int Clusters = 300;
    private const int Streets = 100;
    private const double InClusters = 0.7;
    private const double Snapped = 0.25;
    private const double Lattice = 10;

    // Centers are so far inside that only few points fall outside.
    private const double Margin = 800;

    public int Count => X.Length;

    /// <summary>Makes a city.</summary>
    /// <param name="count">Number of points.</param>
    public static SyntheticCity Make(int count)
    {
        var random = new Random(20_261_128);
        var (clusters, shareUpTo) = MakeClusters(random);
        var city = new SyntheticCity(new double[count], new double[count], new double[count], new byte[count]);
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (random.NextDouble() * Size, random.NextDouble() * Size);
            if (random.NextDouble() < InClusters)
            {
                var found = Array.BinarySearch(shareUpTo, random.NextDouble() * shareUpTo[^1]);
                var cluster = clusters[Math.Min(found < 0 ? ~found : found, Clusters - 1)];
                var (along, across) = cluster.LengthMeters > 0 ? ((random.NextDouble() - 0.5) * cluster.LengthMeters, Normal(random) * cluster.SdMeters) : (Normal(random) * cluster.SdMeters, Normal(random) * cluster.SdMeters);
                x = cluster.X + along * Math.Cos(cluster.Angle) - across * Math.Sin(cluster.Angle);
                y = cluster.Y + along * Math.Sin(cluster.Angle) + across * Math.Cos(cluster.Angle);
                if (random.NextDouble() < Snapped)
                {
                    (x, y) = (Math.Round(x / Lattice) * Lattice, Math.Round(y / Lattice) * Lattice);
                }
            }
            // What would fall outside lies on the border of the city.
            (city.X[i], city.Y[i]) = (West + Math.Clamp(x, 0, Size), South + Math.Clamp(y, 0, Size));
            city.TimeDays[i] = random.NextDouble() * Days;
            city.Category[i] = (byte)(Categories * random.NextDouble() * random.NextDouble());
        }
        return city;
    }

    /// <summary>The first points, as the kernels take them.</summary>
    /// <param name="count">How many.</param>
    public Points First(int count) => new(X[..count], Y[..count], timeDays: TimeDays[..count]);

    private static (Cluster[] Clusters, double[] ShareUpTo) MakeClusters(Random random)
    {
        var clusters = new Cluster[Clusters];
        var shareUpTo = new double[Clusters];
        for (var c = 0; c < Clusters; c++)
        {
            var street = c < Streets;
            clusters[c] = new Cluster(
                Inside(random), Inside(random), street ? 8 : 60 + 340 * random.NextDouble(), street ? 400 + 2_000 * random.NextDouble() : 0, random.NextDouble() * Math.PI);
            shareUpTo[c] = (c > 0 ? shareUpTo[c - 1] : 0) + 0.2 - Math.Log(1 - random.NextDouble());
        }
        return (clusters, shareUpTo);
    }

    private static double Inside(Random random) => Margin + random.NextDouble() * (Size - 2 * Margin);

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private readonly record struct Cluster(double X, double Y, double SdMeters, double LengthMeters, double Angle);
}
