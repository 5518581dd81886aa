using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Problems;
using GeoSanitation.Store;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Issues;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Issues;

/// <summary>
/// Adds, edits and moves issues on: what the caller does not say (ward, who answers, department, deadline, relapse) follows from the same rules as for files.
/// Every change is one transaction with its lines of history and audit, or part of a batch's.
/// </summary>
internal sealed class IssueChanges(Database database, Settings settings, IssueBatch? batch = null)
{
    /// <summary>How far the clocks of callers may be ahead.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private static readonly GeometryFactory Points = new(new PrecisionModel(), 4326);

    private readonly IssueStore _store = new(database, batch);
    private readonly RelapseRule _relapse = new(settings.Relapse.DistanceMeters, settings.Relapse.Days);

    /// <summary>The same within a batch: what it changes is kept when that is.</summary>
    internal IssueChanges Within(IssueBatch batch) => new(database, settings, batch);

    /// <summary>Adds an issue.</summary>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    /// <exception cref="ConflictException">The source has that external id already.</exception>
    internal async Task<Issue> AddAsync(IssueBody body, string actor, CancellationToken cancellation)
    {
        var now = DateTime.UtcNow;
        var reportedAt = body.Get<DateTime?>("reported_at", null) ?? new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        if (reportedAt > now + ClockSkew)
        {
            throw new BadParameterException("properties.reported_at", JsonForm.Time(reportedAt), "a time that is not in the future");
        }
        var place = body.Place!.Value;
        var reference = await IntakeReference.LoadAsync(database, Points.CreatePoint(new Coordinate(place.LonDegrees, place.LatDegrees)), cancellation);
        var category = CategoryOf(body.Get("category", ""), reference);
        var round = body.Get<string?>("round", null);
        var issue = Edited(new Issue
        {
            Source = body.Get("source", ""),
            ExternalId = body.Get<string?>("external_id", null) ?? Guid.CreateVersion7().ToString("N"),
            Category = new NamedCode(category.Code, category.Name, category.NameEn),
            Severity = body.Get<int?>("severity", null) ?? category.DefaultSeverity,
            Status = "reported",
            ReportedAt = reportedAt,
            LonDegrees = place.LonDegrees,
            LatDegrees = place.LatDegrees,
            InputCrs = body.Crs.Name,
            WardId = reference.Wards is [var ward, ..] ? ward.Id : null,
            RoundId = round is null ? null : RoundOf(round, reference),
        }, body);
        issue = issue with
        {
            Department = issue.Department ?? category.Department,
            Responsible = issue.Responsible ?? ResponsibleFor(reference, category, reportedAt),
        };
        return await _store.AddAsync(issue, _relapse, actor, cancellation)
            ?? throw new ConflictException($"source {issue.Source} has an issue {issue.ExternalId} already");
    }

    /// <summary>Edits an issue.</summary>
    /// <returns>The issue as it is now; null when there is none.</returns>
    /// <exception cref="BadParameterException">A value is not what it must be.</exception>
    /// <exception cref="StaleException">It was changed meanwhile.</exception>
    internal async Task<Issue?> EditAsync(long id, Func<int, bool> isVersion, IssueBody body, string actor, CancellationToken cancellation)
    {
        await using var edit = await _store.BeginEditAsync(id, cancellation);
        if (edit is null)
        {
            return null;
        }
        var issue = edit.Issue;
        Demand(issue.Id, issue.Version, isVersion);
        var changed = Edited(issue, body);
        var isMoved = body.Place is { } place && (place.LonDegrees, place.LatDegrees) != (issue.LonDegrees, issue.LatDegrees);
        var isRefiled = body.Has("category") && body.Get("category", "") != issue.Category.Code;
        if (isMoved)
        {
            changed = changed with { LonDegrees = body.Place!.Value.LonDegrees, LatDegrees = body.Place.Value.LatDegrees, InputCrs = body.Crs.Name };
        }
        if (isMoved || isRefiled || body.Has("round"))
        {
            var reference = await edit.ReferenceAsync(Points.CreatePoint(new Coordinate(changed.LonDegrees, changed.LatDegrees)), cancellation);
            changed = Referred(issue, changed, body, reference, isMoved, isRefiled);
        }
        return changed == issue
            ? issue
            : await edit.SaveAsync(changed, isMoved || isRefiled, new IssueChange(isMoved ? "moved" : "edited", null, null, null, Differences(issue, changed)), _relapse, actor, cancellation);
    }

