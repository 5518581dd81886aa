using System.Text.Json.Nodes;
using GeoSanitation.Server.Documents;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Store.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Ogc.Processes;

/// <summary>What OGC API Processes says (OGC 18-062r2): hotspot methods as processes, runs as jobs.</summary>
internal static class ProcessDocuments
{
    internal const string Relations = "http://www.opengis.net/def/rel/ogc/1.0/";

    /// <summary>The conformance class of a server that may call those who asked for a process.</summary>
    internal const string CallbackClass = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/callback";

    /// <summary>Name of the one output.</summary>
    internal const string Output = "features";

    /// <summary>How many processes a page of their list has at most.</summary>
    internal static readonly Parameter<int?> Limit = Parameter.Whole("limit", 1, 1_000, "Processes on a page; all when left out", 20);

    /// <summary>How many of them are passed over.</summary>
    internal static readonly Parameter<int?> Offset = Parameter.Whole("offset", 0, int.MaxValue, "Processes that are passed over", 20);

    /// <summary>What a process takes.</summary>
    internal static IEnumerable<Parameter> InputsOf(HotspotMethod method) => [.. method.Parameters, .. AnalysisRequest.CommonParameters, .. IssueFilterQuery.Parameters];

    /// <summary>The list of processes, or a page of it.</summary>
    internal static JsonObject Processes(HttpRequest request, string root)
    {
        var (passed, most) = (Offset.Read(request.Query) ?? 0, Limit.Read(request.Query) ?? HotspotMethod.All.Count);
        var links = new JsonArray([.. OgcAnswer.SelfAndPage(request)]);
        if (HotspotMethod.All.Count - passed > most)
        {
            var next = new QueryBuilder(request.Query.Where(p => p.Key != Offset.Name)) { { Offset.Name, $"{passed + most}" } };
            links.Add(Links.Of("next", Links.Root(request) + request.Path.ToUriComponent() + next, OgcAnswer.Json, "More processes"));
        }
        return new JsonObject
        {
            ["processes"] = new JsonArray([.. HotspotMethod.All.Skip(passed).Take(most).Select(m => Summary(m, root))]),
            ["links"] = links,
        };
    }

    /// <summary>A process in the list.</summary>
    internal static JsonObject Summary(HotspotMethod method, string root) => new()
    {
        ["id"] = method.Name,
        ["title"] = method.Summary,
        ["description"] = $"{method.Summary}, of the issues that the inputs of the issue filter choose",
        ["version"] = $"{DocumentEndpoints.Version}-{method.Version}",
        ["jobControlOptions"] = new JsonArray("sync-execute", "async-execute", "dismiss"),
        ["outputTransmission"] = new JsonArray("value"),
        ["links"] = new JsonArray(
            Links.Of("self", $"{root}/processes/{method.Name}", OgcAnswer.Json, method.Summary),
            Links.Of(Relations + "execute", $"{root}/processes/{method.Name}/execution", OgcAnswer.Json, "Execute it by POST")),
    };

    /// <summary>A process with its inputs and its output.</summary>
    internal static async Task<JsonObject> DescribeAsync(HotspotMethod method, string root, CancellationToken cancellation)
    {
        var inputs = new JsonObject();
        foreach (var parameter in InputsOf(method))
        {
            var schema = JsonNode.Parse(await parameter.Schema.SerializeAsync(OpenApiSpecVersion.OpenApi3_0, OpenApiConstants.Json, cancellation));
            inputs[parameter.Name] = new JsonObject { ["title"] = parameter.Name, ["description"] = parameter.Description, ["minOccurs"] = 0, ["maxOccurs"] = 1, ["schema"] = schema };
        }
        var process = Summary(method, root);
        process["inputs"] = inputs;
        process["outputs"] = new JsonObject
        {
            [Output] = new JsonObject
            {
                ["title"] = "Features",
                ["description"] = "GeoJSON, with a member explain that says how they came about",
                ["schema"] = new JsonObject { ["type"] = "object", ["contentMediaType"] = OgcDocuments.GeoJson, ["format"] = "geojson-feature-collection" },
            },
        };
        return process;
    }

    /// <summary>A run as a job.</summary>
    /// <param name="run">The run.</param>
    /// <param name="progress">Part done, where this server knows better.</param>
    /// <param name="root">Address of the landing page.</param>
    internal static JsonObject Status(RunRecord run, double? progress, string root)
    {
        var status = new JsonObject
        {
            ["jobID"] = $"{run.Id}",
            ["processID"] = run.Method,
            ["type"] = "process",
            ["status"] = run.State switch { "queued" => "accepted", "running" => "running", "done" => "successful", "cancelled" => "dismissed", _ => "failed" },
            ["progress"] = (int)Math.Round(100 * (progress ?? run.Progress)),
            ["created"] = JsonForm.Time(run.CreatedAt),
            ["updated"] = JsonForm.Time(run.FinishedAt ?? run.StartedAt ?? run.CreatedAt),
        };
        if (run.StartedAt is { } started)
        {
            status["started"] = JsonForm.Time(started);
        }
        if (run.FinishedAt is { } finished)
        {
            status["finished"] = JsonForm.Time(finished);
        }
        if (run.Error is { } error)
        {
            status["message"] = error;
        }
        var links = new JsonArray(Links.Of("self", $"{root}/jobs/{run.Id}", OgcAnswer.Json, "This job"));
        if (run.State is "failed" or "cancelled")
        {
            // Where the result would be, it is said why there is none.
            links.Add(Links.Of(Relations + "exceptions", $"{root}/jobs/{run.Id}/results", "application/problem+json", "Why it has no result"));
        }
        if (run.State == "done")
        {
            links.Add(Links.Of(Relations + "results", $"{root}/jobs/{run.Id}/results", OgcDocuments.GeoJson, "Its result"));
        }
        status["links"] = links;
        return status;
    }
}
