using System.Text.Json;
using GeoSanitation.Server.Issues;
using GeoSanitation.Store.Layers;
using Xunit;

namespace GeoSanitation.Server.Tests.Issues;

/// <summary>What the API of our own says of an issue and what the layer says to every other protocol are the same attributes.</summary>
public sealed class IssueModelTests
{
    /// <summary>Reckoned with the city's office hours, which no table knows.</summary>
    private static readonly string[] OnlyInTheApi = ["late_factor"];

    /// <summary>Follow from others; filters of clients without ours need them.</summary>
    private static readonly string[] OnlyInTheLayer = ["category_group", "ward_path", "relapse"];

    [Fact]
    public void The_API_and_the_layer_have_the_same_attributes_in_the_same_order()
    {
        var api = typeof(IssueProperties).GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).Except(OnlyInTheApi).ToList();
        var layer = LayerCatalog.Issues.Columns.Select(c => c.Name).Except(OnlyInTheLayer).ToList();
        Assert.Equal(api, layer);
        Assert.All(OnlyInTheLayer, name => Assert.NotNull(LayerCatalog.Issues.Find(name)));
    }

    [Fact]
    public void What_is_private_can_be_neither_filtered_nor_sorted_by()
        => Assert.All(LayerCatalog.Issues.Columns.Where(c => c.Name.StartsWith("reporter_", StringComparison.Ordinal)), c => Assert.False(c.IsQueryable || c.IsSortable));
}
