using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GeoSanitation.Testing;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>What a comparison found: shown while it runs, kept as Markdown at its end.</summary>
/// <param name="name">Name of the comparison, and of its file.</param>
/// <param name="title">What is compared with whom.</param>
internal sealed partial class Report(string name, string title)
{
    private readonly List<string> _rows = [];
    private readonly List<string> _goals = [];
    private readonly List<string> _checks = [];
    private readonly List<string> _notes = [];
    private bool _differs;

    /// <summary>A line of text under the title.</summary>
    public void Note(string text)
    {
        _notes.Add(text);
        Console.WriteLine(text);
    }

    /// <summary>A program's row.</summary>
    /// <param name="work">What it did.</param>
    /// <param name="timing">How long it took.</param>
    /// <param name="ours">What ours took for the same; null in a row of ours.</param>
    public void Row(string work, Timing timing, Timing? ours = null)
    {
        var peak = timing.PeakBytes > 0 ? $"{timing.PeakBytes / 1e6:0} MB" : "";
        var ratios = ours is null ? "| | " : $"| {Ratio(timing.Wall / ours.Wall)} | {Ratio(timing.Cpu / ours.Cpu)} ";
        _rows.Add($"| {work} | {Time(timing.Wall)} | {Time(timing.Cpu)} | {peak} {ratios}|");
        Console.WriteLine(_rows[^1]);
    }

    /// <summary>A goal of how many times as long a peer should take: both in elapsed and in processor time, of which the smaller ratio counts.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="theirs">What it took.</param>
    /// <param name="ours">What ours took for the same.</param>
    /// <param name="least">What the ratio should be at least.</param>
    public void Faster(string peer, Timing theirs, Timing ours, double least)
    {
        var ratio = Math.Min(theirs.Wall / ours.Wall, theirs.Cpu / ours.Cpu);
        Goal(peer, ">=", ratio, least, "x", ratio >= least);
    }

    /// <summary>A goal that a number should stay under.</summary>
    /// <param name="what">The number.</param>
    /// <param name="measured">What it is.</param>
    /// <param name="most">What it should be at most.</param>
    /// <param name="unit">Its unit.</param>
    public void AtMost(string what, double measured, double most, string unit = "x") => Goal(what, "<=", measured, most, unit, measured <= most);

    /// <summary>A goal that something is so large.</summary>
    public void AtLeast(string what, double measured, double least, string unit = "x") => Goal(what, ">=", measured, least, unit, measured >= least);

    /// <summary>Whether a result is the peer's.</summary>
    /// <param name="what">What was compared, with numbers.</param>
    /// <param name="same">Whether it is.</param>
    public void Check(string what, bool same)
    {
        _differs |= !same;
        _checks.Add($"- {what}: {(same ? "yes" : "**no**")}");
        Console.WriteLine(_checks[^1]);
    }

    /// <summary>Writes the file.</summary>
    /// <returns>The program's exit code: 1 when a result differs from the peer's.</returns>
    public async Task<int> WriteAsync()
    {
        var text = new StringBuilder($"# {title}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"`compare {name}`, {DateTime.UtcNow:yyyy-MM-dd}, {Machine.Describe()}. Medians; the ratios are theirs over ours, elapsed and processor time; for a goal the smaller one counts.\n\n");
        text.AppendJoin('\n', _notes).Append("\n\n");
        if (_rows.Count > 0)
        {
            text.Append("| program | wall | CPU | peak memory | ratio | CPU ratio |\n| --- | --- | --- | --- | --- | --- |\n").AppendJoin('\n', _rows).Append('\n');
        }
        if (_goals.Count > 0)
        {
            text.Append("\n| goal | measured | |\n| --- | --- | --- |\n").AppendJoin('\n', _goals).Append('\n');
        }
        if (_checks.Count > 0)
        {
            text.Append("\nChecked in the same run:\n\n").AppendJoin('\n', _checks).Append('\n');
        }
        await KeepAsync(name + ".md", Blanks().Replace(text.ToString(), "\n\n"));
        return _differs ? 1 : 0;
    }

    /// <summary>Writes a file beside the results of this machine.</summary>
    public static async Task KeepAsync(string file, string text)
    {
        var path = Path.Combine(SharedData.RepositoryRoot, "tests/Benchmarks/results", Machine.Name(), file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text);
        Console.WriteLine($"kept in {Path.GetRelativePath(SharedData.RepositoryRoot, path)}");
    }

    /// <summary>A duration with three digits.</summary>
    public static string Time(double seconds) => seconds switch
    {
        >= 100 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        >= 10 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
        >= 0.1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0} ms"),
        >= 0.01 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.00} ms"),
    };

    private void Goal(string what, string sign, double measured, double limit, string unit, bool met)
    {
        var shown = string.Create(CultureInfo.InvariantCulture, $"{measured:G3}");
        if (measured is >= 1000 and < 1e7)
        {
            shown = string.Create(CultureInfo.InvariantCulture, $"{measured:#,0}");
        }
        _goals.Add(string.Create(CultureInfo.InvariantCulture, $"| {what} {sign} {limit:#,0.############} {unit} | {shown} {unit} | {(met ? "met" : "**missed**")} |"));
        Console.WriteLine(_goals[^1]);
    }

    private static string Ratio(double value) => value >= 10 ? string.Create(CultureInfo.InvariantCulture, $"{value:#,0}x") : string.Create(CultureInfo.InvariantCulture, $"{value:0.0}x");

    [GeneratedRegex("\n{3,}")]
    private static partial Regex Blanks();
}
