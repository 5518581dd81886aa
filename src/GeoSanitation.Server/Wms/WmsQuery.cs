using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace GeoSanitation.Server.Wms;

/// <summary>The keys and values of a request. Keys may be written in any case, and those that nobody knows are passed over, as the protocol has it.</summary>
internal sealed class WmsQuery
{
    // The box of a map is no filter, and its limits are those of the picture.
    private static readonly string[] FilterNames = [.. IssueFilterQuery.Parameters.Select(p => p.Name).Where(name => name is not "bbox" and not "datetime")];

    private readonly Dictionary<string, StringValues> _values = new(StringComparer.OrdinalIgnoreCase);

    internal WmsQuery(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            _values[name] = StringValues.Concat(_values.GetValueOrDefault(name), values);
        }
        IsNewer = string.CompareOrdinal(Text("version") ?? (Has("srs") && !Has("crs") ? "1.1.1" : "1.3.0"), "1.3") >= 0;
    }

    /// <summary>True for version 1.3.0, false for 1.1.1: of others, the one below.</summary>
    internal bool IsNewer { get; }

    /// <summary>The issue filter, TIME being its datetime.</summary>
    internal IQueryCollection FilterValues
    {
        get
        {
            var values = FilterNames.Where(Has).ToDictionary(name => name, name => _values[name]);
            if ((Text("time") ?? Text("datetime")) is { } time)
            {
                // A resolution behind the interval says nothing of which issues are meant.
                values["datetime"] = string.Join('/', time.Split('/').Take(2));
            }
            return new QueryCollection(values);
        }
    }

    /// <summary>The issues that are meant.</summary>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    internal IssueFilter Filter
    {
        get
        {
            try
            {
                return IssueFilterQuery.Parse(FilterValues);
            }
            catch (BadParameterException bad) when (bad.Parameter == "datetime")
            {
                throw new BadParameterException("time", bad.Value, bad.Allowed);
            }
        }
    }

    /// <summary>The parameters of the heatmap, under their own names.</summary>
    internal IQueryCollection HeatmapValues => new QueryCollection(HeatmapParameters.Parameters.Select(p => p.Name).Where(Has).ToDictionary(name => name, name => _values[name]));

    internal bool Has(string name) => Text(name) is not null;

    /// <summary>A value, or null where there is none or an empty one.</summary>
    /// <exception cref="BadParameterException">There are two, and they differ.</exception>
    internal string? Text(string name) => _values.TryGetValue(name, out var values) && values.Distinct().ToArray() is var different
        ? different.Length <= 1 || FilterNames.Contains(name.ToLowerInvariant()) ? different.FirstOrDefault() is { Length: > 0 } text ? text : null : throw new BadParameterException(name, values.ToString(), "given once")
        : null;

    /// <summary>A value that must be there.</summary>
    /// <exception cref="BadParameterException">It is not.</exception>
    internal string Required(string name, string allowed) => Text(name) ?? throw new BadParameterException(name, null, allowed);

    /// <summary>A whole number within limits; null where there is none.</summary>
    /// <exception cref="BadParameterException">It is something else.</exception>
    internal int? Whole(string name, int least, int most) => Text(name) is not { } text ? null
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new BadParameterException(name, text, $"a whole number from {least} to {most}");
}
