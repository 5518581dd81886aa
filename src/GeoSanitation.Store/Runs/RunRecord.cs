using NetTopologySuite.Geometries;

namespace GeoSanitation.Store.Runs;

/// <summary>An analysis that is to be kept, when it is asked for.</summary>
/// <param name="Name">What people call it, if anything.</param>
/// <param name="Method">The method.</param>
/// <param name="MethodVersion">Its version.</param>
/// <param name="ParametersJson">Parameters as they were given: an object.</param>
/// <param name="FilterJson">The issue filter as it was given: an object.</param>
/// <param name="DataVersion">The data that it is of.</param>
/// <param name="Actor">Who asked.</param>
/// <param name="Kept">False for a request that took too long to be waited for.</param>
/// <param name="CallbackJson">Whom to tell of it, an object with successUri, inProgressUri and failedUri, each of which may be missing, and what the caller said of the result; null for nothing of it.</param>
public sealed record NewRun(
    string? Name, string Method, int MethodVersion, string ParametersJson, string FilterJson, string DataVersion, string Actor, bool Kept, string? CallbackJson = null);

/// <summary>A run as it is on record.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it, if anything.</param>
/// <param name="Method">The method.</param>
/// <param name="MethodVersion">Its version.</param>
/// <param name="ParametersJson">Parameters as they were given: an object.</param>
/// <param name="FilterJson">The issue filter as it was given: an object.</param>
/// <param name="DataVersion">The data that it is of.</param>
/// <param name="Actor">Who asked.</param>
/// <param name="State"><c>queued</c>, <c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Progress">Part done, 0 to 1.</param>
/// <param name="ExplainJson">How the result came about; null without one.</param>
/// <param name="ColumnsJson">Names and types of the attributes, in their order.</param>
/// <param name="Features">Number of features.</param>
/// <param name="Error">Why there is no result.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="StartedAt">When the work began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="PublishedAt">When it was published, if it is.</param>
public sealed record RunRecord(
    long Id, string? Name, string Method, int MethodVersion, string ParametersJson, string FilterJson, string DataVersion, string Actor, string State, double Progress,
    string? ExplainJson, string ColumnsJson, int Features, string? Error, DateTime CreatedAt, DateTime? StartedAt, DateTime? FinishedAt, DateTime? PublishedAt);

/// <summary>Which runs are meant; every member narrows the choice.</summary>
/// <param name="Most">How many at most.</param>
public sealed record RunSelection(int Most)
{
    /// <summary>Only those with a lower id; null for all.</summary>
    public long? Before { get; init; }

    /// <summary>Only those of some methods; null for all.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>Only those in some states; null for all.</summary>
    public IReadOnlyList<string>? States { get; init; }

    /// <summary>Only those asked for at this time or later; null for all.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Only those asked for before this time; null for all.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Only those that have begun and took, or are taking, so many seconds or more; null for all.</summary>
    public int? ShortestSeconds { get; init; }

    /// <summary>Only those that have begun and took, or are taking, so many seconds or less; null for all.</summary>
    public int? LongestSeconds { get; init; }
}

/// <summary>A feature of a run.</summary>
/// <param name="Id">Its position in the result, from 1.</param>
/// <param name="Key">What tells it from the others of its run.</param>
/// <param name="PropertiesJson">Attributes: an object.</param>
/// <param name="Geometry">Longitude and latitude.</param>
public sealed record RunFeature(int Id, string Key, string PropertiesJson, Geometry Geometry);
