using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>Answers <c>query</c>, and single features by their numbers.</summary>
internal sealed class QueryEndpoint(Database database, FeatureServer server, DataSnapshots data)
{
    /// <summary>Features, their numbers, their count, the box around them, their different values, or statistics: whatever is asked for.</summary>
    internal async Task RespondAsync(HttpContext context, string number)
    {
        var (request, cancellation) = (await EsriRequest.ReadAsync(context), context.RequestAborted);
        var layer = await server.FindAsync(number, cancellation);
        var (query, format) = (FeatureSelection.Of(request, layer), request.FormatOf(QueryParameters.AnswerFormat));
        request.Get(QueryParameters.ResultType);
        context.Response.DependsOnCaller();
        var version = (await data.CurrentAsync(cancellation)).Version;
        if (TagOf(request, layer, format, version) is { } tag && EntityTags.IsKnown(context, tag))
        {
            return;
        }
        bool Asked(Parameter<bool?> what) => request.Get(what) == true;
        if (request.Get(QueryParameters.Statistics) is not null || Asked(QueryParameters.Distinct))
        {
            await WriteGroupsAsync(request, layer, query, format, version, Asked(QueryParameters.OnlyCount));
        }
        else if (Asked(QueryParameters.OnlyIds))
        {
            await WriteIdsAsync(request, query with { Order = OrderOf(request, layer) }, format);
        }
        else if (Asked(QueryParameters.OnlyExtent))
        {
            var (count, box) = await FeatureTotals.ExtentAsync(database, query, cancellation);
            var answer = Asked(QueryParameters.OnlyCount) ? new JsonObject { ["count"] = count } : [];
            answer["extent"] = LayerDocument.ExtentOf(box, OutputShapes.Of(request));
            await request.WriteAsync(answer, QueryParameters.AnswerFormat);
        }
        else if (Asked(QueryParameters.OnlyCount))
        {
            await WriteCountAsync(request, await FeatureTotals.CountAsync(database, query, cancellation), format);
        }
        else
        {
            await WriteFeaturesAsync(request, layer, query with { Order = OrderOf(request, layer) }, format);
        }
    }

    /// <summary>A feature with all its attributes.</summary>
    internal async Task RespondAsync(HttpContext context, string number, string objectId)
    {
        var (request, cancellation) = (await EsriRequest.ReadAsync(context), context.RequestAborted);
        var layer = await server.FindAsync(number, cancellation);
        var columns = EsriFields.ColumnsFor(layer.Layer, request.SeesReporters);
        if (!int.TryParse(objectId, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id))
        {
            throw new NotFoundException("feature", objectId);
        }
        var shapes = OutputShapes.Of(request);
        await using var reading = await FeatureReading.OpenAsync(database, new FeatureQuery(layer.Layer) { Numbers = [id], Columns = columns }, cancellation);
        await foreach (var row in reading.ReadAsync(cancellation))
        {
            context.Response.DependsOnCaller();
            var pipe = new System.IO.Pipelines.Pipe();
            var form = new JsonFeatureForm(pipe.Writer, [EsriFields.Oid, .. columns.Select(EsriFields.Of)], layer.HasPoints, shapes with { Grid = null });
            form.Write(EsriFields.ValuesOf(row, columns), ShapeOf(row, shapes));
            await form.FlushAsync();
            await pipe.Writer.CompleteAsync();
            await request.WriteAsync(new JsonObject { ["feature"] = (await JsonNode.ParseAsync(pipe.Reader.AsStream(), cancellationToken: cancellation))! });
            return;
        }
        throw new NotFoundException("feature", objectId);
    }

    /// <summary>The tag of an answer from the data of a version; null for what has none: a POST, which no cache keeps, and a condition that asks for the time.</summary>
    private static string? TagOf(EsriRequest request, EsriLayer layer, string format, string version)
    {
        var asked = request.Context.Request;
        return HttpMethods.IsPost(asked.Method) || UsesClock(QueryParameters.Where) || UsesClock(QueryParameters.Having) ? null
            : EntityTags.Of(version, layer.Layer.Edition, $"{asked.Path}{asked.QueryString}", format, request.SeesReporters ? "all" : "public");

        bool UsesClock(Parameter<string?> condition) => request.Get(condition)?.Contains("CURRENT_", StringComparison.OrdinalIgnoreCase) == true;
    }

    /// <summary>The shape of a row in the answer's system.</summary>
    private static Geometry? ShapeOf(FeatureRow row, OutputShapes shapes) => row.Place is { } place ? shapes.Of(place.LonDegrees, place.LatDegrees) : row.Shape is { } shape ? shapes.Of(shape) : null;

