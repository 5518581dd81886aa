using CsCheck;
using GeoSanitation.Hotspots.Emerging;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Hotspots.Tests.Emerging;

public class PatternsTests
{
    [GoldenFact("ehsa/ehsa_categories")]
    public void Every_fixture_gets_its_category()
    {
        var table = Golden.Table("ehsa/ehsa_categories", "expected.csv");
        Assert.Equal(140, table.Count);
        var (names, bins, trends, expected) = (table.Text("name"), table.Text("bins"), table.Whole("trend"), table.Text("category"));
        for (var i = 0; i < table.Count; i++)
        {
            var classes = bins[i].Split('|').Select(int.Parse).ToArray();
            Assert.Equal((names[i], expected[i]), (names[i], Patterns.Name(Patterns.Classify(classes, trends[i]))));
        }
        Assert.Equal(17, expected.Distinct().Count());
    }

    [Fact]
    public void Hot_and_cold_mirror_each_other()
    {
        Gen.Select(Gen.Int[-3, 3].Array[0, 25], Gen.Int[-1, 1]).Sample((classes, trend) =>
        {
            var pattern = Patterns.Name(Patterns.Classify(classes, trend));
            var mirrored = Patterns.Name(Patterns.Classify([.. classes.Select(c => -c)], -trend));
            Assert.Equal(pattern.Replace("hot", "*").Replace("cold", "hot").Replace("*", "cold"), mirrored);
        });
    }

    [Fact]
    public void No_steps_have_no_pattern() => Assert.Equal(Pattern.None, Patterns.Classify([], 0));
}
