using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Esri;

/// <summary>Takes changes of issues: all or none, as Esri has it, or each for itself, so that one that is refused keeps no other from being made.</summary>
internal sealed class EditEndpoint(Database database, IssueChanges changes, FeatureServer server)
{
    private const int MostEdits = 1000;
    private const int RolledBack = 1003;

    /// <summary>What <c>edits</c> may tell of a layer.</summary>
    private static readonly string[] LayerMembers = ["id", "adds", "updates", "deletes"];

    /// <summary>What is to be done; null for what is not asked about.</summary>
    /// <param name="Adds">New issues.</param>
    /// <param name="Updates">Changed ones.</param>
    /// <param name="Deletes">Numbers of those to be deleted.</param>
    /// <param name="AddsName">Where new ones were given.</param>
    /// <param name="UpdatesName">Where changed ones were given.</param>
    private sealed record Edits(IReadOnlyList<JsonElement>? Adds, IReadOnlyList<JsonElement>? Updates, IReadOnlyList<long>? Deletes, string AddsName, string UpdatesName);

    /// <summary>Adds, then changes, then deletes.</summary>
    /// <param name="context">The request.</param>
    /// <param name="number">Number of the layer.</param>
    /// <param name="asked">Where the request says what: of one that says nothing of anything, nothing is done.</param>
    /// <exception cref="BadParameterException">A parameter is not what it may be; then nothing was done.</exception>
    internal async Task RespondAsync(HttpContext context, string number, EditParameters asked)
    {
        var request = await EsriRequest.ReadAsync(context);
        var layer = await EditableAsync(QueryParameters.LayerNumber.Name, number, context.RequestAborted);
        if (asked.Only is { } only && !request.Given.ContainsKey(only.Name))
        {
            throw new BadParameterException(only.Name, null, only.Description);
        }
        var edits = new Edits(Features(asked.Adds), Features(asked.Updates), asked.Deletes is null ? null : request.Get(asked.Deletes) is { } numbers ? Numbers(asked.Deletes.Name, numbers) : [],
            (asked.Only ?? QueryParameters.Adds).Name, (asked.Only ?? QueryParameters.Updates).Name);
        await request.WriteAsync(await ApplyAsync(request, layer, edits));

        IReadOnlyList<JsonElement>? Features(Parameter<string?>? parameter) => parameter is null ? null : request.Get(parameter) is { } text ? EsriJson.Array(parameter.Name, text) : [];
    }

