using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureForms;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Ogc.Features;

/// <summary>Features of collections: lists of them, and single ones.</summary>
internal static class ItemEndpoints
{
    /// <summary>Attributes of the features of a collection that the caller may see.</summary>
    internal static IReadOnlyList<LayerColumn> Visible(HttpContext context, Collection collection)
        => collection.Method is { } method
            ? context.RequestServices.GetRequiredService<MethodItems>().ColumnsOf(method)
            : [.. collection.Layer.Columns.Where(c => !c.IsPrivate || context.User.MaySeeReporters())];

    /// <summary>Answers with features.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Name of the collection.</param>
    /// <param name="root">Address of the landing page.</param>
    internal static async Task GetItems(HttpContext context, string name, string root)
    {
        var (services, cancellation) = (context.RequestServices, context.RequestAborted);
        var (database, data) = (services.GetRequiredService<Database>(), services.GetRequiredService<DataSnapshots>());
        var collection = await Collection.FindAsync(name, database, cancellation);
        var query = context.Request.Query;
        OgcAnswer.RefuseUnknown(context.Request, ItemQuery.ParametersOf(collection).Select(p => p.Name));
        var (form, crs) = (ItemForm.Of(context.Request), ItemParameters.Crs.Read(query));
        var view = await data.CurrentAsync(cancellation);
        var (version, written) = (view.Version, DateTime.UtcNow);
        if (collection.Method is { } method)
        {
            var (boxes, limit, offset) = (ItemQuery.BoxesOf(query, out var bent), ItemParameters.Limit.Read(query), ItemParameters.OffsetOf(query));
            if (ItemParameters.SortBy.Read(query) is { } order)
            {
                throw new BadParameterException(ItemParameters.SortBy.Name, order, "left out: what a method makes has one order");
            }
            var (table, dataVersion) = await services.GetRequiredService<MethodItems>().RunAsync(method, query, version, cancellation);
            if (EntityTags.IsKnown(context, TagOf(context, dataVersion, form)))
            {
                return;
            }
            EntityTags.Set(context, ListTagOf(dataVersion));
            var meant = MethodItems.Within(table, boxes, bent);
            var rows = meant.Skip((int)offset).Take(limit).ToList();
            var row = new TableRow(table);
            var columns = TableRow.ColumnsOf(table);
            var wanted = ItemParameters.ColumnsOf(query, columns);
            var set = FeatureSet.Of(table, collection.Name, collection.Description) with
            {
                Columns = wanted,
                Rows = rows.ToAsyncEnumerable().Select(r => wanted.Count == columns.Count ? (FeatureRow)row.At(r) : new ChosenRow(row.At(r), [.. wanted.Select(c => columns.ToList().FindIndex(k => k.Name == c.Name))])),
                Count = rows.Count,
            };
            var next = offset + rows.Count < meant.Count ? NextLink(context.Request, ItemParameters.Offset.Name, $"{offset + rows.Count}") : null;
            await WriteListAsync(context, collection, set, wanted.Count, form, crs, written, meant.Count, () => next, root);
            return;
        }
        var visible = Visible(context, collection);
        var meantFeatures = ItemQuery.Of(query, collection.Layer, visible);
        var sorted = meantFeatures.Order ?? new RowOrder(collection.Layer);
        var after = PageCursor.Read(query, sorted.ToString(), sorted.Types);
        var times = ItemWriter.TimesOf(collection, form.IsJsonFg);
        var shown = meantFeatures.Columns.Count;
        if (context.Request.Headers.IfNoneMatch.Count > 0 && EntityTags.IsKnown(context, TagOf(context, $"{version} {collection.Version}", form)))
        {
            return;
        }
        // Only a first page is counted: those behind it are of the same features.
        var page = meantFeatures with { After = after, Count = after is null };
        if (form.Name == ItemForm.GeoJson.Name && crs == CrsRegistry.Crs84 && ColumnItems.Of(view, page) is { } items)
        {
            EntityTags.Set(context, ListTagOf($"{version} {collection.Version}"));
            Name(context.Response, form, crs);
            Count(context.Response, items.Matched);
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await new ItemWriter(collection, crs, asJsonFg: false, isPlus: false, SchemaOf(collection, root)).WriteAsync(items, written, context.Response.BodyWriter,
                    () => LinksOf(context.Request, collection, form, root, items.Last is { } last ? NextLink(context.Request, PageCursor.Parameter.Name, PageCursor.Write(sorted.ToString(), [last])) : null), cancellation);
            }
            return;
        }
        await using var reading = await FeatureReading.OpenAsync(database, page with { Order = sorted, Columns = [.. meantFeatures.Columns, .. times] }, cancellation);
        EntityTags.Set(context, ListTagOf($"{reading.DataVersion} {collection.Version}"));
        var features = new FeatureSet(collection.Name, collection.Description, collection.Layer.Shape, [.. meantFeatures.Columns, .. times], reading.ReadAsync(cancellation));
        await WriteListAsync(context, collection, features, shown, form, crs, written, reading.Matched, () => reading.Next is { } keys ? NextLink(context.Request, PageCursor.Parameter.Name, PageCursor.Write(sorted.ToString(), keys)) : null, root);

