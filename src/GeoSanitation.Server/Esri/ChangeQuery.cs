using System.Globalization;
using System.Text.Json;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Esri;

/// <summary>What <c>extractChanges</c> is asked for.</summary>
/// <param name="Name">The parameter that says since when.</param>
/// <param name="Since">The first generation whose changes are wanted.</param>
/// <param name="Until">The first that is not; null for the one now.</param>
/// <param name="Inserts">Whether new issues are wanted.</param>
/// <param name="Updates">Whether changed ones are.</param>
/// <param name="Deletes">Whether deleted ones are.</param>
/// <param name="OnlyIds">Whether their numbers are enough.</param>
/// <param name="DeletedFeatures">Whether of deleted ones more than the number is wanted.</param>
internal sealed record ChangeQuery(string Name, long Since, long? Until, bool Inserts, bool Updates, bool Deletes, bool OnlyIds, bool DeletedFeatures)
{
    internal static readonly Parameter<string?> Format = QueryParameters.Choice("f", "Form of the answer; JSON, or HTML for a browser, when left out", "pjson", "json");

    private const string LayerGens = "layerServerGens";
    private const string Gens = "serverGens";
    private const int LongestText = 2000;

    private static readonly Parameter<string?> Layers = QueryParameters.Text("layers", "Numbers of the layers, commas between, or an array: only 0, issues, is tracked", "[0]", LongestText);
    private static readonly Parameter<string?> LayerServerGens = QueryParameters.Text(LayerGens, "Since when, for each layer: an array of objects with id and serverGen, as changeTrackingInfo of the service and the last answer say", """[{"id":0,"serverGen":10500}]""", LongestText);
    private static readonly Parameter<string?> ServerGens = QueryParameters.Text(Gens, "Instead of layerServerGens: since when, or since and until when, a number or an array of two", "[10500,10600]", LongestText);
    private static readonly Parameter<bool?> ReturnInserts = QueryParameters.Switch("returnInserts", "Tells of new issues. Where none of the three is given, all are told; where one is, only those that are true");
    private static readonly Parameter<bool?> ReturnUpdates = QueryParameters.Switch("returnUpdates", "Tells of changed issues");
    private static readonly Parameter<bool?> ReturnDeletes = QueryParameters.Switch("returnDeletes", "Tells of deleted issues");
    private static readonly Parameter<bool?> ReturnIdsOnly = QueryParameters.Switch("returnIdsOnly", "Tells numbers instead of features");
    private static readonly Parameter<bool?> ReturnDeletedFeatures = QueryParameters.Switch("returnDeletedFeatures", "Tells of deleted issues what is remembered of them: place, category, severity, status, ward, who answered for it, times");
    private static readonly Parameter<string?> DataFormat = QueryParameters.Choice("dataFormat", "Form of the changes", "json");
    private static readonly Parameter<string?> TransportType = QueryParameters.Choice("transportType", "How the changes are sent: in the answer, whatever is asked for", "esriTransportTypeUrl", "esriTransportTypeEmbedded");
    private static readonly Parameter<bool?> Async = QueryParameters.Switch("async", "Must be false or left out: the answer comes at once");

    /// <summary>What it may say.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } =
    [
        Format, QueryParameters.Token, Layers, LayerServerGens, ServerGens, ReturnInserts, ReturnUpdates, ReturnDeletes, ReturnIdsOnly, ReturnDeletedFeatures, DataFormat, TransportType, Async,
        QueryParameters.OutReference, QueryParameters.Precision,
    ];

    private static readonly string[] NotTaken = ["layerQueries", "geometry", "fieldsToCompare"];
    private static readonly Parameter<bool?>[] NotOffered = [Async, .. ((string[])["returnAttachments", "returnExtentOnly", "returnHasGeometryUpdates", "returnAttachmentsDataByUrl"]).Select(name => QueryParameters.Switch(name, ""))];

    /// <exception cref="BadParameterException">A parameter is not what it may be.</exception>
    internal static ChangeQuery Of(EsriRequest request)
    {
        request.RefuseNarrowing(NotTaken, "changes are told of the whole layer");
        foreach (var parameter in NotOffered.Where(p => request.Get(p) == true))
        {
            throw new BadParameterException(parameter.Name, "true", "false or left out");
        }
        request.Get(DataFormat);
        request.Get(TransportType);
        if (request.Get(Layers) is { } layers && layers.Trim('[', ']', ' ').Split(',').FirstOrDefault(part => part.Trim() != $"{ChangesEndpoint.TrackedLayer}") is not null)
        {
            throw new BadParameterException(Layers.Name, layers, $"{ChangesEndpoint.TrackedLayer}: only changes of issues are tracked");
        }
        var (inserts, updates, deletes) = (request.Get(ReturnInserts), request.Get(ReturnUpdates), request.Get(ReturnDeletes));
        var all = inserts is null && updates is null && deletes is null;
        var (name, since, until) = request.Get(LayerServerGens) is { } ofLayers ? (LayerGens, OfLayer(ofLayers), null)
            : request.Get(ServerGens) is { } gens ? Between(gens)
            : throw new BadParameterException(LayerGens, null, "given, or serverGens: since when changes are wanted");
        return new ChangeQuery(name, since, until, inserts ?? all, updates ?? all, deletes ?? all, request.Get(ReturnIdsOnly) == true, request.Get(ReturnDeletedFeatures) == true);
    }

    private static long OfLayer(string text)
    {
        foreach (var layer in EsriJson.Array(LayerGens, text))
        {
            if (layer.ValueKind == JsonValueKind.Object && layer.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) && number == ChangesEndpoint.TrackedLayer
                && layer.TryGetProperty("serverGen", out var gen) && gen.ValueKind == JsonValueKind.Number && gen.TryGetInt64(out var since))
            {
                return since;
            }
        }
        throw new BadParameterException(LayerGens, text, $$"""an array with the generation of layer {{ChangesEndpoint.TrackedLayer}}: [{"id":{{ChangesEndpoint.TrackedLayer}},"serverGen":10500}]""");
    }

    private static (string Name, long Since, long? Until) Between(string text)
    {
        long[] numbers = [.. text.Trim('[', ']', ' ').Split(',').Select(part => long.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)];
        return numbers switch
        {
            [>= 0 and var since] => (Gens, since, null),
            [>= 0 and var since, var until] when until >= since => (Gens, since, until),
            _ => throw new BadParameterException(Gens, text, "a generation, or an array of two, the first not after the second"),
        };
    }
}
