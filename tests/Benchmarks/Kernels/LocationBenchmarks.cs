using BenchmarkDotNet.Attributes;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Neighbors;

namespace GeoSanitation.Benchmarks.Kernels;

/// <summary>Which of 40 wards holds each of a million points.</summary>
[MemoryDiagnoser]
public class LocationBenchmarks
{
    private readonly double[][] _rings = SyntheticWards.Rings();
    private readonly int[] _wards = new int[1_000_000];
    private Points _points = null!;
    private PolygonLocator _locator = null!;

    [GlobalSetup]
    public void Prepare() => (_points, _locator) = (SyntheticCity.Make(_wards.Length).First(_wards.Length), SyntheticWards.Locator(_rings));

    [Benchmark]
    public PolygonLocator Build() => SyntheticWards.Locator(_rings);

    [Benchmark]
    public void Locate() => _locator.Locate(_points.XMeters, _points.YMeters, _wards);
}
