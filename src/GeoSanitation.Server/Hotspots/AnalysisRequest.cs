using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.FeatureTables;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>An analysis that somebody asks for, by whatever way: a method with its parameters, over the issues of a filter.</summary>
/// <param name="Method">The method.</param>
/// <param name="Filter">Which issues.</param>
/// <param name="BySeverity">Whether an issue weighs its severity, or 1.</param>
/// <param name="DefaultPoints">Whether issues on a geocoder's default point take part.</param>
/// <param name="Output">System of the answer's coordinates.</param>
/// <param name="Analysis">The method with its parameters filled in.</param>
/// <param name="Given">Names and values as they were given, by name.</param>
internal sealed record AnalysisRequest(
    HotspotMethod Method, IssueFilter Filter, bool BySeverity, bool DefaultPoints, Crs Output, Analysis Analysis, IReadOnlyList<KeyValuePair<string, string[]>> Given)
{
    /// <summary>What every method takes beside the issue filter.</summary>
    internal static IReadOnlyList<Parameter> CommonParameters { get; } =
        [Parameters.CommonParameters.Weight, Parameters.CommonParameters.IncludeDefaultPoints, Parameters.CommonParameters.Crs];

    /// <summary>A text that is equal only for requests that mean the same.</summary>
    internal string Key
    {
        get
        {
            var key = new StringBuilder(Method.Name);
            foreach (var (name, values) in Given)
            {
                foreach (var value in values)
                {
                    // With its length: no value can pass for two.
                    key.Append('\n').Append(name).Append(' ').Append(value.Length).Append(' ').Append(value);
                }
            }
            return key.ToString();
        }
    }

    /// <summary>A method with its usual parameters, of the issues of a query's filter.</summary>
    /// <param name="method">The method; <see cref="HotspotMethod.Usual"/> when null.</param>
    /// <param name="query">The query, whose other parameters are left to others.</param>
    /// <exception cref="BadParameterException">A value of the filter is not what it must be.</exception>
    internal static AnalysisRequest OfFilter(string? method, IQueryCollection query) => Parse(HotspotMethod.Find("method", method ?? HotspotMethod.Usual), IssueFilterQuery.Only(query));

    /// <summary>Reads a request from names and values.</summary>
    /// <exception cref="BadParameterException">A value is not what it must be, or the method does not take it.</exception>
    /// <exception cref="UnknownCrsException">There is no such system.</exception>
    internal static AnalysisRequest Parse(HotspotMethod method, IQueryCollection values)
    {
        foreach (var name in values.Keys)
        {
            if (!Taken(method.Parameters).Any(p => p.Name == name))
            {
                throw new BadParameterException(name, values[name], $"left out: beside the issue filter, {method.Name} takes {string.Join(", ", method.Parameters.Concat(CommonParameters).Select(p => p.Name))}");
            }
        }
        return new AnalysisRequest(
            method, IssueFilterQuery.Parse(values), Parameters.CommonParameters.Weight.Read(values) == "severity", Parameters.CommonParameters.IncludeDefaultPoints.Read(values),
            Parameters.CommonParameters.Crs.Read(values), method.Parse(values),
            [.. values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => KeyValuePair.Create(v.Key, v.Value.Select(text => text ?? "").ToArray()))]);
    }

    /// <summary>Does it, on the thread of the caller.</summary>
    /// <param name="points">The points of the filter.</param>
    /// <param name="wards">The wards.</param>
    /// <param name="settings">The operator's settings.</param>
    /// <param name="work">How it is to work.</param>
    /// <returns>The features, and how they came about.</returns>
    internal (FeatureTable Table, JsonObject Explain) Run(PointSnapshot points, WardSnapshot wards, Settings settings, AnalysisWork work)
    {
        var explain = new Explain(Method, [.. Given.Select(g => g.Key)]);
        var table = Analysis(AnalysisInput.Of(points, wards, settings, this, explain), explain, work);
        work.ThrowIfCancelled();
        return (table, explain.Finish());
    }

    /// <summary>All that is taken beside what a method takes of its own.</summary>
    internal static IReadOnlyList<Parameter> Taken(IReadOnlyList<Parameter> own) => [.. own, .. CommonParameters, .. IssueFilterQuery.Parameters];
}
