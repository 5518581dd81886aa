using Xunit;

namespace GeoSanitation.Clients.Browser;

/// <summary>Tests of pages that change the data: with a server of their own, so that the others can count on theirs.</summary>
[CollectionDefinition(Name)]
public sealed class CountyToWriteTo : ICollectionFixture<SampleCountyInBrowser>
{
    internal const string Name = "sample county that is written to";
}
