using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Tests of pages that share one server with the sample county.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCounty : ICollectionFixture<SampleCountyInBrowser>
{
    internal const string Name = "sample county in a browser";
}
