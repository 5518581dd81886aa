using BenchmarkDotNet.Attributes;
using GeoSanitation.Hotspots;
using GeoSanitation.Hotspots.Density;

namespace GeoSanitation.Benchmarks.Kernels;

/// <summary>Density of a million points of the synthetic city on 512 x 512 cells.</summary>
[MemoryDiagnoser]
public class DensityBenchmarks
{
    private readonly RasterFrame _frame = new(SyntheticCity.West, SyntheticCity.South, SyntheticCity.Size / 512, 512, 512);
    private Points _points = null!;

    [GlobalSetup]
    public void Prepare() => _points = SyntheticCity.Make(1_000_000).First(1_000_000);

    [Benchmark]
    public Raster Binned() => KernelDensity.Gaussian(_points, _frame, 300);

    [Benchmark]
    public Raster Exact() => KernelDensity.GaussianExact(_points, _frame, 300);

    [Benchmark]
    public Raster Quartic() => KernelDensity.Quartic(_points, _frame, 850);
}
