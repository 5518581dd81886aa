using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.FeatureForms;

/// <summary>A feature of which only some attributes are shown.</summary>
/// <param name="row">The feature.</param>
/// <param name="columns">Positions of those attributes in it.</param>
internal sealed class ChosenRow(FeatureRow row, int[] columns) : FeatureRow
{
    public override long Number => row.Number;

    public override string Id => row.Id;

    public override bool HasWholeId => row.HasWholeId;

    public override (double LonDegrees, double LatDegrees)? Place => row.Place;

    public override Geometry? Shape => row.Shape;

    public override bool IsNull(int column) => row.IsNull(columns[column]);

    public override string Text(int column) => row.Text(columns[column]);

    public override long Whole(int column) => row.Whole(columns[column]);

    public override double Real(int column) => row.Real(columns[column]);

    public override bool Flag(int column) => row.Flag(columns[column]);

    public override DateTime Time(int column) => row.Time(columns[column]);

    public override string[] Texts(int column) => row.Texts(columns[column]);
}
