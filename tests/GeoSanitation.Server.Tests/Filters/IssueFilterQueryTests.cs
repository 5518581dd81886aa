using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using NetTopologySuite.Geometries;
using Xunit;

namespace GeoSanitation.Server.Tests.Filters;

public class IssueFilterQueryTests
{
    [Fact]
    public void Every_member_is_read()
    {
        var filter = Parse("?bbox=1,2,3,4&datetime=2025-01-01/2025-01-31&ward=a&ward=b&category=c&status=closed&severity=2..4&overdue=true&relapse=false"
            + "&round=r&source=s&department=d&near=120.5,30&radius=250&q=market");
        Assert.Equal(new Envelope(1, 3, 2, 4), Assert.Single(filter.Boxes));
        Assert.Equal((Utc(2025, 1, 1), Utc(2025, 2, 1)), (filter.ReportedFrom, filter.ReportedBefore));
        Assert.Equal(["a", "b"], filter.Wards);
        Assert.Equal(["c"], filter.Categories);
        Assert.Equal(["closed"], filter.Statuses);
        Assert.Equal((2, 4, true, false), (filter.SeverityFrom, filter.SeverityTo, filter.Overdue, filter.Relapse));
        Assert.Equal(["r"], filter.Rounds);
        Assert.Equal(["s"], filter.Sources);
        Assert.Equal(["d"], filter.Departments);
        Assert.Equal((120.5, 30.0, 250.0), filter.Near);
        Assert.Equal("market", filter.Text);
    }

    [Fact]
    public void A_box_over_the_antimeridian_is_two()
        => Assert.Equal([new Envelope(170, 180, -5, 5), new Envelope(-180, -170, -5, 5)], Parse("?bbox=170,-5,-170,5").Boxes);

    [Fact]
    public void Open_means_the_four_states_before_closing()
        => Assert.Equal(["reported", "accepted", "dispatched", "resolved"], Parse("?status=open&status=resolved").Statuses);

    [Fact]
    public void Intervals_may_be_open_and_instants_include_themselves()
    {
        Assert.Equal((null, Utc(2025, 3, 2)), Times("../2025-03-01"));
        Assert.Equal((Utc(2025, 3, 1), null), Times("2025-03-01/"));
        Assert.Equal((Utc(2025, 3, 1), Utc(2025, 3, 1).AddMicroseconds(1)), Times("2025-03-01T08:00:00%2B08:00"));
        Assert.Equal((Utc(2025, 3, 1), Utc(2025, 3, 2)), Times("2025-03-01"));
        // A plus that was not encoded is a blank.
        Assert.Equal((Utc(2025, 3, 1), Utc(2025, 3, 2).AddMicroseconds(1)), Times("2025-03-01T08:00:00+08:00/2025-03-02T00:00:00Z"));

        static (DateTimeOffset?, DateTimeOffset?) Times(string text)
        {
            var filter = Parse("?datetime=" + text);
            return (filter.ReportedFrom, filter.ReportedBefore);
        }
    }

    [Theory]
    [InlineData("bbox=1,2,3", "bbox")]
    [InlineData("bbox=1,5,3,4", "bbox")]
    [InlineData("bbox=1,2,NaN,4", "bbox")]
    [InlineData("bbox=1,2,181,4", "bbox")]
    [InlineData("datetime=yesterday", "datetime")]
    [InlineData("datetime=..", "datetime")]
    [InlineData("datetime=2025-02-01/2025-01-01", "datetime")]
    [InlineData("datetime=1/2/3", "datetime")]
    [InlineData("datetime=9999-12-31", "datetime")]
    [InlineData("status=lost", "status")]
    [InlineData("severity=0", "severity")]
    [InlineData("severity=4..2", "severity")]
    [InlineData("overdue=yes", "overdue")]
    [InlineData("near=1", "near")]
    [InlineData("near=1,2", "radius")]
    [InlineData("near=1,2&radius=0", "radius")]
    [InlineData("near=1,2&radius=Infinity", "radius")]
    [InlineData("ward=", "ward")]
    [InlineData("q=a%00b", "q")]
    [InlineData("q=a&q=b", "q")]
    public void A_bad_value_is_refused_by_name(string query, string parameter)
        => Assert.Equal(parameter, Assert.Throws<BadParameterException>(() => Parse("?" + query)).Parameter);

    private static IssueFilter Parse(string query) => IssueFilterQuery.Parse(new QueryCollection(QueryHelpers.ParseQuery(query)));

    private static DateTimeOffset Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
