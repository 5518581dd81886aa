using System.Text.RegularExpressions;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>The machine that measures.</summary>
internal static partial class Machine
{
    /// <summary>A name for its folder of results, such as <c>amd-epyc-2-cores</c>.</summary>
    public static string Name() => $"{NoWord().Replace(Model().ToLowerInvariant(), "-").Trim('-')}-{Environment.ProcessorCount}-cores";

    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{Model()}, {Environment.ProcessorCount} cores, {memory:0} GB, .NET {Environment.Version}, load {load} at the end";
    }

    // "AMD EPYC 7B13 64-Core Processor" and "AMD EPYC" are one kind here.
    private static string Model()
    {
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "unknown" : string.Join(' ', line[(line.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2));
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoWord();
}
