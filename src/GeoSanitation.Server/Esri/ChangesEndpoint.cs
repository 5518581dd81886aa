using System.IO.Pipelines;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Esri;

/// <summary>Answers <c>extractChanges</c>: what became of issues since the caller asked last, so that it need not read all of them again. The other layers are replaced as a whole and are not tracked.</summary>
internal sealed class ChangesEndpoint(Database database, FeatureServer server, DataSnapshots data)
{
    /// <summary>Number of the layer whose changes are told.</summary>
    internal const int TrackedLayer = 0;

    private readonly GenerationLog _log = new(database);

    /// <summary>Which generations may be asked for.</summary>
    internal Task<Generations> GenerationsAsync(CancellationToken cancellation) => _log.EndsAsync(cancellation);

    /// <summary>The changes, with the features as they are now or their numbers alone.</summary>
    /// <exception cref="BadParameterException">It is not known what was changed since, or a parameter is not what it may be.</exception>
    internal async Task RespondAsync(HttpContext context)
    {
        var (request, cancellation) = (await EsriRequest.ReadAsync(context), context.RequestAborted);
        var asked = ChangeQuery.Of(request);
        var known = await _log.EndsAsync(cancellation);
        var until = Math.Min(asked.Until ?? known.Now, known.Now);
        if (asked.Since < known.Least || asked.Since > known.Now)
        {
            throw new BadParameterException(asked.Name, $"{asked.Since}", $"a generation from {known.Least} to {known.Now}: what was changed before or elsewhere is not known one by one; read the layer again by query and go on from {known.Now}");
        }
        var changes = await _log.ReadAsync(asked.Since, until, cancellation);
        if (changes.Count > GenerationLog.Most)
        {
            throw new BadParameterException(asked.Name, $"{asked.Since}", $"a later generation: more than {GenerationLog.Most} issues were changed since; read the layer again by query and go on from {known.Now}");
        }
        // Who was told of neither an issue's beginning nor its end need not be told of both.
        var adds = asked.Inserts ? changes.Where(c => c.IsNew && c.IsThere).ToList() : [];
        var updates = asked.Updates ? changes.Where(c => !c.IsNew && c.IsThere).ToList() : [];
        var deletes = asked.Deletes ? changes.Where(c => !c.IsNew && !c.IsThere).ToList() : [];
        context.Response.DependsOnCaller();
        if (asked.OnlyIds)
        {
            await request.WriteAsync(Head(until, adds.Count + updates.Count + deletes.Count > 0, new JsonArray(new JsonObject
            {
                ["id"] = TrackedLayer,
                ["objectIds"] = new JsonObject { ["adds"] = Numbers(adds), ["updates"] = Numbers(updates), ["deletes"] = Numbers(deletes) },
            })), ChangeQuery.Format);
            return;
        }
        await WriteFeaturesAsync(request, asked, Head(until, adds.Count + updates.Count + deletes.Count > 0), adds, updates, deletes);
    }

    private static JsonObject Head(long until, bool hasEdits, JsonArray? edits = null)
    {
        var head = new JsonObject
        {
            ["layerServerGens"] = new JsonArray(new JsonObject { ["id"] = TrackedLayer, ["serverGen"] = until }),
            ["transportType"] = "esriTransportTypeEmbedded",
            ["responseType"] = hasEdits ? "esriDataChangesResponseTypeEdits" : "esriDataChangesResponseTypeNoEdits",
        };
        if (edits is not null)
        {
            head["edits"] = edits;
        }
        return head;
    }

    private static JsonArray Numbers(IEnumerable<GenerationChange> changes) => new([.. changes.Select(c => (JsonNode)c.Issue)]);

