using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Scorecards;
using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Exports;

/// <summary>A ward with the figures of its scorecard behind its own attributes.</summary>
/// <param name="ward">The ward.</param>
/// <param name="own">How many attributes it has of its own.</param>
/// <param name="figures">Figures of wards, by row.</param>
internal sealed class WardWithFigures(FeatureRow ward, int own, IReadOnlyDictionary<int, ScorecardFigures> figures) : FeatureRow
{
    private static readonly IReadOnlyList<LayerColumn> Columns =
        [.. ScorecardFigures.ByName.Select(f => LayerColumn.InMemory(f.Name, f.IsWhole ? ColumnKind.Whole : ColumnKind.Number, f.Description))];

    public override long Number => ward.Number;

    public override string Id => ward.Id;

    public override bool HasWholeId => ward.HasWholeId;

    public override (double LonDegrees, double LatDegrees)? Place => ward.Place;

    public override Geometry? Shape => ward.Shape;

    /// <summary>Adds the figures to wards.</summary>
    internal static FeatureSet AddTo(FeatureSet wards, IReadOnlyDictionary<int, ScorecardFigures> figures) => wards with
    {
        Columns = [.. wards.Columns, .. Columns],
        Rows = wards.Rows.Select(ward => (FeatureRow)new WardWithFigures(ward, wards.Columns.Count, figures)),
    };

    public override bool IsNull(int column) => column < own ? ward.IsNull(column) : FigureOf(column) is null;

    public override string Text(int column) => ward.Text(column);

    public override long Whole(int column) => column < own ? ward.Whole(column) : (long)FigureOf(column)!.Value;

    public override double Real(int column) => column < own ? ward.Real(column) : FigureOf(column)!.Value;

    public override bool Flag(int column) => ward.Flag(column);

    public override DateTime Time(int column) => ward.Time(column);

    public override string[] Texts(int column) => ward.Texts(column);

    private double? FigureOf(int column) => ScorecardFigures.ByName[column - own].Value(figures[(int)ward.Number]);
}
