using System.Text.RegularExpressions;

namespace GeoSanitation.Server.BaseMaps;

/// <summary>A base map that the operator offers on the planners' map, checked.</summary>
/// <param name="Id">How addresses name it.</param>
/// <param name="Name">Its name.</param>
/// <param name="NameEn">Its English name, where there is one.</param>
/// <param name="Tiles">Addresses of pictures with {z}, {x} and {y} (web mercator, XYZ), the lowest layer first; {0-7} stands for hosts that share the work. None where there is a style.</param>
/// <param name="Style">Address of a style drawn from vector tiles; null for pictures.</param>
/// <param name="Crs">EPSG:3857, or GCJ02 where it is shifted as maps of mainland China are.</param>
/// <param name="Attribution">Whose it is; shown on the map and on what is printed.</param>
/// <param name="TileSize">Pixels of a picture.</param>
/// <param name="MinZoom">First zoom that has pictures.</param>
/// <param name="MaxZoom">Last zoom that has pictures; nearer, they are enlarged.</param>
internal sealed partial record BaseMap(string Id, string Name, string? NameEn, IReadOnlyList<string> Tiles, string? Style, string Crs, string? Attribution, int TileSize, int MinZoom, int MaxZoom)
{
    private const int DeepestZoom = 24;

    /// <summary>Hosts that the page may ask for it: <c>https://t0.tianditu.gov.cn</c>.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Checks all base maps of the settings.</summary>
    /// <exception cref="InvalidOperationException">One cannot be used as it is written; the message says where and why.</exception>
    internal static IReadOnlyList<BaseMap> Read(IReadOnlyList<BaseMapSettings> all)
    {
        var maps = all.Select(Read).ToList();
        return maps.GroupBy(m => m.Id).FirstOrDefault(g => g.Count() > 1) is { } twice ? throw new InvalidOperationException($"Settings: two base maps have the id \"{twice.Key}\".") : maps;
    }

    private static BaseMap Read(BaseMapSettings map, int i)
    {
        var where = $"Settings: baseMaps[{i}]";
        Check(Word().IsMatch(map.Id), "id", map.Id, "letters, digits, - or _");
        Check(map.Name.Length > 0, "name", map.Name, "a name");
        Check(map.Tiles.Count > 0 == map.Style is null, "tiles", string.Join(", ", map.Tiles), map.Style is null ? "one address or more, or there must be a style" : "left out beside a style");
        Check(map.Style is null || OriginsOf(map.Style).Count == 1, "style", $"{map.Style}", "an http or https address");
        Check(map.Hosts.Count == 0 || map.Style is not null, "hosts", string.Join(", ", map.Hosts), "left out without a style");
        foreach (var host in map.Hosts)
        {
            Check(OriginsOf(host + "/").Count > 0 && !host[8..].Contains('/', StringComparison.Ordinal), "hosts", host, "a host such as https://tiles.example.com");
        }
        foreach (var tiles in map.Tiles)
        {
            Check(OriginsOf(tiles).Count > 0 && tiles.Contains("{z}", StringComparison.Ordinal) && tiles.Contains("{x}", StringComparison.Ordinal) && tiles.Contains("{y}", StringComparison.Ordinal),
                "tiles", tiles, "an http or https address with {z}, {x} and {y}, none of them in the host");
        }
        Check(map.Crs is "EPSG:3857" or "GCJ02", "crs", map.Crs, "EPSG:3857 or GCJ02");
        Check(map.TileSize is 256 or 512, "tileSize", $"{map.TileSize}", "256 or 512");
        Check(map.MinZoom >= 0 && map.MinZoom <= map.MaxZoom && map.MaxZoom <= DeepestZoom, "minZoom, maxZoom", $"{map.MinZoom}, {map.MaxZoom}", $"0 to {DeepestZoom}, in this order");
        return new BaseMap(map.Id, map.Name, map.NameEn, map.Tiles, map.Style, map.Crs, map.Attribution, map.TileSize, map.MinZoom, map.MaxZoom)
        {
            Hosts = [.. map.Tiles.Concat(map.Style is null ? [] : [map.Style]).Concat(map.Hosts.Select(host => host + "/")).SelectMany(OriginsOf).Distinct()],
        };

        void Check(bool holds, string setting, string value, string allowed)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"{where}.{setting} was \"{value}\"; it must be {allowed}.");
            }
        }
    }

    /// <summary>Scheme, host and port of an address, several where a part of the host is one of several digits; none where it is no address that a page may be let load from.</summary>
    private static IReadOnlyList<string> OriginsOf(string address)
    {
        if (Origin().Match(address) is not { Success: true } match)
        {
            return [];
        }
        var (from, to) = match.Groups["from"].Success ? (match.Groups["from"].Value[0], match.Groups["to"].Value[0]) : ('0', '0');
        var origins = Enumerable.Range(from, Math.Max(to - from + 1, 0)).Select(digit => Digits().Replace(match.Value, $"{(char)digit}").ToLowerInvariant()).Distinct().ToList();
        return origins.TrueForAll(origin => Uri.TryCreate(origin, UriKind.Absolute, out _)) ? origins : [];
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,40}$")]
    private static partial Regex Word();

    // Nothing else may get into the policy of the page.
    [GeneratedRegex(@"^https?://[A-Za-z0-9.-]*(\{(?<from>\d)-(?<to>\d)\})?[A-Za-z0-9.-]*(:\d{1,5})?(?=/)", RegexOptions.IgnoreCase)]
    private static partial Regex Origin();

    [GeneratedRegex(@"\{\d-\d\}")]
    private static partial Regex Digits();
}
