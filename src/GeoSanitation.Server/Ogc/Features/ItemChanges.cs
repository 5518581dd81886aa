using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>
/// Issues added, replaced, updated and deleted by OGC API Features Part 4. Clients send back whole features as they read them: what follows from the rest (names, times, the
/// status) may be there as it is, and is refused when it differs.
/// </summary>
internal static class ItemChanges
{
    private const string ContentCrs = "Content-Crs";

    // A patch that leaves them out keeps them; so does a whole feature, as not every reader is shown them.
    private static readonly string[] Kept = ["category", "severity", "reporter_name", "reporter_phone", "reporter_email"];

    /// <summary>Methods that a caller may use on the list, or on one feature.</summary>
    internal static string AllowOf(HttpContext context, Collection collection, bool one)
    {
        string[] reads = ["GET", "HEAD", "OPTIONS"];
        return string.Join(", ", !collection.IsEditable || !context.User.Is(Roles.Inspector) ? reads
            : !one ? [.. reads, "POST"]
            : context.User.Is(Roles.Administrator) ? [.. reads, "PUT", "PATCH", "DELETE"] : [.. reads, "PUT", "PATCH"]);
    }

    /// <summary>Adds an issue.</summary>
    internal static async Task PostItem(HttpContext context, string root)
    {
        var (crs, feature) = (CrsOf(context.Request), await FeatureOf(context.Request, FeatureWriter.MediaType, "application/json"));
        var issue = await context.RequestServices.GetRequiredService<IssueChanges>().AddAsync(
            IssueBody.ReadNew(Element(Known(feature, null, IssueBody.NewNames)), crs), context.User.Name(), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"{root}/collections/issues/items/{issue.Id}";
        context.Response.Headers.ETag = Tag(issue.Version);
    }

    /// <summary>Replaces what can be edited of an issue: what the feature leaves out has no value any more.</summary>
    internal static async Task PutItem(HttpContext context, string id)
    {
        var (crs, feature) = (CrsOf(context.Request), await FeatureOf(context.Request, FeatureWriter.MediaType, "application/json"));
        JsonBody.RequireFeature(Element(feature));
        var known = Known(feature, await CurrentAsync(context, id), IssueBody.EditableNames);
        var properties = known["properties"] as JsonObject ?? throw new BadParameterException("properties", null, "an object");
        foreach (var name in IssueBody.EditableNames.Where(n => !properties.ContainsKey(n) && !Kept.Contains(n)))
        {
            properties[name] = null;
        }
        await EditAsync(context, id, IssueBody.ReadPatch(Element(known), crs));
    }

    /// <summary>Updates an issue by a merge patch (RFC 7396) of its feature.</summary>
    internal static async Task PatchItem(HttpContext context, string id)
    {
        var (crs, patch) = (CrsOf(context.Request), await FeatureOf(context.Request, IssueBody.MergePatch, FeatureWriter.MediaType, "application/json"));
        await EditAsync(context, id, IssueBody.ReadPatch(Element(Known(patch, await CurrentAsync(context, id), IssueBody.EditableNames)), crs));
    }

    /// <summary>Deletes an issue.</summary>
    internal static async Task DeleteItem(HttpContext context, string id)
    {
        var isVersion = EntityTags.VersionsOf(context.Request) ?? (_ => true);
        if (!await context.RequestServices.GetRequiredService<IssueChanges>().DeleteAsync(IssueEndpoints.NumberOf(id, "issue"), isVersion, context.User.Name(), context.RequestAborted))
        {
            throw new NotFoundException("issue", id);
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task EditAsync(HttpContext context, string id, IssueBody body)
    {
        var isVersion = EntityTags.VersionsOf(context.Request) ?? (_ => true);
        var issue = await context.RequestServices.GetRequiredService<IssueChanges>().EditAsync(IssueEndpoints.NumberOf(id, "issue"), isVersion, body, context.User.Name(), context.RequestAborted)
            ?? throw new NotFoundException("issue", id);
        context.Response.Headers.ETag = Tag(issue.Version);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string Tag(int version) => $"\"{version}\"";

    /// <summary>The system that a body says it is in.</summary>
    private static Crs? CrsOf(HttpRequest request)
    {
        if (request.Headers[ContentCrs] is not [{ } given, ..])
        {
            return null;
        }
        try
        {
            return CrsRegistry.Find(given.Trim().TrimStart('<').TrimEnd('>'));
        }
        catch (UnknownCrsException)
        {
            throw new BadParameterException(ContentCrs, given, $"<uri> of one of {UnknownCrsException.Allowed}");
        }
    }

    private static async Task<JsonObject> FeatureOf(HttpRequest request, params string[] mediaTypes)
        => JsonNode.Parse((await JsonBody.ReadAsync(request, IssueBody.LongestBody, mediaTypes)).GetRawText())!.AsObject();

    /// <summary>What of a feature can be written; the rest must be as it is, or null in a new one.</summary>
    /// <param name="feature">The feature as it was sent.</param>
    /// <param name="current">Attributes as they are; null for a new feature.</param>
    /// <param name="writable">Attributes that can be written.</param>
    /// <exception cref="BadParameterException">It says otherwise what cannot be written.</exception>
    private static JsonObject Known(JsonObject feature, JsonObject? current, IEnumerable<string> writable)
    {
        string[] names = [.. writable];
        foreach (var member in (string[])["id", "links", "bbox", "conformsTo", "featureType", "time", "place"])
        {
            feature.Remove(member);
        }
        if (feature["properties"] is not JsonObject properties)
        {
            return feature;
        }
        foreach (var column in LayerCatalog.Issues.Columns.Where(c => !names.Contains(c.Name) && properties.ContainsKey(c.Name)))
        {
            var (sent, now) = (properties[column.Name], current?[column.Name]);
            if (!JsonNode.DeepEquals(sent, now) && !(column.Kind == ColumnKind.Time && SameTime(sent, now)))
            {
                throw new BadParameterException($"properties.{column.Name}", sent?.ToJsonString() ?? "null", column.Name == "status"
                    ? "as it is: the status changes by POST /api/issues/{id}/transitions"
                    : $"left out or as it is ({now?.ToJsonString() ?? "null"}): it follows from the rest");
            }
            properties.Remove(column.Name);
        }
        return feature;
    }

    // Clients write instants in their own way.
    private static bool SameTime(JsonNode? sent, JsonNode? now)
        => DateTimeOffset.TryParse((string?)(sent as JsonValue)?.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var a)
            && DateTimeOffset.TryParse((string?)(now as JsonValue)?.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var b) && Math.Abs((a - b).TotalSeconds) < 1;

    private static JsonElement Element(JsonObject feature) => JsonSerializer.SerializeToElement(feature);

    /// <summary>Attributes as they are. What is meant for another version is refused for that, whatever else it says: of a feature that was read before, much may differ.</summary>
    private static async Task<JsonObject> CurrentAsync(HttpContext context, string id)
    {
        var layer = LayerCatalog.Issues;
        await using var reading = await FeatureReading.OpenAsync(context.RequestServices.GetRequiredService<Database>(), new FeatureQuery(layer) { Ids = [id], Shapes = false }, context.RequestAborted);
        await foreach (var row in reading.ReadAsync(context.RequestAborted))
        {
            var bytes = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(bytes, RowJson.Options))
            {
                RowJson.WriteProperties(json, row, layer.Columns, layer.Columns.Count);
            }
            var current = JsonNode.Parse(bytes.WrittenSpan)!.AsObject();
            IssueChanges.Demand((long)current["id"]!, (int)current["version"]!, EntityTags.VersionsOf(context.Request) ?? (_ => true));
            return current;
        }
        throw new NotFoundException("issue", id);
    }
}
