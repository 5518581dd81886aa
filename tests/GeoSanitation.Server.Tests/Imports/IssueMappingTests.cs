using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Problems;
using Xunit;

namespace GeoSanitation.Server.Tests.Imports;

public sealed class IssueMappingTests
{
    [Fact]
    public void Bostons_header_is_understood()
    {
        var mapping = IssueMapping.Empty.For(
            ["CASE_ENQUIRY_ID", "OPEN_DT", "TARGET_DT", "CLOSED_DT", "OnTime_Status", "CASE_STATUS", "CLOSURE_REASON", "CASE_TITLE", "SUBJECT", "REASON", "TYPE", "QUEUE", "Department",
             "Location", "ward", "LOCATION_STREET_NAME", "LATITUDE", "LONGITUDE", "Source", "Geocoded_Location"], projected: false, cut: false);

        Assert.Equal(("CASE_ENQUIRY_ID", "TYPE", "CASE_STATUS", "OPEN_DT", "CLOSED_DT", "TARGET_DT", "LONGITUDE", "LATITUDE", "Location"),
            (mapping["external_id"]!.Column, mapping["category"]!.Column, mapping["status"]!.Column, mapping["reported_at"]!.Column, mapping["closed_at"]!.Column,
             mapping["due_at"]!.Column, mapping["lon"]!.Column, mapping["lat"]!.Column, mapping["address"]!.Column));
    }

    [Theory]
    [InlineData(false, "Longitude", "Latitude")]
    [InlineData(true, "X_Coordinate", "Y_Coordinate")]
    public void Chicagos_two_pairs_of_coordinates_are_told_apart_by_the_system(bool projected, string lon, string lat)
    {
        var mapping = IssueMapping.Empty.For(["Creation_Date", "Status", "X_Coordinate", "Y_Coordinate", "Latitude", "Longitude", "Location"], projected, cut: false);

        Assert.Equal((lon, lat), (mapping["lon"]!.Column, mapping["lat"]!.Column));
    }

    [Fact]
    public void Chinese_headers_are_understood()
    {
        var mapping = IssueMapping.Empty.For(["案件编号", "问题类型", "案件状态", "经度", "纬度", "上报时间", "结案时间", "地址", "问题描述", "责任单位"], projected: false, cut: false);

        Assert.Equal(("案件编号", "问题类型", "案件状态", "经度", "纬度", "上报时间", "结案时间"),
            (mapping["external_id"]!.Column, mapping["category"]!.Column, mapping["status"]!.Column, mapping["lon"]!.Column, mapping["lat"]!.Column,
             mapping["reported_at"]!.Column, mapping["closed_at"]!.Column));
        Assert.Equal(("地址", "问题描述", "责任单位"), (mapping["address"]!.Column, mapping["description"]!.Column, mapping["responsible"]!.Column));
    }

    [Fact]
    public void What_is_given_wins_and_null_means_no_column()
    {
        const string json = """
            {"external_id": null, "category": {"value": "rubbish"}, "reported_at": {"column": "when", "format": "dd.MM.yyyy"}, "status": {"column": "S", "values": {"Weg": "closed"}},
             "time_zone": "Europe/Berlin", "crs": "EPSG:25832"}
            """;

        var given = IssueMapping.Parse(json);
        var mapping = given.For(["id", "type", "when", "S", "lon", "lat"], projected: false, cut: false);

        Assert.Null(mapping["external_id"]);
        Assert.Equal(("rubbish", "dd.MM.yyyy", "closed"), (mapping["category"]!.Constant, mapping["reported_at"]!.Format, mapping["status"]!.Values!["weg"]));
        Assert.Equal(("Europe/Berlin", "EPSG:25832"), (given.TimeZone, given.Crs));
        Assert.Equal("""{"category":{"value":"rubbish"},"status":{"column":"S","values":{"Weg":"closed"}},"lon":"lon","lat":"lat","reported_at":{"column":"when","format":"dd.MM.yyyy"}}""",
            mapping.ToJson().ToJsonString());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"lon\": 7}")]
    [InlineData("{\"colour\": \"x\"}")]
    [InlineData("{\"lon\": {\"columns\": \"x\"}}")]
    [InlineData("{\"lon\": {}}")]
    [InlineData("{\"lon\": {\"column\": \"x\", \"value\": \"y\"}}")]
    [InlineData("{\"lon\": \"\\ud800\"}")]
    public void Other_json_is_refused(string json) => Assert.Throws<BadParameterException>(() => IssueMapping.Parse(json));

    [Fact]
    public void A_column_that_the_file_does_not_have_is_told_with_those_it_has()
    {
        var refusal = Assert.Throws<ImportFileException>(() => IssueMapping.Parse("""{"category": "kind"}""").For(["lon", "lat", "date", "type"], projected: false, cut: false));

        Assert.Contains("kind", refusal.Message);
        Assert.Contains("lon, lat, date, type", refusal.Message);
    }
}
