using System.Text.Json;

namespace GeoSanitation.Coordinates;

/// <summary>The land where GCJ-02 and BD-09 differ from WGS 84: mainland China with Hainan and a margin of some 5 km of sea.</summary>
/// <remarks>
/// <para>Hong Kong, Macao and Taiwan are outside: the rule behind GCJ-02 is the mainland's surveying law, and their own maps, and international
/// maps of them, are in WGS 84. Chinese providers differ there (Baidu states that it shifts all three), so data of theirs for those places must be
/// converted before it comes in.</para>
/// <para>The rings are in MainlandChina.geojson, which says where they come from. At land borders they are good to about 2 km: a town on the very
/// border can be taken for its neighbor.</para>
/// </remarks>
public static class MainlandChina
{
    private const double South = 18, North = 54, West = 73, East = 136;
    private const double BandsPerDegree = 4;

    /// <summary>Edges of all rings by the bands of latitude they touch, so that a lookup looks at a few dozen of 2,400.</summary>
    private static readonly Edge[][] Bands = ReadBands();

    /// <summary>True when the place lies inside the rings.</summary>
    public static bool Contains(LonLat place)
    {
        var (lon, lat) = place;
        if (!IsNear(place))
        {
            return false;
        }

        bool inside = false;
        foreach (var edge in Bands[Band(lat)])
        {
            if (edge.LatA > lat != edge.LatB > lat
                && lon < edge.LonA + (lat - edge.LatA) / (edge.LatB - edge.LatA) * (edge.LonB - edge.LonA))
            {
                inside = !inside;
            }
        }

        return inside;
    }

    /// <summary>True inside a box around the rings that is wider than any shift; false for NaN.</summary>
    internal static bool IsNear(LonLat place)
        => place.LonDegrees is > West and < East && place.LatDegrees is > South and < North;

    private static int Band(double lat) => (int)((lat - South) * BandsPerDegree);

    private static Edge[][] ReadBands()
    {
        using var stream = typeof(MainlandChina).Assembly.GetManifestResourceStream("MainlandChina.geojson")!;
        using var feature = JsonDocument.Parse(stream);
        var bands = new List<Edge>[Band(North)];
        foreach (ref var band in bands.AsSpan())
        {
            band = [];
        }

        foreach (var polygon in feature.RootElement.GetProperty("geometry").GetProperty("coordinates").EnumerateArray())
        {
            foreach (var ring in polygon.EnumerateArray())
            {
                var points = ring.EnumerateArray().Select(point => new LonLat(point[0].GetDouble(), point[1].GetDouble())).ToArray();
                foreach (var (a, b) in points.Zip(points.Skip(1)))
                {
                    var (low, high) = (Math.Min(a.LatDegrees, b.LatDegrees), Math.Max(a.LatDegrees, b.LatDegrees));
                    for (int band = Band(low); band <= Band(high); band++)
                    {
                        bands[band].Add(new Edge(a.LonDegrees, a.LatDegrees, b.LonDegrees, b.LatDegrees));
                    }
                }
            }
        }

        return [.. bands.Select(band => band.ToArray())];
    }

    private readonly record struct Edge(double LonA, double LatA, double LonB, double LatB);
}
