using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace GeoSanitation.Server.Parameters;

public sealed class ParameterTests
{
    [Fact]
    public void A_number_is_read_within_the_limits_that_its_description_states()
    {
        var eps = Parameter.Number("eps", 0.5, 100, "meters", "Radius", 80);

        Assert.Equal(0.5, eps.Read(Query("?eps=0.5")));
        Assert.Equal(100, eps.Read(Query("?eps=1e2")));
        Assert.Null(eps.Read(Query("")));
        Assert.Equal(("0.5", "100"), (eps.Schema.Minimum, eps.Schema.Maximum));
        Assert.Equal("Radius (meters)", eps.Description);
        foreach (var bad in (string[])["0.49", "100.01", "NaN", "Infinity", "", "1,5", "0x10", "one"])
        {
            var refusal = Assert.Throws<BadParameterException>(() => eps.Read(Query("?eps=" + bad)));
            Assert.Equal(("eps", bad, "a number from 0.5 to 100 (meters)"), (refusal.Parameter, refusal.Value, refusal.Allowed));
        }
    }

    [Fact]
    public void A_whole_number_has_no_fraction_and_no_overflow()
    {
        var limit = Parameter.Whole("limit", 1, 1000, "Rows", 10);

        Assert.Equal(1000, limit.Read(Query("?limit=1000")));
        Assert.All(["0", "1001", "1.5", "1e2", "99999999999999999999", "-1"], bad => Assert.Throws<BadParameterException>(() => limit.Read(Query("?limit=" + bad))));
    }

    [Fact]
    public void A_word_is_the_first_one_when_left_out_and_the_document_says_so()
    {
        var cell = Parameter.Word("cell", "Cells", "hex", "square");

        Assert.Equal("hex", cell.Read(Query("")));
        Assert.Equal("square", cell.Read(Query("?cell=square")));
        Assert.Equal("hex", (string?)cell.Schema.Default);
        Assert.Equal(["hex", "square"], cell.Schema.Enum!.Select(word => (string?)word));
        Assert.Throws<BadParameterException>(() => cell.Read(Query("?cell=Hex")));
    }

    [Fact]
    public void One_that_does_not_repeat_is_refused_when_given_twice()
    {
        var once = Assert.Throws<BadParameterException>(() => Parameter.Flag("overdue", "Late").Read(Query("?overdue=true&overdue=true")));

        Assert.Equal("given once", once.Allowed);
        Assert.Equal(["a", "b"], Parameter.OfTexts("ward", "Ward", "a").Read(Query("?ward=a&ward=b&ward=a")));
    }

    private static QueryCollection Query(string text) => new(QueryHelpers.ParseQuery(text));
}
