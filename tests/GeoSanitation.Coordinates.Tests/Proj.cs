using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace GeoSanitation.Coordinates;

/// <summary>PROJ's own program, the oracle of these tests.</summary>
internal static class Proj
{
    /// <summary>Transforms (first, second) pairs in the order of the systems' own axes; one process.</summary>
    public static List<(double First, double Second)> Transform(string from, string to, IReadOnlyList<(double First, double Second)> points)
    {
        var start = new ProcessStartInfo("cs2cs", ["-f", "%.9f", from, to]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["PROJ_NETWORK"] = "OFF";
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var input = Task.Run(() =>
        {
            using var writer = process.StandardInput;
            foreach (var (first, second) in points)
            {
                writer.WriteLine($"{first:R} {second:R}");
            }
        });
        var answer = new List<(double, double)>(points.Count);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            answer.Add((double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture)));
        }

        input.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(points.Count, answer.Count);
        return answer;
    }
}
