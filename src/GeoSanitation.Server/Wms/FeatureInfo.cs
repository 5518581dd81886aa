using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Wms;

/// <summary>What is at a pixel of a map.</summary>
internal sealed class FeatureInfo(Database database, Settings settings, DataSnapshots data, PointSnapshots points, WardSnapshots wards, HotspotLayer hotspots)
{
    private const int MostFeatures = 100;
    private const int ReachPixels = 6;
    private const string PageType = "text/html";

    /// <summary>Media types of the answer, the usual one first.</summary>
    internal static IReadOnlyList<string> Formats { get; } = ["application/json", "application/geo+json", PageType, "text/plain"];

    /// <summary>Answers a request.</summary>
    /// <exception cref="BadParameterException">Something is missing, or not what it must be.</exception>
    internal async Task RespondAsync(HttpContext context, WmsQuery query)
    {
        var cancellation = context.RequestAborted;
        var view = MapView.Read(query);
        var names = query.Required("query_layers", "names of layers with commas between").Split(',');
        var asked = names.Select(name => WmsLayer.Find("query_layers", name)).Distinct().ToList();
        if (asked.Find(l => !l.IsQueryable) is { } silent)
        {
            throw new BadParameterException("query_layers", silent.Name, "one of " + string.Join(", ", WmsLayer.All.Where(l => l.IsQueryable).Select(l => l.Name)));
        }
        var format = query.Text("info_format") ?? Formats[0];
        if (!Formats.Contains(format))
        {
            throw new BadParameterException("info_format", format, "one of " + string.Join(", ", Formats));
        }
        var most = query.Whole("feature_count", 1, MostFeatures) ?? 1;
        var (column, row) = (Pixel(query.IsNewer ? "i" : "x", view.Width), Pixel(query.IsNewer ? "j" : "y", view.Height));
        var place = view.PlaceOf(column, row);
        var at = new Point(place.LonDegrees, place.LatDegrees);
        var version = (await data.CurrentAsync(cancellation)).Version;
        var features = new List<JsonObject>();
        foreach (var layer in asked)
        {
            features.AddRange(layer.Name switch
            {
                WmsLayer.Issues => await IssuesAsync(IssueLayer.Near(view, await points.GetAsync(query.Filter, version, cancellation), column, row, ReachPixels).Take(most), cancellation),
                WmsLayer.Wards => [.. (await wards.GetAsync(version, cancellation)) is var all ? all.Current.Where(w => w.Geometry!.EnvelopeInternal.Contains(at.Coordinate) && w.Geometry.Covers(at))
                    .OrderByDescending(w => all.Chain(w.Id).Count()).ThenBy(w => w.Code, StringComparer.Ordinal).Take(most)
                    .Select(w => Feature(WmsLayer.Wards, w.Code, new JsonObject { ["code"] = w.Code, ["name"] = w.Name, ["name_en"] = w.NameEn, ["level"] = w.Level })) : []],
                _ => (await hotspots.GetAsync(query, version, cancellation)).Where(f => f.Shape.EnvelopeInternal.Contains(at.Coordinate) && f.Shape.Covers(at)).Take(most)
                    .Select(f => Feature(WmsLayer.Hotspots, f.Key, f.Properties.DeepClone())),
            });
        }
        context.Response.ContentType = $"{format}; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.Body.WriteAsync(format switch { PageType => Page(features), "text/plain" => Text(features), _ => Json(features) }, cancellation);

        int Pixel(string key, int size) => query.Whole(key, 0, size - 1) ?? throw new BadParameterException(key, null, $"a whole number from 0 to {size - 1}");
    }

    private async Task<IEnumerable<JsonObject>> IssuesAsync(IEnumerable<long> ids, CancellationToken cancellation)
    {
        var clock = new WorkClock(settings.City, await IntakeReference.LoadDaysAsync(database, cancellation));
        var found = new List<JsonObject>();
        foreach (var id in ids)
        {
            if (await new IssueStore(database).FindAsync(id, cancellation) is { } issue)
            {
                var properties = JsonSerializer.SerializeToNode(new IssueProperties(issue, showReporter: false, clock), JsonForm.Options);
                found.Add(Feature(WmsLayer.Issues, $"{id}", properties, new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(issue.LonDegrees, issue.LatDegrees) }));
            }
        }
        return found;
    }

    private static JsonObject Feature(string layer, string id, JsonNode? properties, JsonObject? geometry = null)
        => new() { ["type"] = "Feature", ["id"] = $"{layer}.{id}", ["geometry"] = geometry, ["properties"] = properties };

    private static byte[] Json(List<JsonObject> features)
        => JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = "FeatureCollection", ["features"] = new JsonArray([.. features]) }, JsonForm.Options);

    private static byte[] Text(List<JsonObject> features)
    {
        var text = new StringBuilder();
        foreach (var feature in features)
        {
            text.Append(feature["id"]).Append('\n');
            foreach (var (name, value) in ValuesOf(feature))
            {
                text.Append("  ").Append(name).Append(": ").Append(value.ReplaceLineEndings(" ")).Append('\n');
            }
        }
        return Encoding.UTF8.GetBytes(text.Length > 0 ? text.ToString() : "nothing here\n");
    }

    /// <summary>A table for each feature, for the popups of map programs; empty where there is none.</summary>
    private static byte[] Page(List<JsonObject> features)
    {
        var page = new StringBuilder("<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>GetFeatureInfo</title>"
            + "<style>body{font:13px sans-serif}caption{font-weight:600;text-align:left}th{font-weight:400;text-align:left;vertical-align:top;padding-right:1em}</style></head><body>\n");
        foreach (var feature in features)
        {
            page.Append("<table><caption>").Append(Html(feature["id"]!.ToString())).Append("</caption>\n");
            foreach (var (name, value) in ValuesOf(feature))
            {
                page.Append("<tr><th scope=\"row\">").Append(Html(name)).Append("</th><td>").Append(Html(value)).Append("</td></tr>\n");
            }
            page.Append("</table>\n");
        }
        return Encoding.UTF8.GetBytes(page.Append("</body></html>\n").ToString());
    }

    private static IEnumerable<(string Name, string Value)> ValuesOf(JsonObject feature)
        => feature["properties"]!.AsObject().Where(p => p.Value is not null).Select(p => (p.Key, p.Value!.ToString()));

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
