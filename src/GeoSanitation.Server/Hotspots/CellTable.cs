using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Parameters;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>Cells as features.</summary>
internal static class CellTable
{
    /// <summary>Up to this many cells all of them are sent.</summary>
    private const int ManyCells = 20_000;

    /// <summary>Which cells are wanted.</summary>
    internal static readonly Parameter<string?> Output = Parameter.Choice("output", "All cells, or the significant ones; the latter where there are too many when left out", "all", "significant");

    /// <summary>Whether only significant cells are wanted; null: all, unless they are very many.</summary>
    internal static bool? SignificantOnly(IQueryCollection values) => Output.Read(values) is { } output ? output == "significant" : null;

    /// <summary>Puts the table together.</summary>
    /// <param name="input">The points.</param>
    /// <param name="units">The cells.</param>
    /// <param name="significant">Which cells are worth sending when not all are.</param>
    /// <param name="significantOnly">Whether only those are wanted; null lets their number decide.</param>
    /// <param name="explain">Is told which are sent.</param>
    /// <param name="columns">What was found of each cell.</param>
    internal static FeatureTable Of(
        AnalysisInput input, CellUnits units, IReadOnlySet<int> significant, bool? significantOnly, Explain explain, params IReadOnlyList<Column> columns)
    {
        var all = significantOnly is { } only ? !only : units.Count <= ManyCells;
        if (significantOnly is not null)
        {
            explain.Parameter("output", all ? "all" : "significant");
        }
        else
        {
            explain.Chosen("output", all ? "all" : "significant", "number-of-cells", $"{units.Count} cells; all are sent up to {ManyCells}.");
        }
        return Of(input, units, [.. Enumerable.Range(0, units.Count).Where(i => all || significant.Contains(i))], columns);
    }

    /// <summary>The table of nothing, whose columns are those of something.</summary>
    internal static FeatureTable Empty(AnalysisInput input, CellUnits units, IReadOnlyList<Column> columns) => Of(input, units, [], columns);

    private static FeatureTable Of(AnalysisInput input, CellUnits units, IReadOnlyList<int> rows, IReadOnlyList<Column> columns)
    {
        var cell = Column.Text("cell", units.IdOf);
        return new FeatureTable
        {
            Plane = input.Crs,
            Rows = rows,
            OutlineOf = units.OutlineOf,
            Id = cell,
            Columns =
            [
                cell,
                Column.Whole("count", i => units.Counts[i]),
                .. input.BySeverity ? [Column.Number("weight", i => units.Weights[i])] : (Column[])[],
                .. units.Exposures is { } exposures ? [Column.Number("exposure", i => exposures[i]), Column.Number("rate", i => units.Values[i])] : (Column[])[],
                .. columns,
                .. units.Wards is { } wards ? [Column.Text("name", i => wards[i].Name), Column.Text("name_en", i => wards[i].NameEn)] : (Column[])[],
            ],
        };
    }
}
