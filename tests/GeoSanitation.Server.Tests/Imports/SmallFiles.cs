using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Tests.Imports;

/// <summary>A small good file of issues and one of wards in every binary form that is read.</summary>
internal static class SmallFiles
{
    internal static async Task<List<(string Form, string Kind, byte[] Bytes)>> AllAsync()
    {
        var files = new List<(string, string, byte[])>
        {
            ("xlsx", "issues", FeatureFileTests.Workbook("""
                <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c></row>
                <row r="2"><c r="A2"><v>7</v></c><c r="B2" t="s"><v>6</v></c><c r="C2"><v>103.1</v></c><c r="D2"><v>30.2</v></c><c r="E2" s="1"><v>46023.75</v></c></row>
                """)),
        };
        foreach (var form in (string[])["gpkg", "fgb", "parquet", "shp.zip"])
        {
            files.Add((form, "issues", await WriteAsync(form, ofPoints: true)));
            files.Add((form, "wards", await WriteAsync(form, ofPoints: false)));
        }
        return files;
    }

    private static async Task<byte[]> WriteAsync(string form, bool ofPoints)
    {
        LayerColumn[] columns = [LayerColumn.OfResult("external_id", ColumnKind.Text), LayerColumn.OfResult("reported_at", ColumnKind.Time), LayerColumn.OfResult("severity", ColumnKind.Whole)];
        FeatureRow[] rows = [new Row(1, ofPoints), new Row(2, ofPoints)];
        using var file = new MemoryStream();
        await FileForm.All.Single(f => f.Extension == form).WriteAsync(
            new FeatureSet("small", "", ofPoints ? LayerShape.Point : LayerShape.MultiPolygon, columns, rows.ToAsyncEnumerable()) { Count = 2 }, CrsRegistry.Crs84, file, CancellationToken.None);
        return file.ToArray();
    }

    private sealed class Row(int number, bool ofPoints) : FeatureRow
    {
        public override long Number => number;

        public override string Id => $"{number}";

        public override bool HasWholeId => true;

        public override (double LonDegrees, double LatDegrees)? Place => ofPoints ? (103 + number, 30) : null;

        public override Geometry? Shape => ofPoints ? null : new GeometryFactory().ToGeometry(new Envelope(103 + number, 104 + number, 30, 31));

        public override bool IsNull(int column) => false;

        public override string Text(int column) => $"id {number}";

        public override long Whole(int column) => 3;

        public override double Real(int column) => 1.5;

        public override bool Flag(int column) => true;

        public override DateTime Time(int column) => new(2026, 1, number, 8, 0, 0, DateTimeKind.Utc);

        public override string[] Texts(int column) => [];
    }
}
