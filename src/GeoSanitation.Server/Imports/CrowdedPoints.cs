using System.Runtime.InteropServices;

namespace GeoSanitation.Server.Imports;

/// <summary>The coordinates that may hold more than one row in <see cref="Kept"/> of a file, in memory that does not grow with it.</summary>
/// <remarks>Source: Misra, Gries (1982), Finding repeated elements, Science of Computer Programming 2, pp. 143-152. Counts are lower bounds.</remarks>
internal sealed class CrowdedPoints
{
    internal const int Kept = 512;

    // Fewer rows than this on a coordinate mean nothing.
    private const int Fewest = 3;

    private readonly Dictionary<(double, double), int> _counts = new(Kept + 1);

    internal void Add(double lonDegrees, double latDegrees)
    {
        if (_counts.Count < Kept || _counts.ContainsKey((lonDegrees, latDegrees)))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, (lonDegrees, latDegrees), out _)++;
            return;
        }
        foreach (var point in _counts.Keys)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_counts, point) == 0)
            {
                _counts.Remove(point);
            }
        }
    }

    internal IReadOnlyList<(double LonDegrees, double LatDegrees)> Candidates()
        => [.. _counts.Where(p => p.Value >= Fewest).Select(p => p.Key).Order()];
}
