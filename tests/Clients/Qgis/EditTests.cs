using System.Text.Json.Nodes;
using GeoSanitation.Store.Access;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Clients.Qgis;

/// <summary>QGIS itself edits issues through OGC API Features and as an Esri FeatureServer, with the key that its authentication keeps.</summary>
public sealed class EditTests(SampleCounty county) : IClassFixture<SampleCounty>
{
    private const string Title = "从 QGIS 编辑";

    [ProgramFact(QgisPython.OfDebian13)]
    public Task A_feature_is_added_changed_moved_and_deleted_by_QGIS()
        => EditAsync("OAPIF", "Add Features, Delete Features, Change Attribute Values, Fast Access to Features at ID, Change Geometries");

    [ProgramFact(QgisPython.OfDebian13)]
    public Task A_feature_is_added_changed_moved_and_deleted_by_QGIS_in_the_FeatureServer() => EditAsync(
        "arcgisfeatureserver", "Add Features, Delete Features, Change Attribute Values, Fast Access to Features at ID, Change Geometries, Simultaneous Geometry and Attribute Updates");

    private async Task EditAsync(string provider, string can)
    {
        var folder = Directory.CreateTempSubdirectory("geosan-qgis-");
        try
        {
            var key = await new KeyStore(county.Server.Data.Database).AddAsync("QGIS", Roles.Administrator, CancellationToken.None);
            var told = await QgisPython.RunAsync(QgisPython.OfDebian13, "edits.py", folder.FullName, county.Server.Address.ToString(), key, Title, provider);
            Assert.True((bool)told["valid"]!);
            Assert.Equal(can, (string?)told["can"]);
            Assert.Equal(["3 reported Point (112.6885 32.4172)"], Texts(told["added"]!));
            Assert.Equal(["5 reported Point (112.6895 32.4182)"], Texts(told["changed"]!));
            Assert.Empty(Texts(told["left"]!));
            Assert.Equal(0, await county.Server.Data.ScalarAsync<long>($"SELECT count(*) FROM geosan.issue WHERE title = '{Title}'"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string[] Texts(JsonNode list) => [.. list.AsArray().Select(t => (string)t!)];
}