    private async Task WriteFeaturesAsync(EsriRequest request, ChangeQuery asked, JsonObject head, List<GenerationChange> adds, List<GenerationChange> updates, List<GenerationChange> deletes)
    {
        var (context, cancellation) = (request.Context, request.Context.RequestAborted);
        var (layer, shapes) = (await server.FindAsync($"{TrackedLayer}", cancellation), OutputShapes.Of(request));
        var columns = EsriFields.ColumnsFor(layer.Layer, request.SeesReporters);
        var form = new EditsForm(context.Response.BodyWriter, [EsriFields.Oid, .. columns.Select(EsriFields.Of)], shapes, request.FormatOf(ChangeQuery.Format) != "json");
        context.Response.ContentType = form.MediaType;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }
        form.Begin(head, TrackedLayer);
        await WriteAsync("adds", adds);
        await WriteAsync("updates", updates);
        form.BeginList(asked.DeletedFeatures ? "deletes" : "deleteIds");
        var wards = asked.DeletedFeatures ? (await data.CurrentAsync(cancellation)).Tables.Wards.ToDictionary(w => w.Id, w => w.Code) : [];
        foreach (var change in deletes)
        {
            if (asked.DeletedFeatures)
            {
                form.Write(Remembered(change, columns, wards), change.Last is { } last ? shapes.Of(last.LonDegrees, last.LatDegrees) : null);
            }
            else
            {
                form.WriteNumber(change.Issue);
            }
            await form.FlushIfFullAsync(cancellation);
        }
        await form.EndAsync(isCut: false, cancellation);

        async Task WriteAsync(string name, List<GenerationChange> changed)
        {
            form.BeginList(name);
            if (changed.Count > 0)
            {
                await using var reading = await FeatureReading.OpenAsync(database, new FeatureQuery(layer.Layer) { Numbers = [.. changed.Select(c => c.Issue)], Columns = columns }, cancellation);
                await foreach (var row in reading.ReadAsync(cancellation))
                {
                    form.Write(EsriFields.ValuesOf(row, columns), row.Place is { } place ? shapes.Of(place.LonDegrees, place.LatDegrees) : null);
                    await form.FlushIfFullAsync(cancellation);
                }
            }
            form.EndList();
        }
    }

    /// <summary>What the feed keeps of an issue that is no longer there; the other attributes are empty.</summary>
    private static object?[] Remembered(GenerationChange change, IReadOnlyList<LayerColumn> columns, Dictionary<int, string> wards)
    {
        var values = new object?[columns.Count + 1];
        values[0] = change.Issue;
        if (change.Last is { } was)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                values[i + 1] = columns[i].Name switch
                {
                    "id" => was.Id,
                    "source" => was.Source,
                    "category" => was.Category,
                    "severity" => (long)was.Severity,
                    "status" => IssuePoints.Statuses[was.Status],
                    "ward" => wards.GetValueOrDefault(was.Ward),
                    "department" => was.Department,
                    "responsible" => was.Responsible,
                    "reported_at" => Milliseconds(was.ReportedAt),
                    "due_at" => Milliseconds(was.DueAt),
                    "closed_at" => Milliseconds(was.ClosedAt),
                    _ => null,
                };
            }
        }
        return values;

        static object? Milliseconds(long? microseconds) => microseconds is { } time ? EsriFields.Milliseconds(DateTime.UnixEpoch.AddMicroseconds(time)) : null;
    }

    /// <summary>Lists of features, and of numbers, one for each kind of change.</summary>
    private sealed class EditsForm(PipeWriter output, IReadOnlyList<EsriField> fields, OutputShapes shapes, bool indented) : JsonFeatureForm(output, fields, hasPoints: true, shapes, indented)
    {
        internal void Begin(JsonObject head, int layer)
        {
            Json.WriteStartObject();
            foreach (var (name, value) in head)
            {
                Json.WritePropertyName(name);
                value!.WriteTo(Json);
            }
            Json.WriteStartArray("edits");
            Json.WriteStartObject();
            Json.WriteNumber("id", layer);
            Json.WriteStartObject("features");
        }

        internal void BeginList(string name) => Json.WriteStartArray(name);

        internal void EndList() => Json.WriteEndArray();

        internal void WriteNumber(long number) => Json.WriteNumberValue(number);

        internal override Task EndAsync(bool isCut, CancellationToken cancellation)
        {
            Json.WriteEndArray();
            Json.WriteEndObject();
            Json.WriteEndObject();
            return base.EndAsync(isCut, cancellation);
        }

        /// <summary>All of them are written, or none.</summary>
        protected override void WriteCut(bool isCut)
        {
        }
    }
}
