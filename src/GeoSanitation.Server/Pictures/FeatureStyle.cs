using System.Globalization;
using System.Text.Json.Nodes;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Tiles;
using SkiaSharp;

namespace GeoSanitation.Server.Pictures;

/// <summary>How a feature, or a key of the legend, is drawn.</summary>
/// <param name="Fill">Inside.</param>
/// <param name="Line">Around.</param>
/// <param name="LineWidth">Pixels at 96 dpi; 0 for no line.</param>
internal readonly record struct Look(SKColor Fill, SKColor Line, float LineWidth);

/// <summary>A line of the legend.</summary>
/// <param name="Look">How such features are drawn.</param>
/// <param name="Words">What they are.</param>
/// <param name="Count">How many there are; null where that says nothing.</param>
internal sealed record Key(Look Look, string Words, int? Count);

/// <summary>What the colors of a table's features mean: found by the columns that it has, in the planners' map's palette (src/planner-map/src/colors.ts).</summary>
/// <param name="Heading">Heading of the legend, with the unit.</param>
/// <param name="LookOf">How a row is drawn; null for one that is not.</param>
/// <param name="LabelOf">What is written on a row, or null.</param>
/// <param name="Keys">The legend.</param>
internal sealed record FeatureStyle(string Heading, Func<int, Look?> LookOf, Func<int, string?> LabelOf, IReadOnlyList<Key> Keys)
{
    private const byte CellAlpha = 199;

    private static readonly SKColor Cluster = SKColor.Parse("#0f5c57");
    private static readonly SKColor Noise = SKColor.Parse("#7b828d");

    // Okabe and Ito's set, without its black.
    private static readonly SKColor[] Many = [.. new[] { "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#b8ad00" }.Select(SKColor.Parse)];

    private static readonly (string Value, string Words, string Color)[] Classes =
    [
        ("3", "Hot spot, 99 %", "#99101f"), ("2", "Hot spot, 95 %", "#d6513f"), ("1", "Hot spot, 90 %", "#f3a27f"), ("0", "Not significant", ""),
        ("-1", "Cold spot, 90 %", "#9cc4e0"), ("-2", "Cold spot, 95 %", "#4f93c8"), ("-3", "Cold spot, 99 %", "#1d5a9e"),
    ];

    private static readonly (string Value, string Words, string Color)[] Quadrants =
    [
        ("HH", "High among high (HH)", "#99101f"), ("HL", "High among low (HL)", "#f3a27f"), ("LH", "Low among high (LH)", "#9cc4e0"), ("LL", "Low among low (LL)", "#1d5a9e"), ("NS", "Not significant", ""),
    ];

    private static readonly (string Value, string Words, string Color)[] Patterns = [.. new (string Word, string Hot, string Cold)[]
    {
        ("new", "#ff6f00", "#00b8d4"), ("consecutive", "#e0452f", "#3f7fd0"), ("intensifying", "#7a0016", "#0d2f66"), ("persistent", "#a8112a", "#1d5a9e"),
        ("diminishing", "#d98880", "#7fb0d8"), ("sporadic", "#f5b7a0", "#b9d7ec"), ("oscillating", "#c2185b", "#5e57c4"), ("historical", "#c9a27e", "#8a9bb5"),
    }
        .SelectMany(p => new[] { ($"{p.Word} hot spot", $"{p.Word} hot spot", p.Hot), ($"{p.Word} cold spot", $"{p.Word} cold spot", p.Cold) })
        .OrderByDescending(p => p.Item1.EndsWith("hot spot", StringComparison.Ordinal)), ("no pattern detected", "no pattern detected", "")];

    internal static FeatureStyle Of(FeatureTable table)
    {
        Column? Find(string name) => table.Columns.FirstOrDefault(c => c.Name == name);
        return Find("class") is { } hot ? ByValue(table, "Hot and cold, number of cells", Classes, row => hot.WholeOf(row).ToString(CultureInfo.InvariantCulture))
            : Find("quadrant") is { } quadrant ? ByValue(table, "Among their neighbors, number of cells", Quadrants, row => quadrant.TextOf(row)!)
            : Find("pattern") is { } pattern ? ByValue(table, "Over time, number of cells", Patterns, row => pattern.TextOf(row)!)
            : (Find("lower"), Find("upper")) is ({ } lower, { } upper) ? ByDensity(table, lower, upper)
            : table.Places is not null && Find("cluster") is { } of ? ByCluster(table, of)
            : Outlined(table, Find("count") ?? Find("observed"), Find("relative_risk"));
    }

    /// <summary>Whether attributes tell more of how a feature is drawn than that it is one.</summary>
    internal static bool IsToldBy(JsonObject properties) => properties.Any(p => p.Key is "class" or "quadrant" or "pattern" or "relative_risk");

