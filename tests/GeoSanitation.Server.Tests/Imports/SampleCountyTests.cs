using GeoSanitation.Server.Imports;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

/// <summary>A county of two wards and four issues, in files of the same form as the real sample's.</summary>
public sealed class SampleCountyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("geosan-test-");

    public SampleCountyTests()
    {
        Write("seeds/categories.csv", """
            code,parent_code,name,name_en,clause,department,deadline_amount,deadline_unit,default_severity
            rubbish,sanitation,暴露垃圾,Exposed rubbish,4.1,,24,hours,4
            sanitation,,环境卫生,Sanitation,,城管局,,,3
            """);
        Write("seeds/calendar.csv", "day,working,name\n2026-10-01,false,国庆节\n2026-10-10,true,补班\n");
        Write("seeds/responsibility.csv", """
            ward_code,category_code,body,valid_from,valid_to
            county,,县政府,,
            town,sanitation,镇环卫站,,2026-02-01
            town,sanitation,镇环卫公司,2026-02-01,
            """);
        Write("seeds/rounds.csv", "code,name,name_en,kind,starts_at,ends_at\nr1,第一轮暗访,First covert round,covert,2026-01-01T00:00:00+08:00,2026-02-01T00:00:00+08:00\n");
        Write("geodata/wards.geojson", """
            {"type": "FeatureCollection", "features": [
             {"type": "Feature", "properties": {"code": "county", "name": "某县", "name_en": "A county", "level": "county", "parent_code": null}, "geometry": {"type": "Polygon", "coordinates": [[[103, 30], [104, 30], [104, 31], [103, 31], [103, 30]]]}},
             {"type": "Feature", "properties": {"code": "town", "name": "城关镇", "name_en": "A town", "level": "town", "parent_code": "county"}, "geometry": {"type": "Polygon", "coordinates": [[[103, 30], [103.5, 30], [103.5, 31], [103, 31], [103, 30]]]}}]}
            """);
        Write("seeds/issues.csv.gz", """
            external_id,source,category,status,lon,lat,reported_at,closed_at,round
            1,covert,rubbish,closed,103.2,30.5,2026-01-10T08:00:00+08:00,2026-01-12T08:00:00+08:00,r1
            2,covert,rubbish,reported,103.2,30.5,2026-01-31T23:30:00+08:00,,r1
            3,hotline,rubbish,reported,103.3,30.5,2026-02-01T00:30:00+08:00,,
            4,hotline,rubbish,reported,103.8,30.5,2026-02-05T00:30:00+08:00,,
            """);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_comes_in_whole_into_an_empty_database_and_only_there()
    {
        await using var data = await TestDatabase.CreateAsync();

        var loaded = await SampleCounty.LoadAsync(data.Database, new Settings(), _folder.FullName, default);

        Assert.Equal(4, loaded!.Counts.Loaded);
        Assert.Equal("rubbish|sanitation|24|hours|4", await data.ScalarAsync<string>("SELECT concat_ws('|', code, parent_code, deadline_amount, deadline_unit, default_severity) FROM geosan.category WHERE code = 'rubbish'"));
        Assert.Equal(2, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.calendar_day WHERE working = (name = '补班')"));
        Assert.Equal("county.town", await data.ScalarAsync<string>("SELECT path::text FROM geosan.ward WHERE code = 'town'"));
        // By ward, category and local day: the rule of the town counts before that of the county, and changes at midnight in China.
        Assert.Equal("镇环卫站,镇环卫站,镇环卫公司,县政府", await data.ScalarAsync<string>("SELECT string_agg(responsible, ',' ORDER BY external_id) FROM geosan.issue"));
        Assert.Equal("城管局", await data.ScalarAsync<string>("SELECT DISTINCT department FROM geosan.issue"));
        Assert.Equal(2, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.issue JOIN geosan.round ON round.id = round_id WHERE round.code = 'r1'"));
        Assert.Equal(1, await data.ScalarAsync<long>("SELECT count(relapse_of) FROM geosan.issue"));

        Assert.Null(await SampleCounty.LoadAsync(data.Database, new Settings(), _folder.FullName, default));
    }

    [Fact]
    public async Task The_taxonomy_comes_alone_when_asked_and_leaves_another_one_alone()
    {
        await using var data = await TestDatabase.CreateAsync();
        await Importing.IssuesAsync(data, "id,category,lon,lat,reported_at\n1,something,103,30,2026-01-01\n");

        Assert.True(await SampleCounty.LoadTaxonomyAsync(data.Database, _folder.FullName, default));
        Assert.False(await SampleCounty.LoadTaxonomyAsync(data.Database, _folder.FullName, default));
        Assert.Equal(4, await data.ScalarAsync<long>("SELECT count(*) FROM geosan.category"));
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        await using var data = await TestDatabase.CreateAsync();
        File.Delete(Path.Combine(_folder.FullName, "seeds", "calendar.csv"));

        var missing = await Assert.ThrowsAsync<ImportFileException>(() => SampleCounty.LoadAsync(data.Database, new Settings(), _folder.FullName, default));

        Assert.Contains("seeds/calendar.csv", missing.Message);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text + "\n");
    }
}
