using System.Text.Json;
using System.Text.RegularExpressions;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Layers;

namespace GeoSanitation.Server.Esri;

/// <summary>Statistics and different values that a request asks for.</summary>
internal static partial class FeatureGrouping
{
    private const string Parameter = "outStatistics";
    private const int MostStatistics = 50;

    private static readonly Dictionary<string, StatisticKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["count"] = StatisticKind.Count,
        ["sum"] = StatisticKind.Sum,
        ["min"] = StatisticKind.Least,
        ["max"] = StatisticKind.Greatest,
        ["avg"] = StatisticKind.Average,
        ["stddev"] = StatisticKind.Deviation,
        ["var"] = StatisticKind.Variance,
        ["percentile_cont"] = StatisticKind.Percentile,
        ["percentile_disc"] = StatisticKind.DiscretePercentile,
    };

    /// <summary>The groups of a request, and the fields that they are answered with.</summary>
    /// <exception cref="BadParameterException">A parameter is not what it may be.</exception>
    internal static (FeatureGroups Groups, IReadOnlyList<EsriField> Fields) Of(EsriRequest request, EsriLayer layer, FeatureQuery query)
    {
        var statistics = request.Get(QueryParameters.Statistics) is { } text ? Statistics(text, request, layer) : [];
        var names = statistics.Count > 0 ? request.Get(QueryParameters.GroupBy) : request.Get(QueryParameters.Fields);
        var parameter = statistics.Count > 0 ? QueryParameters.GroupBy.Name : QueryParameters.Fields.Name;
        var by = (names is ["*"] || (names.Length == 0 && statistics.Count == 0) ? EsriFields.ColumnsFor(layer.Layer, request.SeesReporters).Where(c => c.Kind != ColumnKind.Json) : names.Select(n => FeatureSelection.Column(parameter, n, request, layer))).DistinctBy(c => c.Name).ToList();
        if (by.Find(c => c.Kind == ColumnKind.Json) is { } json)
        {
            throw new BadParameterException(parameter, json.Name, "fields that are no JSON");
        }
        List<EsriField> fields = [.. by.Select(FieldOf), .. statistics.Select(s => new EsriField(s.Name, EsriFields.TypeOf(s.Statistic.ResultKind)))];
        var order = FeatureSelection.Order(request).Select(o => (Position: fields.FindIndex(f => f.Name.Equals(o.Name, StringComparison.OrdinalIgnoreCase)), o.Descending)).ToList();
        if (order.Exists(o => o.Position < 0) || order.DistinctBy(o => o.Position).Count() != order.Count)
        {
            throw new BadParameterException(QueryParameters.Order.Name, string.Join(',', request.Get(QueryParameters.Order)), $"different ones of {string.Join(", ", fields.Select(f => f.Name))}");
        }
        var having = request.Get(QueryParameters.Having) is { } condition && statistics.Count > 0 ? FeatureSelection.Condition(QueryParameters.Having.Name, condition, request, layer, by) : null;
        var limit = Math.Min(request.Get(QueryParameters.Count) ?? FeatureServer.MostFeatures, FeatureServer.MostFeatures);
        return (new FeatureGroups(query)
        {
            By = by,
            Statistics = [.. statistics.Select(s => s.Statistic)],
            Having = having,
            Order = order,
            Offset = request.Get(QueryParameters.Offset) ?? 0,
            // One more, to know whether there are more.
            Limit = limit + 1,
        }, fields);
    }

    // Within groups a feature's number is a value like others, and none tells them apart.
    private static EsriField FieldOf(LayerColumn column) => column.Name == "number" ? new EsriField(EsriFields.ObjectId, EsriFields.WholeType) : EsriFields.Of(column);

    private static List<(string Name, Statistic Statistic)> Statistics(string text, EsriRequest request, EsriLayer layer)
    {
        var wanted = EsriJson.Array(Parameter, text).Select(json => Read(json, request, layer)).ToList();
        if (wanted.Count is 0 or > MostStatistics || wanted.DistinctBy(s => s.Name.ToUpperInvariant()).Count() != wanted.Count)
        {
            throw new BadParameterException(Parameter, text, $"an array of 1 to {MostStatistics} statistics with names of their own");
        }
        return wanted;
    }

    private static (string Name, Statistic Statistic) Read(JsonElement json, EsriRequest request, EsriLayer layer)
    {
        string Member(string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? EsriJson.Text($"{Parameter}.{name}", value) : throw new BadParameterException($"{Parameter}.{name}", null, "given");
        var (type, field) = (Member("statisticType"), Member("onStatisticField"));
        if (!Kinds.TryGetValue(type, out var kind))
        {
            throw new BadParameterException($"{Parameter}.statisticType", type, "one of " + string.Join(", ", Kinds.Keys));
        }
        var (part, descending) = (0d, false);
        if (kind is StatisticKind.Percentile or StatisticKind.DiscretePercentile)
        {
            if (!json.TryGetProperty("statisticParameters", out var parameters) || parameters.ValueKind != JsonValueKind.Object)
            {
                throw new BadParameterException($"{Parameter}.statisticParameters", null, "an object with value and perhaps orderBy");
            }
            part = EsriJson.Number($"{Parameter}.statisticParameters", parameters, "value");
            descending = parameters.TryGetProperty("orderBy", out var way) && EsriJson.Text($"{Parameter}.statisticParameters.orderBy", way).Equals("DESC", StringComparison.OrdinalIgnoreCase);
            if (part is < 0 or > 1)
            {
                throw new BadParameterException($"{Parameter}.statisticParameters", parameters.GetRawText(), "an object whose value is from 0 to 1");
            }
        }
        var statistic = new Statistic(kind, field == "*" && kind == StatisticKind.Count ? layer.Layer.NumberColumn : FeatureSelection.Column($"{Parameter}.onStatisticField", field, request, layer), part, descending);
        if (!statistic.IsPossible)
        {
            throw new BadParameterException($"{Parameter}.statisticType", type, $"one that {field} can have; it is {EsriFields.TypeOf(statistic.Column.Kind)}");
        }
        var name = json.TryGetProperty("outStatisticFieldName", out var own) && own.ValueKind != JsonValueKind.Null ? EsriJson.Text($"{Parameter}.outStatisticFieldName", own) : $"{type}_{field}".Replace("*", "all", StringComparison.Ordinal);
        return NameForm().IsMatch(name) ? (name, statistic) : throw new BadParameterException($"{Parameter}.outStatisticFieldName", name, "a name of at most 64 letters, digits and underscores, no digit first");
    }

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]{0,63}$")]
    private static partial Regex NameForm();
}