    /// <summary>The same, asked of the service: <c>edits</c> tells the layers and what is to be done in each, of which issues are the only one that can be changed.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="BadParameterException">A parameter is not what it may be; then nothing was done.</exception>
    internal async Task RespondAsync(HttpContext context)
    {
        var request = await EsriRequest.ReadAsync(context);
        var name = QueryParameters.Edits.Name;
        var given = EsriJson.Array(name, request.Get(QueryParameters.Edits) ?? throw new BadParameterException(name, null, QueryParameters.Edits.Description));
        if (given.Count > 1)
        {
            throw new BadParameterException(name, $"{given.Count} layers", "one layer: only issues can be changed");
        }
        var answer = new JsonArray();
        if (given is [var json])
        {
            if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Any(member => !LayerMembers.Contains(member.Name) && !IsEmpty(member.Value)))
            {
                throw new BadParameterException(name, json.GetRawText(), $"an object of {string.Join(", ", LayerMembers)}");
            }
            var layer = await EditableAsync(name, EsriJson.Number(name, json, LayerMembers[0]).ToString(System.Globalization.CultureInfo.InvariantCulture), context.RequestAborted);
            var results = await ApplyAsync(request, layer, new Edits(Items("adds"), Items("updates"), [.. Items("deletes").SelectMany(id => Numbers(name, id.ToString()))], name, name));
            results.Insert(0, LayerMembers[0], layer.Number);
            answer.Add(results);

            IReadOnlyList<JsonElement> Items(string member)
                => !json.TryGetProperty(member, out var items) || items.ValueKind == JsonValueKind.Null ? []
                    : items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : throw new BadParameterException(name, items.GetRawText(), $"an array for {member}");
        }
        await request.WriteAsync(answer);
    }

    /// <summary>Whether there is nothing in it: clients write empty lists of what they do not change.</summary>
    private static bool IsEmpty(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => json.GetArrayLength() == 0,
        JsonValueKind.Object => json.EnumerateObject().All(member => IsEmpty(member.Value)),
        _ => false,
    };

    private async Task<EsriLayer> EditableAsync(string name, string number, CancellationToken cancellation)
    {
        var layer = await server.FindAsync(number, cancellation);
        return layer.IsEditable ? layer : throw new BadParameterException(name, number, "0: only issues can be changed");
    }

    /// <returns>What came of each change, by its kind.</returns>
    private async Task<JsonObject> ApplyAsync(EsriRequest request, EsriLayer layer, Edits edits)
    {
        var (context, cancellation) = (request.Context, request.Context.RequestAborted);
        var count = (edits.Adds?.Count ?? 0) + (edits.Updates?.Count ?? 0) + (edits.Deletes?.Count ?? 0);
        if (count > MostEdits)
        {
            throw new BadParameterException(edits.AddsName, $"{count} changes in all", $"at most {MostEdits} changes in all");
        }
        var isWhole = request.Get(QueryParameters.Rollback) ?? true;
        if (isWhole && edits.Updates?.Select(NumberOf).GroupBy(id => id).FirstOrDefault(g => g.Key > 0 && g.Count() > 1) is { } twice)
        {
            // What differs from what is there is looked up outside the transaction.
            throw new BadParameterException(edits.UpdatesName, $"issue {twice.Key} twice", $"each issue once where {QueryParameters.Rollback.Name} is not false");
        }
        if (edits.Deletes?.Count > 0)
        {
            context.User.Demand("deleting an issue", Roles.Administrator);
        }
        await using var batch = isWhole ? await IssueBatch.BeginAsync(database, cancellation) : null;
        if (batch is not null)
        {
            await batch.LockAsync([.. (edits.Updates ?? []).Select(NumberOf), .. edits.Deletes ?? []], cancellation);
        }
        var (to, actor, results, isRefused) = (batch is null ? changes : changes.Within(batch), context.User.Name(), new JsonObject(), false);
        await EachAsync("addResults", edits.Adds, async json => (await to.AddAsync(IssueBody.ReadNew(FeatureOf(json, isNew: true), null), actor, cancellation)).Id, _ => -1);
        await EachAsync("updateResults", edits.Updates, json => UpdateAsync(to, json, request, layer, actor), NumberOf);
        await EachAsync("deleteResults", edits.Deletes, async id => await to.DeleteAsync(id, _ => true, actor, cancellation) ? id : throw new NotFoundException("issue", $"{id}"), id => id);
        if (isRefused && batch is not null)
        {
            TakeBack(results);
        }
        else if (batch is not null)
        {
            await batch.CommitAsync(cancellation);
        }
        return results;

        async Task EachAsync<T>(string name, IReadOnlyList<T>? items, Func<T, Task<long>> act, Func<T, long> numberOf)
        {
            if (items is null)
            {
                return;
            }
            var each = new JsonArray();
            results[name] = each;
            foreach (var item in items)
            {
                var result = isRefused && batch is not null ? TakenBack(numberOf(item)) : await OneAsync(item, act, numberOf);
                isRefused |= !(bool)result["success"]!;
                each.Add(result);
            }
        }
    }

    private async Task<long> UpdateAsync(IssueChanges to, JsonElement json, EsriRequest request, EsriLayer layer, string actor)
    {
        var cancellation = request.Context.RequestAborted;
        var id = NumberOf(json);
        if (id < 0)
        {
            throw new BadParameterException($"attributes.{EsriFields.ObjectId}", null, "the number of an issue");
        }
        var attributes = json.GetProperty("attributes");
        // Clients send back what they have read; only what differs from what is there asks for a change.
        var (known, version) = await KnownAsync(id, attributes, request, layer);
        var issue = await to.EditAsync(id, v => version is null || v == version, IssueBody.ReadPatch(FeatureOf(json, isNew: false, known), null), actor, cancellation);
        return issue?.Id ?? throw new NotFoundException("issue", $"{id}");
    }

    /// <summary>Names of the attributes that say what is there already, and the version that the caller has seen, if it says so.</summary>
    /// <exception cref="NotFoundException">There is no such issue.</exception>
    /// <exception cref="BadParameterException">One would change what follows from other things.</exception>
    private async Task<(IReadOnlySet<string> Known, int? Version)> KnownAsync(long id, JsonElement attributes, EsriRequest request, EsriLayer layer)
    {
        var columns = EsriFields.ColumnsFor(layer.Layer, request.SeesReporters);
        await using var reading = await FeatureReading.OpenAsync(database, new FeatureQuery(layer.Layer) { Numbers = [id], Columns = columns, Shapes = false }, request.Context.RequestAborted);
        await foreach (var row in reading.ReadAsync(request.Context.RequestAborted))
        {
            var values = EsriFields.ValuesOf(row, columns);
            var known = new HashSet<string> { EsriFields.ObjectId };
            int? version = null;
            foreach (var member in attributes.EnumerateObject())
            {
                var i = columns.Index().FirstOrDefault(c => c.Item.Name == member.Name, (-1, null!)).Index;
                if (member.Name == "version" && member.Value.ValueKind == JsonValueKind.Number)
                {
                    version = member.Value.TryGetInt32(out var seen) ? seen : 0;
                    known.Add(member.Name);
                }
                else if (i >= 0 && IsSame(member.Value, values[i + 1]))
                {
                    known.Add(member.Name);
                }
                else if (i >= 0 && !IssueBody.EditableNames.Contains(member.Name))
                {
                    throw new BadParameterException($"attributes.{member.Name}", member.Value.GetRawText(), $"left out, or as it is; what can be changed is {string.Join(", ", IssueBody.EditableNames)}");
                }
            }
            return (known, version);
        }
        throw new NotFoundException("issue", $"{id}");
    }

    private static bool IsSame(JsonElement given, object? value) => (given.ValueKind, value) switch
    {
        (JsonValueKind.Null, null) => true,
        (JsonValueKind.String, string text) => given.ValueEquals(text),
        (JsonValueKind.Number, long whole) => given.TryGetDouble(out var number) && number == whole,
        (JsonValueKind.Number, double number) => given.TryGetDouble(out var other) && other == number,
        _ => false,
    };

    /// <summary>A feature of Esri's as a GeoJSON one of ours, in the system that it names: times become RFC 3339.</summary>
    /// <exception cref="BadParameterException">It is none.</exception>
    private static JsonElement FeatureOf(JsonElement json, bool isNew, IReadOnlySet<string>? known = null)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("attributes", out var attributes) || attributes.ValueKind != JsonValueKind.Object)
        {
            throw new BadParameterException("attributes", json.GetRawText(), "in a feature: {\"geometry\":{\"x\":112.68,\"y\":32.43},\"attributes\":{}}");
        }
        var properties = new JsonObject();
        foreach (var member in attributes.EnumerateObject())
        {
            // A new feature comes with an empty number; nulls say nothing there.
            if (known?.Contains(member.Name) == true || (isNew && (member.Name == EsriFields.ObjectId || member.Value.ValueKind == JsonValueKind.Null)))
            {
                continue;
            }
            var isTime = LayerCatalog.Issues.Find(member.Name) is { Kind: ColumnKind.Time };
            properties[member.Name] = isTime && member.Value.ValueKind == JsonValueKind.Number
                ? member.Value.TryGetDouble(out var ms) && Math.Abs(ms) < 1e14 ? JsonForm.Time(DateTime.UnixEpoch.AddMilliseconds(ms)) : throw new BadParameterException($"attributes.{member.Name}", member.Value.GetRawText(), "milliseconds since 1970")
                : JsonNode.Parse(member.Value.GetRawText());
        }
        var feature = new JsonObject { ["type"] = "Feature", ["properties"] = properties };
        if (json.TryGetProperty("geometry", out var geometry) && geometry.ValueKind != JsonValueKind.Null)
        {
            var (crs, x, y) = EsriGeometry.ReadPoint("geometry", geometry, SpatialReferences.LonLat);
            var (first, second) = crs.AxisOrder.ToWire(x, y);
            feature["geometry"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(first, second) };
            feature["coordRefSys"] = crs.Uri;
        }
        return JsonSerializer.SerializeToElement(feature);
    }

    /// <summary>The number that a feature says it has; -1 for none.</summary>
    private static long NumberOf(JsonElement json)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty("attributes", out var attributes) && attributes.ValueKind == JsonValueKind.Object
            && attributes.TryGetProperty(EsriFields.ObjectId, out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) && number > 0 ? number : -1;

    private static IReadOnlyList<long> Numbers(string name, string text) => [.. text.Trim('[', ']', ' ').Split(',').Select(part => int.TryParse(part.Trim(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id
        : throw new BadParameterException(name, text, "numbers of issues with commas between"))];

    private static async Task<JsonObject> OneAsync<T>(T item, Func<T, Task<long>> act, Func<T, long> numberOf)
    {
        try
        {
            return new JsonObject { ["objectId"] = await act(item), ["success"] = true };
        }
        catch (Exception refused) when (Problem.Describe(refused) is { Status: < 500 } problem)
        {
            return Refused(numberOf(item), problem.Status.Value, (string?)EsriErrors.Describe(problem, problem.Status.Value)["message"]);
        }
    }

    private static JsonObject Refused(long number, int code, string? why)
        => new() { ["objectId"] = number, ["success"] = false, ["error"] = new JsonObject { ["code"] = code, ["description"] = why } };

    private static JsonObject TakenBack(long number) => Refused(number, RolledBack, "Operation rolled back.");

    /// <summary>Takes back what was told of changes that went well before one was refused.</summary>
    private static void TakeBack(JsonObject results)
    {
        foreach (var (name, each) in results)
        {
            for (var i = 0; i < each!.AsArray().Count; i++)
            {
                if ((bool)each[i]!["success"]!)
                {
                    // The number of a new issue is none's now.
                    each[i] = TakenBack(name == "addResults" ? -1 : (long)each[i]!["objectId"]!);
                }
            }
        }
    }
}

/// <summary>Where a request says what is to be changed; null for what its address does not do.</summary>
/// <param name="Adds">New issues.</param>
/// <param name="Updates">Changed ones.</param>
/// <param name="Deletes">Numbers of those to be deleted.</param>
internal sealed record EditParameters(Parameter<string?>? Adds, Parameter<string?>? Updates, Parameter<string?>? Deletes)
{
    /// <summary>All of it at one address: what ArcGIS asks for.</summary>
    internal static readonly EditParameters All = new(QueryParameters.Adds, QueryParameters.Updates, QueryParameters.Deletes);

    /// <summary>Each at an address of its own: what QGIS and Esri's client for Leaflet ask for.</summary>
    internal static readonly IReadOnlyDictionary<string, EditParameters> ByAddress = new Dictionary<string, EditParameters>
    {
        ["addFeatures"] = new(QueryParameters.NewFeatures, null, null),
        ["updateFeatures"] = new(null, QueryParameters.ChangedFeatures, null),
        ["deleteFeatures"] = new(null, null, QueryParameters.DeletedIds),
    };

    /// <summary>The one thing that is done; null for several.</summary>
    internal Parameter? Only => this == All ? null : Adds ?? Updates ?? Deletes;
}
