using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Tiles;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary><c>compare supercluster</c>: clusters of all zooms of a million issues, beside the library whose rule they follow.</summary>
internal static class SuperclusterComparison
{
    private const int Rounds = 7;
    private const int PeerRounds = 5;

    public static async Task RunAsync(Report report, string folder)
    {
        var issues = SyntheticIssues.Of(SyntheticCity.Make(1_000_000));
        report.Note($"{issues.Count:N0} points of the synthetic city, radius 40 of 512 pixels, zooms 16 to 0. Ours also sums the open, overdue and relapsed issues and severities of each cluster.");
        var peer = new Peer(folder);
        // Both take the points in one order, that in which the server has them.
        var chosen = ChosenIssues.Of(issues);
        var places = chosen.Parts.SelectMany(part => part.Rows.ToArray().Select(i => (Lon: part.Chunk.LonDegrees[i], Lat: part.Chunk.LatDegrees[i]))).ToList();
        peer.Write("lonlat", [.. places.Select(p => p.Lon)], [.. places.Select(p => p.Lat)]);
        ClusterPyramid? pyramid = null;
        var (ours, theirs) = await Timing.AroundAsync(Rounds, () => pyramid = new ClusterPyramid(chosen), () => peer.RunAsync("supercluster.mjs", ["supercluster"], issues.Count, PeerRounds));
        report.Row("ours", ours);
        if (theirs is null)
        {
            return;
        }
        report.Row($"{theirs.Version}: load", theirs.Timing, ours);
        report.Faster("supercluster, load", theirs.Timing, ours, 4);
        var bytes = BytesOf(chosen);
        report.Note($"Memory of the index: ours {bytes / 1e6:0.0} MB, supercluster's {theirs.Values["index-bytes"] / 1e6:0.0} MB.");
        report.AtMost("memory of the index, in parts of supercluster's", bytes / theirs.Values["index-bytes"], 1 / 3.0, "");
        var counts = Enumerable.Range(0, ClusterPyramid.LastZoom + 1).Select(zoom => (Zoom: zoom, Ours: pyramid!.CountAt(zoom), Theirs: (int)theirs.Values[$"nodes-{zoom}"])).ToArray();
        report.Check($"as many nodes as supercluster at every zoom ({string.Join(", ", counts.Select(c => c.Ours == c.Theirs ? $"z{c.Zoom} {c.Ours:N0}" : $"z{c.Zoom} {c.Ours:N0} against {c.Theirs:N0}"))})",
            counts.All(c => c.Ours == c.Theirs));
    }

    private static long BytesOf(ChosenIssues issues)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var pyramid = new ClusterPyramid(issues);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(pyramid);
        return bytes;
    }
}