    private async Task WriteFeaturesAsync(EsriRequest request, EsriLayer layer, FeatureQuery query, string format)
    {
        var (context, cancellation) = (request.Context, request.Context.RequestAborted);
        var names = request.Get(QueryParameters.Fields);
        IReadOnlyList<LayerColumn> columns = names.Contains("*") ? EsriFields.ColumnsFor(layer.Layer, request.SeesReporters)
            : [.. names.Select(n => FeatureSelection.Column(QueryParameters.Fields.Name, n, request, layer)).Where(c => c.Name != layer.Layer.NumberColumn.Name).DistinctBy(c => c.Name)];
        var (shapes, withShapes) = (OutputShapes.Of(request), request.Get(QueryParameters.WithShapes) ?? true);
        var (offset, most) = (request.Get(QueryParameters.Offset) ?? 0, FeatureServer.MostFeatures * (request.Get(QueryParameters.CountFactor) ?? 1));
        var limit = Math.Min(request.Get(QueryParameters.Count) ?? most, most);
        var isTooMuch = request.Get(QueryParameters.FeaturesBeyond) == false && await FeatureTotals.CountAsync(database, query, cancellation) > (long)offset + limit;
        query = query with
        {
            Columns = columns,
            Shapes = withShapes,
            Offset = offset,
            Limit = isTooMuch ? 0 : limit,
        };
        var form = FormOf(context, format, [EsriFields.Oid, .. columns.Select(EsriFields.Of)], withShapes ? layer.HasPoints : null, shapes);
        await using var reading = await FeatureReading.OpenAsync(database, query, cancellation);
        if (TagOf(request, layer, format, reading.DataVersion) is { } tag)
        {
            EntityTags.Set(context, tag);
        }
        context.Response.ContentType = form.MediaType;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }
        form.Begin();
        await foreach (var row in reading.ReadAsync(cancellation))
        {
            form.Write(EsriFields.ValuesOf(row, columns), withShapes ? ShapeOf(row, shapes) : null);
            await form.FlushIfFullAsync(cancellation);
        }
        await form.EndAsync(isTooMuch || reading.Next is not null, cancellation);
    }

    private async Task WriteGroupsAsync(EsriRequest request, EsriLayer layer, FeatureQuery query, string format, string version, bool onlyCount)
    {
        var (context, cancellation) = (request.Context, request.Context.RequestAborted);
        var (groups, fields) = FeatureGrouping.Of(request, layer, query);
        if (onlyCount)
        {
            await WriteCountAsync(request, await groups.CountAsync(database, cancellation), format);
            return;
        }
        var rows = await groups.ReadAsync(database, cancellation);
        if (TagOf(request, layer, format, version) is { } tag)
        {
            EntityTags.Set(context, EntityTags.Weak(tag));
        }
        var form = FormOf(context, format, fields, hasPoints: null, OutputShapes.Of(request));
        context.Response.ContentType = form.MediaType;
        form.Begin();
        foreach (var row in rows.Take(groups.Limit!.Value - 1))
        {
            form.Write([.. row.Select(EsriFields.ValueOf)], shape: null);
            await form.FlushIfFullAsync(cancellation);
        }
        await form.EndAsync(rows.Count == groups.Limit, cancellation);
    }

    private async Task WriteIdsAsync(EsriRequest request, FeatureQuery query, string format)
    {
        var cancellation = request.Context.RequestAborted;
        await using var reading = await FeatureReading.OpenAsync(database, query with { Columns = [], Shapes = false }, cancellation);
        var ids = new List<long>();
        await foreach (var row in reading.ReadAsync(cancellation))
        {
            ids.Add(row.Number);
        }
        if (format == "pbf")
        {
            await SmallAnswers.SendAsync(request.Context, PbfFeatureForm.Type, PbfFeatureForm.OfIds(ids));
            return;
        }
        var answer = new JsonObject { ["objectIdFieldName"] = EsriFields.ObjectId, ["objectIds"] = new JsonArray([.. ids.Select(id => (JsonNode)id)]) };
        await request.WriteAsync(format == "geojson" ? new JsonObject { ["type"] = "FeatureCollection", ["properties"] = answer, ["features"] = new JsonArray() } : answer, QueryParameters.AnswerFormat);
    }

    private static Task WriteCountAsync(EsriRequest request, long count, string format) => format == "pbf" ? SmallAnswers.SendAsync(request.Context, PbfFeatureForm.Type, PbfFeatureForm.OfCount(count))
        : request.WriteAsync(format == "geojson" ? new JsonObject { ["type"] = "FeatureCollection", ["properties"] = new JsonObject { ["count"] = count }, ["count"] = count, ["features"] = new JsonArray() } : new JsonObject { ["count"] = count }, QueryParameters.AnswerFormat);

    private static RowOrder? OrderOf(EsriRequest request, EsriLayer layer)
    {
        var keys = FeatureSelection.Order(request).Select(o => (Column: FeatureSelection.Column(QueryParameters.Order.Name, o.Name, request, layer), o.Descending)).ToList();
        if (keys.Exists(k => !k.Column.IsSortable) || keys.DistinctBy(k => k.Column.Name).Count() != keys.Count)
        {
            throw new BadParameterException(QueryParameters.Order.Name, string.Join(',', request.Get(QueryParameters.Order)),
                $"different ones of {EsriFields.ObjectId}, {string.Join(", ", layer.Layer.Columns.Where(c => c.IsSortable).Select(c => c.Name))}");
        }
        return keys.Count > 0 ? new RowOrder(layer.Layer, [.. keys.Select(k => new SortKey(k.Column, k.Descending))]) : null;
    }

    private static FeatureForm FormOf(HttpContext context, string format, IReadOnlyList<EsriField> fields, bool? hasPoints, OutputShapes shapes) => format switch
    {
        "pbf" => new PbfFeatureForm(context.Response.BodyWriter, fields, hasPoints, shapes),
        "geojson" => new GeoJsonFeatureForm(context.Response.BodyWriter, fields, hasPoints, shapes),
        _ => new JsonFeatureForm(context.Response.BodyWriter, fields, hasPoints, shapes, indented: format != "json"),
    };
}
