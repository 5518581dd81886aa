using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace GeoSanitation.Clients.Qgis;

/// <summary>Runs a script beside this file in the Python of a QGIS without a window.</summary>
internal static class QgisPython
{
    /// <summary>The QGIS of the system: 3.22 in Debian 12, which reads layers but edits none through OGC API Features. A file of the package: there is no program of this name.</summary>
    public const string OfSystem = "/usr" + Module;

    /// <summary>QGIS 3.40 of Debian 13, which <c>geosan test</c> unpacks there without installing it.</summary>
    public const string OfDebian13 = Root + "/usr" + Module;

    private const string Root = "/var/cache/geosanitation/qgis-debian13";
    private const string Module = "/lib/python3/dist-packages/qgis/core/__init__.py";

    /// <summary>What a script says: its last line, as JSON.</summary>
    /// <param name="qgis">Which QGIS: one of the constants.</param>
    /// <param name="script">File name of the script.</param>
    /// <param name="folder">Home of the run, which is QGIS's profile too.</param>
    /// <param name="arguments">What the script is given.</param>
    public static async Task<JsonNode> RunAsync(string qgis, string script, string folder, params string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Qgis", script);
        var start = qgis == OfSystem ? new ProcessStartInfo("/usr/bin/python3", [path, .. arguments]) : Unpacked([path, .. arguments]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment["QGIS_PREFIX_PATH"] = qgis[..^Module.Length];
        (start.Environment["QT_QPA_PLATFORM"], start.Environment["XDG_RUNTIME_DIR"], start.Environment["HOME"]) = ("offscreen", folder, folder);
        using var process = Process.Start(start)!;
        var (told, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var line = (await told).Split('\n').LastOrDefault(l => l.StartsWith('{'));
        Assert.True(line is not null, await errors);
        return JsonNode.Parse(line!)!;
    }

    /// <summary>Programs of another release run with its own loader and libraries, and find their data by name.</summary>
    private static ProcessStartInfo Unpacked(string[] arguments)
    {
        const string Libraries = Root + "/usr/lib/x86_64-linux-gnu";
        var start = new ProcessStartInfo(
            Libraries + "/ld-linux-x86-64.so.2",
            ["--library-path", $"{Libraries}:{Libraries}/blas:{Libraries}/lapack:{Libraries}/pulseaudio:{Root}/usr/lib", Root + "/usr/bin/python3", .. arguments]);
        start.Environment["PYTHONHOME"] = Root + "/usr";
        start.Environment["QT_PLUGIN_PATH"] = Libraries + "/qt5/plugins";
        start.Environment["PROJ_DATA"] = Root + "/usr/share/proj";
        start.Environment["GDAL_DATA"] = Root + "/usr/share/gdal";
        return start;
    }
}