        // A list says when it was written, where its form has room for that.
        string ListTagOf(string ofVersion)
        {
            var tag = TagOf(context, ofVersion, form);
            return form.Profile is null ? tag : EntityTags.At(tag, written);
        }
    }

    /// <summary>Answers with a feature.</summary>
    internal static async Task GetItem(HttpContext context, string name, string id, string root)
    {
        var (services, cancellation) = (context.RequestServices, context.RequestAborted);
        var (database, data) = (services.GetRequiredService<Database>(), services.GetRequiredService<DataSnapshots>());
        var collection = await Collection.FindAsync(name, database, cancellation);
        var query = context.Request.Query;
        OgcAnswer.RefuseUnknown(context.Request, ItemParameters.OfOne.Select(p => p.Name));
        var (form, crs) = (ItemForm.Of(context.Request, one: true), ItemParameters.Crs.Read(query));
        var version = (await data.CurrentAsync(cancellation)).Version;
        if (collection.Method is { } method)
        {
            var (table, dataVersion) = await services.GetRequiredService<MethodItems>().RunAsync(method, new QueryCollection(), version, cancellation);
            var row = new TableRow(table);
            var at = table.Rows.Where(r => row.At(r).Id == id).Take(1).ToList();
            if (at.Count != 1)
            {
                throw new NotFoundException(collection.Name + " feature", id);
            }
            if (EntityTags.IsNotModified(context, TagOf(context, dataVersion, form)))
            {
                return;
            }
            await WriteOneAsync(context, collection, row.At(at[0]), TableRow.ColumnsOf(table), form, crs, root);
            return;
        }
        var visible = Visible(context, collection);
        var columns = ItemParameters.ColumnsOf(query, visible);
        // The version of an issue stands in its tag, which a change gives back.
        LayerColumn[] read = [.. columns, .. ItemWriter.TimesOf(collection, form.IsJsonFg), .. collection.IsEditable ? new[] { collection.Layer.Find("version")! } : []];
        await using var reading = await FeatureReading.OpenAsync(database, new FeatureQuery(collection.Layer) { Ids = [id], Columns = read }, cancellation);
        await using var rows = reading.ReadAsync(cancellation).GetAsyncEnumerator(cancellation);
        if (!await rows.MoveNextAsync())
        {
            throw new NotFoundException(collection.Name + " feature", id);
        }
        if (collection.IsEditable)
        {
            DependsOnRequest(context.Response);
            var tag = EntityTags.OfVersion((int)rows.Current.Whole(read.Length - 1), System.Text.Encoding.UTF8.GetBytes($"{reading.DataVersion} {form.Key} {Links.Root(context.Request)}{context.Request.Path}{context.Request.QueryString} {context.User.MaySeeReporters()}"));
            if (EntityTags.IsNotModified(context, tag))
            {
                return;
            }
        }
        else if (EntityTags.IsNotModified(context, TagOf(context, $"{reading.DataVersion} {collection.Version}", form)))
        {
            return;
        }
        await WriteOneAsync(context, collection, rows.Current, columns, form, crs, root, collection.IsEditable ? read[..^1] : read);
    }

    private static async Task WriteListAsync(
        HttpContext context, Collection collection, FeatureSet features, int shown, ItemForm form, Crs crs, DateTime written, long? matched, Func<JsonObject?> next, string root)
    {
        var (request, response, cancellation) = (context.Request, context.Response, context.RequestAborted);
        Name(response, form, crs);
        Count(response, matched);
        if (HttpMethods.IsHead(request.Method))
        {
            return;
        }
        var writer = new ItemWriter(collection, crs, form.IsJsonFg, form.IsPlus, SchemaOf(collection, root));
        IEnumerable<JsonObject> AllLinks() => LinksOf(request, collection, form, root, next());
        switch (form.Name)
        {
            case "csv":
                await CsvForm.WriteAsync(features with { Columns = [.. features.Columns.Take(shown)] }, crs, response.Body, cancellation);
                break;
            case "fgb":
                await FlatGeobufForm.WriteAsync(features, crs, response.Body, cancellation);
                break;
            case "html":
                var pipe = new System.IO.Pipelines.Pipe();
                var write = Task.Run(async () =>
                {
                    await writer.WriteAsync(features, shown, written, pipe.Writer, matched, AllLinks, cancellation);
                    await pipe.Writer.CompleteAsync();
                }, cancellation);
                var document = (await JsonNode.ParseAsync(pipe.Reader.AsStream(), cancellationToken: cancellation))!.AsObject();
                await write;
                // A page of the same features is the same page.
                document.Remove("timeStamp");
                await OgcAnswer.WriteHtmlAsync(context, document, collection.Title);
                break;
            default:
                await writer.WriteAsync(features, shown, written, response.BodyWriter, matched, AllLinks, cancellation);
                break;
        }
    }

    private static IEnumerable<JsonObject> LinksOf(HttpRequest request, Collection collection, ItemForm form, string root, JsonObject? next)
    {
        yield return Links.Of("self", OgcAnswer.SelfAs(request, request.Query[ItemParameters.Form.Name]), form.MediaType, "This page");
        foreach (var (name, type) in new[] { ("json", OgcDocuments.GeoJson), ("html", OgcAnswer.Html), ("jsonfg", ItemForm.JsonFg.MediaType), ("csv", "text/csv"), ("fgb", ItemForm.FlatGeobuf.MediaType) })
        {
            if (name != form.Name)
            {
                yield return Links.Of("alternate", OgcAnswer.SelfAs(request, name), type, $"This page as {name}");
            }
        }
        yield return Links.Of("collection", $"{root}/collections/{collection.Name}", OgcAnswer.Json, collection.Title);
        foreach (var profile in ProfilesOf(form))
        {
            yield return profile;
        }
        if (next is not null)
        {
            next["type"] = form.MediaType;
            yield return next;
        }
    }

    private static IEnumerable<JsonObject> ProfilesOf(ItemForm form) => form.Profiles.Select(profile => new JsonObject { ["rel"] = "profile", ["href"] = profile });

    private static async Task WriteOneAsync(HttpContext context, Collection collection, FeatureRow row, IReadOnlyList<LayerColumn> shown, ItemForm form, Crs crs, string root, IReadOnlyList<LayerColumn>? read = null)
    {
        var (request, response) = (context.Request, context.Response);
        if (form.Name is "csv" or "fgb")
        {
            throw new BadParameterException(ItemParameters.Form.Name, form.Name, "json, geojson, jsonfg or html for a single feature");
        }
        Name(response, form, crs);
        var body = new ArrayBufferWriter<byte>(1 << 11);
        using (var json = new Utf8JsonWriter(body, RowJson.Options))
        {
            new ItemWriter(collection, crs, form.IsJsonFg, form.IsPlus, SchemaOf(collection, root)).WriteOne(json, row, read ?? shown, shown.Count,
            [
                Links.Of("self", OgcAnswer.SelfAs(request, request.Query[ItemParameters.Form.Name]), form.MediaType, "This feature"),
                Links.Of("alternate", OgcAnswer.SelfAs(request, form.Name == "html" ? "json" : "html"), form.Name == "html" ? OgcDocuments.GeoJson : OgcAnswer.Html, "This feature in another form"),
                Links.Of("collection", $"{root}/collections/{collection.Name}", OgcAnswer.Json, collection.Title),
                .. ProfilesOf(form),
            ]);
        }
        if (form.Name == "html")
        {
            await OgcAnswer.WriteHtmlAsync(context, JsonNode.Parse(body.WrittenSpan)!.AsObject(), $"{collection.Title}: {row.Id}");
            return;
        }
        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(request.Method))
        {
            await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
        }
    }

    private static string SchemaOf(Collection collection, string root) => $"{root}/collections/{collection.Name}/schema";

    private static JsonObject NextLink(HttpRequest request, string parameter, string value)
    {
        var query = new QueryBuilder(request.Query.Where(p => p.Key != ItemParameters.Offset.Name && p.Key != ItemParameters.StartIndex.Name && p.Key != PageCursor.Parameter.Name)) { { parameter, value } };
        return Links.Of("next", Links.Root(request) + request.Path.ToUriComponent() + query, OgcDocuments.GeoJson, "The next page");
    }

    private static void Name(HttpResponse response, ItemForm form, Crs crs)
    {
        response.ContentType = form.MediaType;
        response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        foreach (var profile in form.Profiles)
        {
            response.Headers.Append(HeaderNames.Link, $"<{profile}>; rel=\"profile\"");
        }
    }

    /// <summary>Says how many features there are on all pages, for forms too whose bodies have no room for it.</summary>
    private static void Count(HttpResponse response, long? matched)
    {
        if (matched is { } count)
        {
            response.Headers["OGC-NumberMatched"] = count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static string TagOf(HttpContext context, string version, ItemForm form)
    {
        var request = context.Request;
        DependsOnRequest(context.Response);
        context.Response.Headers["X-Data-Version"] = version.Split(' ')[0];
        return EntityTags.Of(version, form.Key, Links.Root(request) + request.Path + request.QueryString, $"{context.User.MaySeeReporters()}");
    }

    /// <summary>Tells caches that the answer depends on who asks and on what the client accepts.</summary>
    private static void DependsOnRequest(HttpResponse response)
    {
        response.DependsOnCaller();
        response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
    }
}
