using GeoSanitation.Store.Predicates;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Store.Issues;

/// <summary>Which issues are meant: every member narrows the choice, and one left out says nothing.</summary>
/// <remarks>Parsed once for every endpoint by the server's Filters folder, turned into SQL by <see cref="IssueFilterSql"/>.</remarks>
public sealed record IssueFilter
{
    /// <summary>All issues.</summary>
    public static IssueFilter All { get; } = new();

    /// <summary>Numbers of issues.</summary>
    public IReadOnlyList<long> Ids { get; init; } = [];

    /// <summary>Lon/lat boxes, degrees; an issue lies in one of them (two when a box crosses the antimeridian).</summary>
    public IReadOnlyList<Envelope> Boxes { get; init; } = [];

    /// <summary>Earliest report, included.</summary>
    public DateTimeOffset? ReportedFrom { get; init; }

    /// <summary>End of the reports, left out.</summary>
    public DateTimeOffset? ReportedBefore { get; init; }

    /// <summary>Earliest last change, included.</summary>
    public DateTimeOffset? UpdatedFrom { get; init; }

    /// <summary>Ward codes; their descendants are meant too.</summary>
    public IReadOnlyList<string> Wards { get; init; } = [];

    /// <summary>Category codes; their children are meant too.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Statuses, spelled out ("open" is already resolved into its four).</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>Lowest severity, 1-5, included.</summary>
    public int? SeverityFrom { get; init; }

    /// <summary>Highest severity, 1-5, included.</summary>
    public int? SeverityTo { get; init; }

    /// <summary>Past the deadline and not yet resolved (true), or not so (false).</summary>
    public bool? Overdue { get; init; }

    /// <summary>Linked to an earlier closed issue (true), or not (false).</summary>
    public bool? Relapse { get; init; }

    /// <summary>Round codes.</summary>
    public IReadOnlyList<string> Rounds { get; init; } = [];

    /// <summary>Sources, such as "covert".</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Departments.</summary>
    public IReadOnlyList<string> Departments { get; init; } = [];

    /// <summary>Within so many meters (geodesic) of a lon/lat point.</summary>
    public (double LonDegrees, double LatDegrees, double RadiusMeters)? Near { get; init; }

    /// <summary>Words to be found in title, description, address or external id.</summary>
    public string? Text { get; init; }

    /// <summary>A condition of some filter language on the attributes of <see cref="Layers.LayerCatalog.Issues"/>; null for none.</summary>
    public Predicate? Where { get; init; }

    /// <summary>False leaves out issues that stand on a geocoder's default point (<c>location_quality</c>).</summary>
    public bool IncludeDefaultPoints { get; init; } = true;
}
