using System.Net;
using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Hotspots;
using GeoSanitation.Testing;
using Xunit;

namespace GeoSanitation.Server.Tests.Hotspots;

/// <summary>Asks for analyses, and reads what is answered.</summary>
internal static class HotspotAnswers
{
    /// <summary>The answer to a path below /api/hotspots/.</summary>
    internal static async Task<JsonElement> AnalyzeAsync(this TestServer server, string path)
    {
        using var response = await server.Client.GetAsync("/api/hotspots/" + path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Fails unless a path below /api/hotspots/ is refused for a parameter.</summary>
    internal static async Task AssertRefusedAsync(this TestServer server, string path, string parameter)
    {
        using var response = await server.Client.GetAsync("/api/hotspots/" + path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{response.StatusCode} {text}");
        Assert.Equal(parameter, JsonDocument.Parse(text).RootElement.GetProperty("parameter").GetString());
    }

    internal static List<JsonElement> Features(JsonElement answer) => [.. answer.GetProperty("features").EnumerateArray()];

    internal static JsonElement Property(JsonElement feature, string name) => feature.GetProperty("properties").GetProperty(name);

    /// <summary>A number, or NaN for null.</summary>
    internal static double Number(JsonElement feature, string name) => Property(feature, name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;

    internal static JsonElement Parameter(JsonElement answer, string name) => answer.GetProperty("explain").GetProperty("parameters").GetProperty(name);

    internal static string[] Warnings(JsonElement answer) => [.. answer.GetProperty("explain").GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)];

    internal static List<(double X, double Y)> Ring(JsonElement feature) => Positions(feature.GetProperty("geometry").GetProperty("coordinates")[0]);

    internal static List<(double X, double Y)> Positions(JsonElement ring) => [.. ring.EnumerateArray().Select(p => (p[0].GetDouble(), p[1].GetDouble()))];

    /// <summary>Center of a cell by its id, after the library's description of its grids.</summary>
    internal static (double X, double Y) Center(string id)
    {
        var parts = id.Split(':');
        var (size, column, row) = (double.Parse(parts[0][1..]), int.Parse(parts[1]), int.Parse(parts[2]));
        return id[0] == 'h' ? ((column + 0.5 * (row & 1)) * size, row * size * Math.Sqrt(3) / 2) : ((column + 0.5) * size, (row + 0.5) * size);
    }

    /// <summary>Centers of the cells of an answer, meters.</summary>
    internal static Points Centers(IEnumerable<JsonElement> cells)
    {
        var centers = cells.Select(cell => Center(Property(cell, "cell").GetString()!)).ToList();
        return new Points([.. centers.Select(c => c.X)], [.. centers.Select(c => c.Y)]);
    }

    /// <summary>Issues in the analysis system of their place.</summary>
    internal static (double[] X, double[] Y) Project(IEnumerable<Snapshot.PlantedIssue> issues)
    {
        var places = issues.Select(i => CrsRegistry.Find("EPSG:32651").FromLonLat(new LonLat(i.Lon, i.Lat))).ToList();
        return ([.. places.Select(p => p.X)], [.. places.Select(p => p.Y)]);
    }
}
