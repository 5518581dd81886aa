using GeoSanitation.Server.Problems;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Issues;

/// <summary>
/// The life of an issue: reported, accepted, dispatched, resolved, closed. It may be rejected, with a reason, until it is dispatched; a resolved or closed one goes
/// back to dispatched when the check finds it undone. Who did the work resolves, who checks it closes: different roles.
/// </summary>
internal static class Lifecycle
{
    private static readonly Dictionary<string, string[]> Moves = new()
    {
        ["reported"] = ["accepted", "rejected"],
        ["accepted"] = ["dispatched", "rejected"],
        ["dispatched"] = ["resolved"],
        ["resolved"] = ["closed", "dispatched"],
        ["closed"] = ["dispatched"],
        ["rejected"] = [],
    };

    /// <summary>Where an issue of a status can go.</summary>
    internal static IReadOnlyList<string> From(string status) => Moves[status];

    /// <summary>The role that moves issues to a status.</summary>
    internal static string RoleFor(string status) => status == "resolved" ? Roles.Handler : Roles.Inspector;

    /// <summary>Whether a move to a status takes a reason.</summary>
    internal static bool NeedsNote(string status) => status == "rejected";

    /// <summary>The issue after a move, its times set.</summary>
    /// <param name="issue">The issue as it is.</param>
    /// <param name="to">A status.</param>
    /// <param name="note">What was said about it; the reason of a rejection.</param>
    /// <param name="now">The database's clock, UTC.</param>
    /// <param name="dueAt">From a start of the clock to the deadline of the issue's category, or null.</param>
    /// <exception cref="ConflictException">There is no such move.</exception>
    /// <exception cref="BadParameterException">A rejection says no reason.</exception>
    internal static Issue Move(Issue issue, string to, string? note, DateTime now, Func<DateTime, DateTime?> dueAt)
    {
        var allowed = From(issue.Status);
        if (!allowed.Contains(to))
        {
            throw new ConflictException(
                $"issue {issue.Id} is {issue.Status} and cannot become {to}; {(allowed.Count > 0 ? $"it can become {string.Join(" or ", allowed)}" : "it stays so")}", allowed);
        }
        if (NeedsNote(to) && note is null)
        {
            throw new BadParameterException("note", null, "the reason of the rejection");
        }
        var at = NotBeforeOthers(issue, now);
        var moved = issue with { Status = to };
        return to switch
        {
            "accepted" => moved with { AcceptedAt = at },
            "rejected" => moved with { RejectionReason = note },
            "resolved" => moved with { ResolvedAt = at },
            "closed" => moved with { ClosedAt = at },
            // The first dispatch keeps a deadline that was set before it; one that failed its check gets a new one.
            _ when issue.Status == "accepted" => moved with { DispatchedAt = at, DueAt = issue.DueAt ?? dueAt(at) },
            _ => moved with { DispatchedAt = at, ResolvedAt = null, ClosedAt = null, DueAt = dueAt(at) ?? issue.DueAt, ReopenCount = issue.ReopenCount + 1 },
        };
    }

    // Clocks differ, and a report or an imported time may lie a little ahead: what comes later in life is never earlier in time.
    private static DateTime NotBeforeOthers(Issue issue, DateTime now)
        => ((DateTime?[])[now, issue.ReportedAt, issue.AcceptedAt, issue.DispatchedAt, issue.ResolvedAt, issue.ClosedAt]).Max()!.Value;
}