    /// <summary>How a kept feature is drawn, by its attributes alone; null for one that is not.</summary>
    internal static Look? LookByAttributes(JsonObject properties)
    {
        return properties.ContainsKey("class") ? Of(Classes, properties["class"]!.ToString())
            : properties.ContainsKey("quadrant") ? Of(Quadrants, properties["quadrant"]!.ToString())
            : properties.ContainsKey("pattern") ? Of(Patterns, properties["pattern"]!.ToString())
            : new Look(Cluster.WithAlpha(40), properties["relative_risk"] is JsonValue risk ? SKColor.Parse((double)risk >= 1 ? "#99101f" : "#1d5a9e") : Cluster, 1.8f);

        static Look? Of((string Value, string Words, string Color)[] values, string value)
            => values.FirstOrDefault(v => v.Value == value) is { Color: { Length: > 0 } color } ? new Look(SKColor.Parse(color).WithAlpha(CellAlpha), SKColors.Transparent, 0) : null;
    }

    /// <summary>The legend of hot and cold cells, without counts.</summary>
    internal static IReadOnlyList<Key> HotAndCold { get; } =
        [.. Classes.Where(c => c.Color.Length > 0).Select(c => new Key(new Look(SKColor.Parse(c.Color).WithAlpha(CellAlpha), SKColors.Transparent, 0), c.Words, null))];

    private static FeatureStyle ByValue(FeatureTable table, string heading, (string Value, string Words, string Color)[] values, Func<int, string> valueOf)
    {
        var counts = table.Rows.CountBy(valueOf).ToDictionary();
        var looks = values.ToDictionary(v => v.Value, v => v.Color.Length > 0
            ? new Look(SKColor.Parse(v.Color).WithAlpha(CellAlpha), SKColors.Transparent, 0)
            : new Look(SKColors.Transparent, Noise.WithAlpha(60), 0.4f));
        return new FeatureStyle(heading, row => looks.GetValueOrDefault(valueOf(row)), _ => null,
            [.. values.Where(v => counts.ContainsKey(v.Value)).Select(v => new Key(looks[v.Value], v.Words, counts[v.Value]))]);
    }

    private static FeatureStyle ByDensity(FeatureTable table, Column lower, Column upper)
    {
        var most = table.Rows.Count > 0 ? table.Rows.Max(lower.NumberOf) : 0;
        Look LookOf(int row)
        {
            var (red, green, blue, _) = HeatRamp.Of(HeatRamp.Palettes[0], onDark: false)[HeatRamp.IndexOf(most > 0 ? lower.NumberOf(row) / most : 0)];
            return new Look(new SKColor(red, green, blue, CellAlpha), SKColors.Transparent, 0);
        }
        return new FeatureStyle("Issues per km²", row => LookOf(row), _ => null,
            [.. table.Rows.Reverse().Select(row => new Key(LookOf(row), $"{Amount(lower.NumberOf(row))} to {Amount(upper.NumberOf(row))}", null))]);
    }

    private static FeatureStyle ByCluster(FeatureTable table, Column cluster)
    {
        Look LookOf(int row) => cluster.WholeOf(row) is >= 0 and var number
            ? new Look(Many[number % Many.Length].WithAlpha(CellAlpha), SKColors.Transparent, 0)
            : new Look(Noise.WithAlpha(90), SKColors.Transparent, 0);
        var inside = table.Rows.Count(row => cluster.WholeOf(row) >= 0);
        return new FeatureStyle("By cluster, number of issues", row => LookOf(row), _ => null,
            [new Key(new Look(Many[0], SKColors.Transparent, 0), "in a cluster", inside), new Key(new Look(Noise.WithAlpha(90), SKColors.Transparent, 0), "in none", table.Rows.Count - inside)]);
    }

    private static FeatureStyle Outlined(FeatureTable table, Column? count, Column? risk)
    {
        Look LookOf(int row)
        {
            var color = risk is null ? Cluster : SKColor.Parse(risk.NumberOf(row) >= 1 ? "#99101f" : "#1d5a9e");
            return new Look(color.WithAlpha(40), color, 1.8f);
        }
        string? LabelOf(int row) => count is null ? null : count.Type == ColumnType.Whole ? count.WholeOf(row).ToString("#,0", CultureInfo.InvariantCulture) : Amount(count.NumberOf(row));
        var keys = table.Rows.GroupBy(row => risk is null ? "cluster" : risk.NumberOf(row) >= 1 ? "more than expected" : "fewer than expected").OrderByDescending(g => g.Key, StringComparer.Ordinal);
        return new FeatureStyle(count is null ? "Clusters" : "Clusters, numbered by their issues", row => LookOf(row), LabelOf, [.. keys.Select(g => new Key(LookOf(g.First()), g.Key, g.Count()))]);
    }

    /// <summary>A number with three digits that count.</summary>
    internal static string Amount(double value) => value >= 100 ? value.ToString("#,0", CultureInfo.InvariantCulture) : value.ToString(value >= 10 ? "0.#" : "0.##", CultureInfo.InvariantCulture);
}
