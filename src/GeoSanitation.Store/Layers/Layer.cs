using System.Text.RegularExpressions;

namespace GeoSanitation.Store.Layers;

/// <summary>What the shapes of a layer are.</summary>
public enum LayerShape
{
    /// <summary>Points.</summary>
    Point,

    /// <summary>Polygons of one part.</summary>
    Polygon,

    /// <summary>Polygons of several parts.</summary>
    MultiPolygon,

    /// <summary>Points, polygons, or polygons of several parts.</summary>
    Any,
}

/// <summary>
/// Features of one kind, with all that is said of them: the one model of which every protocol is a translation. What is added to <see cref="Columns"/> is there in all of
/// them, to be read, filtered and sorted by.
/// </summary>
public sealed partial class Layer
{
    private readonly Dictionary<string, LayerColumn> _byName;
    private readonly Lazy<HashSet<string>> _joined;

    internal Layer(IReadOnlyList<LayerColumn> columns) => (Columns, _byName, _joined) = (columns, columns.ToDictionary(c => c.Name), new(JoinedColumns));

    /// <summary>A layer whose features are held and judged in memory.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="title">Its name for people.</param>
    /// <param name="description">What its features are, for people.</param>
    /// <param name="columns">The attributes, of which the first tells the features apart.</param>
    public static Layer InMemory(string name, string title, string description, IReadOnlyList<LayerColumn> columns)
        => new(columns) { Name = name, Title = title, Description = description, Shape = LayerShape.Polygon, Id = columns[0] };

    /// <summary>Its name in addresses: "issues".</summary>
    public required string Name { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Title { get; init; }

    /// <summary>What its features are, for people.</summary>
    public required string Description { get; init; }

    /// <summary>What its shapes are, in longitude and latitude.</summary>
    public required LayerShape Shape { get; init; }

    /// <summary>The attributes, in the order in which they are shown.</summary>
    public IReadOnlyList<LayerColumn> Columns { get; }

    /// <summary>What tells its features apart: a whole number or a text.</summary>
    public required LayerColumn Id { get; init; }

    /// <summary>What names a feature for people; null for none.</summary>
    public LayerColumn? Label { get; init; }

    /// <summary>When it happened or began; null where the features have no time.</summary>
    public LayerColumn? Time { get; init; }

    /// <summary>When it ended; null where the features have no end.</summary>
    public LayerColumn? EndTime { get; init; }

    /// <summary>The table of the features and its alias: "geosan.issue AS i".</summary>
    internal string Table { get; init; } = "";

    /// <summary>What the columns need beside <see cref="Table"/>; of every feature one row.</summary>
    internal string Joins { get; init; } = "";

    /// <summary>What its features depend on beside the data: of hotspots, the run and when it was published; empty for nothing.</summary>
    public string Edition { get; init; } = "";

    /// <summary>What is true of every feature.</summary>
    internal string Always { get; init; } = "TRUE";

    /// <summary>The shape.</summary>
    internal string Geometry { get; init; } = "";

    /// <summary>A number of a feature that stays the same, of 64 bits, with an index.</summary>
    internal string Number { get; init; } = "";

    /// <summary>The number of a feature: 64 bits, positive, the same as long as the feature is.</summary>
    public LayerColumn NumberColumn => new("number", ColumnKind.Whole, Number, "Number of the feature") { IsNullable = false };

    /// <summary>Whether an attribute stands in <see cref="Table"/> itself.</summary>
    public bool IsOwn(LayerColumn column) => !_joined.Value.Contains(column.Name);

    /// <summary>The attribute of a name, or null.</summary>
    public LayerColumn? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Names of the attributes that come from <see cref="Joins"/>.</summary>
    private HashSet<string> JoinedColumns()
    {
        string[] aliases = [.. Alias().Matches(Joins).Select(alias => alias.Groups[1].Value)];
        return [.. Columns.Where(c => aliases.Any(alias => Regex.IsMatch(c.Sql, $@"\b{alias}\."))).Select(c => c.Name)];
    }

    [GeneratedRegex(@" AS (\w+) ON ")]
    private static partial Regex Alias();
}