    /// <summary>Moves an issue on in its life.</summary>
    /// <returns>The issue as it is now; null when there is none.</returns>
    /// <exception cref="ConflictException">There is no such move.</exception>
    /// <exception cref="StaleException">It was changed meanwhile.</exception>
    internal async Task<Issue?> MoveAsync(long id, Func<int, bool> isVersion, string to, string? note, string actor, CancellationToken cancellation)
    {
        await using var edit = await _store.BeginEditAsync(id, cancellation);
        if (edit is null)
        {
            return null;
        }
        var issue = edit.Issue;
        Demand(issue.Id, issue.Version, isVersion);
        var reference = await edit.ReferenceAsync(Points.CreatePoint(new Coordinate(issue.LonDegrees, issue.LatDegrees)), cancellation);
        var moved = Lifecycle.Move(issue, to, note, edit.Now, start => new WorkClock(settings.City, reference.Days).DueAt(start, CategoryOf(issue.Category.Code, reference)));
        var kind = moved.ReopenCount > issue.ReopenCount ? "reopened" : "transition";
        return await edit.SaveAsync(moved, replaced: false, new IssueChange(kind, issue.Status, to, note, Differences(issue, moved)), _relapse, actor, cancellation);
    }

    /// <summary>Deletes an issue with its history and attachments.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="StaleException">It was changed meanwhile.</exception>
    internal async Task<bool> DeleteAsync(long id, Func<int, bool> isVersion, string actor, CancellationToken cancellation)
    {
        await using var edit = await _store.BeginEditAsync(id, cancellation);
        if (edit is null)
        {
            return false;
        }
        Demand(edit.Issue.Id, edit.Issue.Version, isVersion);
        await edit.DeleteAsync(actor, cancellation);
        return true;
    }

    /// <summary>Refuses a change that is meant for another version.</summary>
    /// <exception cref="StaleException">It is.</exception>
    internal static void Demand(long id, int version, Func<int, bool> isVersion)
    {
        if (!isVersion(version))
        {
            throw new StaleException($"issue {id} was changed since; it is at version {version} now: read it again, then repeat what is still wanted");
        }
    }

    /// <summary>The properties that need nothing else to be known.</summary>
    private static Issue Edited(Issue issue, IssueBody body)
    {
        var edited = issue with
        {
            Severity = body.Get<int?>("severity", null) ?? issue.Severity,
            Title = body.Get("title", issue.Title),
            Description = body.Get("description", issue.Description),
            Address = body.Get("address", issue.Address),
            DueAt = body.Get("due_at", issue.DueAt),
            Responsible = body.Get("responsible", issue.Responsible),
            Department = body.Get("department", issue.Department),
            ReporterName = body.Get("reporter_name", issue.ReporterName),
            ReporterPhone = body.Get("reporter_phone", issue.ReporterPhone),
            ReporterEmail = body.Get("reporter_email", issue.ReporterEmail),
            AccuracyMeters = (float?)body.Get<double?>("accuracy_meters", issue.AccuracyMeters),
        };
        return edited.DueAt is { } due && body.Has("due_at") && due < issue.ReportedAt
            ? throw new BadParameterException("properties.due_at", JsonForm.Time(due), $"a time after the report, {JsonForm.Time(issue.ReportedAt)}, or null")
            : edited;
    }

