using SkiaSharp;

namespace GeoSanitation.Server.Pictures;

/// <summary>The fonts of the machine: Latin and Chinese from whichever has them.</summary>
internal static class MachineFonts
{
    private static readonly string[] Folders = ["/usr/share/fonts", "/usr/local/share/fonts", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/fonts"), "/System/Library/Fonts"];

    /// <summary>Fonts by their files' names, those that look best first; whatever else is there comes after them.</summary>
    private static readonly string[] Preferred =
        ["NotoSans-Regular.", "DejaVuSans.", "LiberationSans-Regular.", "NotoSansCJK-Regular.", "NotoSansSC-Regular.", "SourceHanSans", "wqy-microhei.", "wqy-zenhei.", "DroidSansFallback", "uming."];

    private static readonly Lazy<SKTypeface[]> Found = new(Find);

    /// <summary>Fonts that together have most letters; none where the machine has none.</summary>
    internal static SKTypeface[] All => Found.Value;

    // Skia is used without the system's font service, so that the program needs nothing installed: the files are looked for here.
    private static SKTypeface[] Find()
    {
        var files = Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
            .Where(file => Path.GetExtension(file) is ".ttf" or ".ttc" or ".otf").Order(StringComparer.Ordinal).ToList();
        var best = Preferred.Select(name => files.Find(file => Path.GetFileName(file).StartsWith(name, StringComparison.OrdinalIgnoreCase))).OfType<string>().ToList();
        return [.. (best.Count > 0 ? best : files.Take(3)).Select(file => SKTypeface.FromFile(file)).OfType<SKTypeface>()];
    }
}
