using System.Globalization;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Issues;
using Xunit;

namespace GeoSanitation.Server.Imports;

public sealed class FileSnapshotTests : IDisposable
{
    private const string Squares = """
        {"type": "FeatureCollection", "features": [
          {"type": "Feature", "properties": {"code": "T", "level": "town"}, "geometry": {"type": "Polygon", "coordinates": [[[114, 30], [114.02, 30], [114.02, 30.01], [114, 30.01], [114, 30]]]}},
          {"type": "Feature", "properties": {"code": "V2", "level": "village", "parent": "T"}, "geometry": {"type": "Polygon", "coordinates": [[[114.01, 30], [114.02, 30], [114.02, 30.01], [114.01, 30.01], [114.01, 30]]]}},
          {"type": "Feature", "properties": {"code": "V1", "level": "village", "parent": "T"}, "geometry": {"type": "Polygon", "coordinates": [[[114, 30], [114.01, 30], [114.01, 30.01], [114, 30.01], [114, 30]]]}}]}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("geosan-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Issues_are_by_line_in_the_deepest_ward_under_a_category_of_the_taxonomy_or_their_own_word()
    {
        var read = Read("id,lon,lat,date,category\n1,114.005,30.005,2026-01-01,暴露垃圾\n2,114.015,30.005,2026-01-02,Broken swing\n3,114.5,30.5,2026-01-03,\n", wards: Squares);

        var issues = read.Points.Gather();
        Assert.Equal([2, 3, 4], issues.Ids);
        Assert.Equal(["V1", "V2", null], issues.Ward.Select(id => read.Wards.Find(id)?.Code));
        Assert.Equal(["exposed_rubbish", "imported.broken-swing", "imported.unspecified"], issues.Category.Select(c => issues.Categories[c].Code));
        Assert.Equal(["T", "V1", "V2"], read.Wards.Current.Select(w => w.Code));
        Assert.Contains(read.Warnings, w => w == "1 rows are outside every ward");
    }

    [Fact]
    public void A_filter_means_what_it_means_in_the_database()
    {
        const string csv = "id,lon,lat,date,closed,severity,source,department,round,title,category\n"
            + "a,114.005,30.005,2026-01-01,2026-01-05,1,covert,X,R1,Rubbish at the Market,exposed_rubbish\n"
            + "b,114.005,30.00501,2026-01-20,,4,hotline,Y,R2,Sewage,standing_sewage\n"
            + "c,114.00501,30.005,2026-02-01,,5,hotline,X,,rubbish again,exposed_rubbish\n";
        long[] Found(IssueFilter filter) => Read(csv, filter: filter, wards: Squares).Points.Gather().Ids;

        Assert.Equal([2, 3, 4], Found(IssueFilter.All));
        Assert.Equal([2, 3, 4], Found(new() { Wards = ["T"] }));
        Assert.Empty(Found(new() { Wards = ["V2"] }));
        Assert.Equal([2], Found(new() { Statuses = ["closed"] }));
        Assert.Equal([4], Found(new() { Relapse = true }));
        Assert.Equal([2, 3], Found(new() { Relapse = false }));
        Assert.Equal([2, 4], Found(new() { Categories = ["sanitation"] }));
        Assert.Equal([3, 4], Found(new() { SeverityFrom = 2, Sources = ["hotline"] }));
        Assert.Equal([2, 4], Found(new() { Departments = ["X"] }));
        Assert.Equal([3], Found(new() { Rounds = ["R2", "no such round"] }));
        Assert.Equal([2, 4], Found(new() { Text = "RUBBISH" }));
        Assert.Equal([2], Found(new() { ReportedBefore = new DateTimeOffset(2026, 1, 20, 0, 0, 0, TimeSpan.Zero) }));
        Assert.Equal([2, 4], Found(new() { Near = (114.005, 30.005, 1.0) }));
        Assert.Equal([2, 4], Found(new() { Boxes = [new(114, 114.01, 30, 30.005)] }));
    }

    [Fact]
    public void Rows_that_are_twins_or_wrong_are_refused_and_default_points_are_noticed()
    {
        var busy = string.Concat(Enumerable.Range(0, 120).Select(i => $"d{i},114.01,30.01,2026-01-01,Street {i}\n"));
        var spread = string.Concat(Enumerable.Range(0, 200).Select(i => string.Create(CultureInfo.InvariantCulture, $"s{i},{114 + i * 1e-4},30.002,2026-01-01,Lane {i}\n")));

        var read = Read("id,lon,lat,date,address\n" + busy + spread + "s7,114,30,2026-01-01,\nx,114,30,no day,\n");

        Assert.Equal((320, 2), (read.Accepted, read.Refused));
        Assert.Equal(120, read.Points.Gather().Traits.Count(t => t.HasFlag(IssueTraits.DefaultPoint)));
        Assert.Equal(200, Read("id,lon,lat,date,address\n" + busy + spread, filter: new() { IncludeDefaultPoints = false }).Points.Gather().Count);
        Assert.Contains(read.Warnings, w => w.StartsWith("120 rows stand on", StringComparison.Ordinal));
    }

    [Fact]
    public void Coordinates_of_China_s_maps_come_back_to_WGS_84()
    {
        var place = Coordinates.Gcj02.FromWgs84(new(114.005, 30.005));

        var read = Read(string.Create(CultureInfo.InvariantCulture, $"id,lon,lat,date\n1,{place.LonDegrees},{place.LatDegrees},2026-01-01\n"), crs: "GCJ02");

        Assert.Equal(114.005, read.Points.Gather().LonDegrees.Single(), 1e-7);
        Assert.Equal(30.005, read.Points.Gather().LatDegrees.Single(), 1e-7);
    }

    [Fact]
    public void A_tree_that_goes_round_and_a_system_that_is_unknown_are_refused()
    {
        var circle = Squares.Replace("\"code\": \"T\"", "\"code\": \"T\", \"parent\": \"V1\"", StringComparison.Ordinal);
        const string csv = "lon,lat,date\n114,30,2026-01-01\n";

        Assert.Contains("circle", Assert.Throws<ImportFileException>(() => Read(csv, wards: circle)).Message);
        Assert.Equal("crs", Assert.Throws<BadParameterException>(() => Read(csv, crs: "EPSG:1")).Parameter);
    }

    private FileSnapshot Read(string csv, IssueFilter? filter = null, string? wards = null, string? crs = null)
    {
        var (issuesPath, wardsPath) = (Path.Combine(_folder, "i.csv"), Path.Combine(_folder, "w.geojson"));
        File.WriteAllText(issuesPath, csv);
        File.WriteAllText(wardsPath, wards);
        return FileSnapshot.Read(
            new IssueImportOptions { Path = issuesPath, TimeZone = "UTC", Crs = crs, Actor = "test" },
            wards is null ? null : new WardImportOptions { Path = wardsPath, FileName = "w.geojson", Actor = "test" },
            filter ?? IssueFilter.All, new Settings(), AppContext.BaseDirectory, new ImportProgress(), default);
    }
}