    /// <summary>What follows from another place, category or round.</summary>
    private Issue Referred(Issue issue, Issue changed, IssueBody body, IntakeReference reference, bool isMoved, bool isRefiled)
    {
        var category = CategoryOf(body.Get("category", issue.Category.Code), reference);
        if (isMoved)
        {
            var ward = reference.Wards is [var deepest, ..] ? deepest : null;
            changed = ward?.Id == issue.WardId ? changed : changed with { WardId = ward?.Id, Ward = Coded(ward?.Code) };
        }
        if (isRefiled)
        {
            changed = changed with
            {
                Category = new NamedCode(category.Code, category.Name, category.NameEn),
                Department = body.Get("department", category.Department),
                // The clock that runs is the new category's.
                DueAt = body.Has("due_at") || issue.Status != "dispatched" || issue.DispatchedAt is not { } start
                    ? changed.DueAt
                    : new WorkClock(settings.City, reference.Days).DueAt(start, category) ?? issue.DueAt,
            };
        }
        if (isMoved || isRefiled)
        {
            changed = changed with { Responsible = body.Get("responsible", ResponsibleFor(reference, category, issue.ReportedAt)) };
        }
        return body.Has("round") && body.Get<string?>("round", null) is var round && round != issue.Round?.Code
            ? changed with { RoundId = round is null ? null : RoundOf(round, reference), Round = Coded(round) }
            : changed;

        // Names are read anew when it is saved; the history wants the code.
        static NamedCode? Coded(string? code) => code is null ? null : new NamedCode(code, code, null);
    }

    private string? ResponsibleFor(IntakeReference reference, CategoryShape category, DateTime reportedAt)
        => reference.Wards is [var ward, ..]
            ? new Responsibilities(reference).Find(0, category, new WorkClock(settings.City, reference.Days).DayOf(reportedAt)) is { } body ? Encoding.UTF8.GetString(body) : ward.Responsible
            : null;

    private static CategoryShape CategoryOf(string code, IntakeReference reference)
        => reference.Categories.FirstOrDefault(c => c.Code == code) ?? throw new BadParameterException("properties.category", code, "the code of a category; /api/categories lists them");

    private static int RoundOf(string code, IntakeReference reference)
        => reference.Rounds.TryGetValue(code, out var id) ? id : throw new BadParameterException("properties.round", code, "the code of a round, or null; /api/rounds lists them");

    /// <summary>What differs, as an object of [before, after]. Anybody may read it, so of the reporter it says only that something changed.</summary>
    private static string? Differences(Issue before, Issue after)
    {
        var differences = new JsonObject();
        void Compare<T>(string name, Func<Issue, T> value, Func<T, JsonNode?> shown)
        {
            var (old, now) = (value(before), value(after));
            if (!EqualityComparer<T>.Default.Equals(old, now))
            {
                differences[name] = new JsonArray(shown(old), shown(now));
            }
        }
        void Texts(string name, Func<Issue, string?> value) => Compare(name, value, text => text);
        Texts("category", i => i.Category.Code);
        Compare("severity", i => i.Severity, severity => severity);
        Texts("title", i => i.Title);
        Texts("description", i => i.Description);
        Texts("address", i => i.Address);
        Texts("due_at", i => i.DueAt is { } due ? JsonForm.Time(due) : null);
        Texts("responsible", i => i.Responsible);
        Texts("department", i => i.Department);
        Texts("ward", i => i.Ward?.Code);
        Texts("round", i => i.Round?.Code);
        Compare("accuracy_meters", i => i.AccuracyMeters, meters => meters);
        Compare("point", i => (i.LonDegrees, i.LatDegrees), point => new JsonArray(point.LonDegrees, point.LatDegrees));
        if ((before.ReporterName, before.ReporterPhone, before.ReporterEmail) != (after.ReporterName, after.ReporterPhone, after.ReporterEmail))
        {
            differences["reporter"] = "changed";
        }
        return differences.Count > 0 ? differences.ToJsonString(JsonForm.Options) : null;
    }
}
