using BenchmarkDotNet.Attributes;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Clustering;

namespace GeoSanitation.Benchmarks.Kernels;

/// <summary>Density clustering of the synthetic city.</summary>
[MemoryDiagnoser]
public class ClusteringBenchmarks
{
    private Points _points = null!;
    private int[] _labels = null!;

    /// <summary>Number of points.</summary>
    [Params(100_000, 1_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Prepare() => (_points, _labels) = (SyntheticCity.Make(Count).First(Count), new int[Count]);

    [Benchmark]
    public int Dbscan50m() => Dbscan.Label(_points, 50, 10, _labels);

    [Benchmark]
    public int HdbscanOf10() => Hdbscan.Compute(_points, new HdbscanOptions(10)).Clusters.Length;
}
