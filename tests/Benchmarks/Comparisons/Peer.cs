using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using GeoSanitation.Testing;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>A program of the distribution that runs one of our scripts in <c>peers/</c>. Numbers go in and out as plain files of doubles or 32-bit integers, column after column.</summary>
/// <remarks>A script measures itself, without start and reading, and says <c>round WALL CPU</c> for each round, <c>peak BYTES</c>, <c>version TEXT</c>, and <c>value NAME NUMBER</c> for anything else.</remarks>
/// <param name="folder">Where the files are.</param>
internal sealed class Peer(string folder)
{
    private static readonly Dictionary<string, string> Programs = new() { [".py"] = "/usr/bin/python3", [".R"] = "/usr/bin/Rscript", [".mjs"] = "/usr/bin/node" };

    /// <summary>Runs a script; null, with a message, when a package it needs is not installed.</summary>
    /// <param name="script">File in <c>peers/</c>.</param>
    /// <param name="packages">Python modules, R packages or packages of npm it needs.</param>
    /// <param name="arguments">After the folder.</param>
    public async Task<PeerResult?> RunAsync(string script, string[] packages, params object[] arguments)
    {
        var program = Programs[Path.GetExtension(script)];
        foreach (var package in packages)
        {
            string[] probe = Path.GetFileName(program) switch
            {
                "python3" => ["-c", $"import {package}"],
                "Rscript" => ["-e", $"library({package})"],
                _ => ["-e", $"require('{Path.Combine(Scripts, "node_modules", package, "package.json")}')"],
            };
            if (!File.Exists(program) || (await StartAsync(program, probe)).ExitCode != 0)
            {
                Console.WriteLine($"skipped {script}: {package} is not installed; tests/Benchmarks/install-peers installs it");
                return null;
            }
        }
        string[] options = script.EndsWith(".mjs", StringComparison.Ordinal) ? ["--expose-gc"] : [];
        var (exitCode, output, errors) = await StartAsync(program, [.. options, Path.Combine(Scripts, script), folder, .. arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)]);
        return exitCode == 0 ? PeerResult.Parse(output) : throw new InvalidOperationException($"{script} failed:\n{errors}");
    }

    /// <summary>Where the peers' scripts are.</summary>
    public static string Scripts => Path.Combine(SharedData.RepositoryRoot, "tests/Benchmarks/peers");

    public string PathOf(string file) => Path.Combine(folder, file);

    public void Write<T>(string file, params T[][] columns)
        where T : unmanaged
    {
        using var stream = File.Create(PathOf(file));
        foreach (var column in columns)
        {
            stream.Write(MemoryMarshal.AsBytes<T>(column));
        }
    }

    public T[] Read<T>(string file)
        where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(PathOf(file))).ToArray();

    /// <summary>Runs any program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> StartAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}

/// <summary>What a script said.</summary>
/// <param name="Version">Of the peer.</param>
/// <param name="Parts">Rounds by the part that was measured; without a name, the empty one.</param>
/// <param name="Values">Other numbers by their names.</param>
internal sealed record PeerResult(string Version, IReadOnlyDictionary<string, Timing> Parts, IReadOnlyDictionary<string, double> Values)
{
    public Timing Timing => Parts[""];

    public static PeerResult Parse(string output)
    {
        var version = "";
        long peak = 0;
        var rounds = new Dictionary<string, (List<double> Wall, List<double> Cpu)>();
        var values = new Dictionary<string, double>();
        foreach (var words in output.Split('\n').Select(line => line.Split(' ')))
        {
            switch (words[0])
            {
                case "version":
                    version = string.Join(" ", words[1..]).Trim();
                    break;
                case "peak":
                    peak = (long)double.Parse(words[1], CultureInfo.InvariantCulture);
                    break;
                case "value":
                    values[words[1]] = double.Parse(words[2], CultureInfo.InvariantCulture);
                    break;
                case "round":
                    var part = words.Length > 3 ? words[3] : "";
                    rounds.TryAdd(part, ([], []));
                    rounds[part].Wall.Add(double.Parse(words[1], CultureInfo.InvariantCulture));
                    rounds[part].Cpu.Add(double.Parse(words[2], CultureInfo.InvariantCulture));
                    break;
            }
        }
        return new PeerResult(version, rounds.ToDictionary(r => r.Key, r => new Timing(r.Value.Wall, r.Value.Cpu, peak)), values);
    }
}
