using System.Text;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Filters;

/// <summary>An issue filter over rows of a file, where there is no database to ask; it means what <see cref="IssueFilter"/> means there.</summary>
/// <remarks>Relapses, default points, numbers and last changes are not judged: no row can tell by itself.</remarks>
internal sealed class IssueMatch
{
    private static readonly byte[][] WaitingStatuses = ["reported"u8.ToArray(), "accepted"u8.ToArray(), "dispatched"u8.ToArray()];

    private readonly IssueFilter _filter;
    private readonly HashSet<int> _wards;
    private readonly HashSet<int> _rounds;
    private readonly HashSet<string> _categories;
    private readonly byte[][] _statuses, _sources, _departments;
    private readonly DateTime _nowUtc;

    /// <param name="filter">The filter.</param>
    /// <param name="wards">The wards, which know what lies within what.</param>
    /// <param name="rounds">Rounds by code.</param>
    /// <param name="nowUtc">When deadlines are looked at.</param>
    /// <exception cref="BadParameterException">The filter asks for what only a database judges.</exception>
    internal IssueMatch(IssueFilter filter, WardSnapshot wards, IReadOnlyDictionary<string, int> rounds, DateTime nowUtc)
    {
        if (filter.Where is not null)
        {
            throw new BadParameterException("filter", "given", "left out: conditions in CQL2 are judged by a database, and these issues come from a file");
        }
        (_filter, _nowUtc) = (filter, nowUtc);
        _wards = [.. wards.Current.Where(w => wards.IsWithin(w, filter.Wards)).Select(w => w.Id)];
        _rounds = [.. filter.Rounds.Where(rounds.ContainsKey).Select(code => rounds[code])];
        _categories = [.. filter.Categories];
        (_statuses, _sources, _departments) = (Bytes(filter.Statuses), Bytes(filter.Sources), Bytes(filter.Departments));
    }

    /// <summary>Past its deadline, and not yet resolved.</summary>
    internal bool IsOverdue(StagedIssue issue) => issue.DueAt <= _nowUtc && IsOneOf(issue.Status, WaitingStatuses);

    /// <summary>Whether the filter wants an issue.</summary>
    internal bool Holds(StagedIssue issue, CategoryShape category)
        => (_filter.Boxes.Count == 0 || _filter.Boxes.Any(box => box.Contains(issue.LonDegrees, issue.LatDegrees)))
            && !(issue.ReportedAt < _filter.ReportedFrom?.UtcDateTime) && !(issue.ReportedAt >= _filter.ReportedBefore?.UtcDateTime)
            && (_filter.Wards.Count == 0 || (issue.WardId is { } ward && _wards.Contains(ward)))
            && (_categories.Count == 0 || _categories.Contains(category.Code) || (category.ParentCode is { } parent && _categories.Contains(parent)))
            && (_statuses.Length == 0 || IsOneOf(issue.Status, _statuses))
            && !(issue.Severity < _filter.SeverityFrom) && !(issue.Severity > _filter.SeverityTo)
            && (_filter.Overdue is null || _filter.Overdue == IsOverdue(issue))
            && (_filter.Rounds.Count == 0 || (issue.RoundId is { } round && _rounds.Contains(round)))
            && (_sources.Length == 0 || IsOneOf(issue.Source, _sources))
            && (_departments.Length == 0 || IsOneOf(issue.Department, _departments))
            && (_filter.Near is not { } near || Geodesic.Meters(new(near.LonDegrees, near.LatDegrees), new(issue.LonDegrees, issue.LatDegrees)) <= near.RadiusMeters)
            && (_filter.Text is not { } text || new[] { issue.Title, issue.Description, issue.Address, issue.ExternalId }
                .Any(field => Encoding.UTF8.GetString(field.Span).Contains(text, StringComparison.OrdinalIgnoreCase)));

    private static byte[][] Bytes(IReadOnlyList<string> texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static bool IsOneOf(ReadOnlyMemory<byte> text, byte[][] words)
    {
        foreach (var word in words)
        {
            if (text.Span.SequenceEqual(word))
            {
                return true;
            }
        }
        return false;
    }
}
