using System.Diagnostics;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>Rounds of one program.</summary>
/// <param name="WallSeconds">Elapsed time of each round.</param>
/// <param name="CpuSeconds">Processor time of each round, all threads together.</param>
/// <param name="PeakBytes">Most memory the program had, or 0 when that was not measured.</param>
internal sealed record Timing(IReadOnlyList<double> WallSeconds, IReadOnlyList<double> CpuSeconds, long PeakBytes = 0)
{
    // A round lasts at least this long: what is faster is run several times in it.
    private const double LeastRoundSeconds = 0.05;

    // The compiler needs some calls and a moment before it has made its fastest code.
    private const double WarmUpSeconds = 2;

    public double Wall => Median(WallSeconds);

    public double Cpu => Median(CpuSeconds);

    /// <summary>Runs something of ours in this process, warm.</summary>
    /// <param name="rounds">Rounds to measure.</param>
    /// <param name="work">What is measured.</param>
    public static Timing Measure(int rounds, Action work)
    {
        var (calls, fastest, all) = (0, double.MaxValue, Stopwatch.StartNew());
        do
        {
            var one = Stopwatch.StartNew();
            work();
            fastest = Math.Min(fastest, one.Elapsed.TotalSeconds);
        }
        while (++calls < 2 || all.Elapsed.TotalSeconds < WarmUpSeconds);
        var times = (int)Math.Ceiling(LeastRoundSeconds / Math.Max(fastest, 1e-6));
        var (wall, cpu) = (new double[rounds], new double[rounds]);
        for (var r = 0; r < rounds; r++)
        {
            GC.Collect();
            var before = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < times; i++)
            {
                work();
            }
            wall[r] = watch.Elapsed.TotalSeconds / times;
            cpu[r] = (Environment.CpuUsage.TotalTime - before).TotalSeconds / times;
        }
        return new Timing(wall, cpu);
    }

    /// <summary>Measures ours before and after another program, so that both see the same machine.</summary>
    /// <param name="rounds">Rounds in all.</param>
    /// <param name="work">What is measured of ours.</param>
    /// <param name="peer">Runs the other program.</param>
    public static async Task<(Timing Ours, T Theirs)> AroundAsync<T>(int rounds, Action work, Func<Task<T>> peer)
    {
        var before = Measure((rounds + 1) / 2, work);
        var theirs = await peer();
        var after = Measure((rounds + 1) / 2, work);
        return (new Timing([.. before.WallSeconds, .. after.WallSeconds], [.. before.CpuSeconds, .. after.CpuSeconds]), theirs);
    }

    /// <summary>Most memory that something of ours has in use at once, over what was in use before it.</summary>
    /// <param name="work">What is measured.</param>
    public static long PeakBytesOver(Action work)
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // Writing 5 sets the kernel's high-water mark of the resident set back.
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Status(Environment.ProcessId, "VmRSS:");
        work();
        return Status(Environment.ProcessId, "VmHWM:") - before;
    }

    /// <summary>A size from a process's status, bytes.</summary>
    /// <param name="process">Process number.</param>
    /// <param name="field">With its colon.</param>
    public static long Status(int process, string field)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
