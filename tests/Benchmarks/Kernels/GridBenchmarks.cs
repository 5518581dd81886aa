using BenchmarkDotNet.Attributes;
using GeoSanitation.Hotspots.Emerging;
using GeoSanitation.Hotspots.Grids;
using GeoSanitation.Hotspots.LocalStatistics;
using GeoSanitation.Hotspots.Weights;

namespace GeoSanitation.Benchmarks.Kernels;

/// <summary>Gi* and emerging hot spots of 400 x 400 cells.</summary>
[MemoryDiagnoser]
public class GridBenchmarks
{
    private const int Side = 400;
    private const int Slices = 24;

    private readonly GridCell[] _cells = [.. Enumerable.Range(0, Side * Side).Select(i => new GridCell(i % Side, i / Side))];
    private readonly double[] _values = new double[Side * Side];
    private readonly double[] _bins = new double[Side * Side * Slices];
    private GridBand _band = null!;

    /// <summary>Reach, in cells: 9 or 37 neighbors.</summary>
    [Params(1.5, 3.5)]
    public double Reach { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(400);
        for (var i = 0; i < _bins.Length; i++)
        {
            // About a count of rare events.
            _bins[i] = (int)(-Math.Log(1 - random.NextDouble()));
            _values[i / Slices] += _bins[i];
        }
        _band = Band();
    }

    [Benchmark]
    public GridBand Band() => new(new SquareGrid(75), _cells, 75 * Reach);

    [Benchmark]
    public GiStarResult OneSlice() => GiStar.Compute(_values, _band);

    [Benchmark]
    public EmergingResult Emerging() => EmergingHotspots.Analyze(new SpaceTimeCube(_cells.Length, Slices, _bins), _band);
}
