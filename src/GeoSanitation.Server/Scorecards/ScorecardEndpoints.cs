using System.Text.Json;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Wards;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Scorecards;

/// <summary>How wards stand: open, overdue, on time, coming back, how long it takes, and over time.</summary>
internal static class ScorecardEndpoints
{
    private const string Description =
        "Counted are the issues reported in the period, a ward's with those of the wards within it. A rate x has the number of issues it stands on beside it as x_of, and is null where that is 0. "
        + "With a period of two ends, `previous` has the same figures of the time of the same length before.";

    internal static void AddScorecards(this IServiceCollection services) => services.AddSingleton<ScorecardReader>();

    internal static void MapScorecards(this IEndpointRouteBuilder routes)
    {
        var scorecards = routes.MapGroup("/api").WithTags("Scorecards");
        scorecards.MapGet("/scorecards", GetScorecards).WithName("GetScorecards").Takes(ScorecardParameters.OfList)
            .WithSummary("How the wards of a level stand, side by side").WithDescription(Description + " With `ward` only the wards within it are listed.")
            .Produces<ScorecardList>(200, "application/json", "text/csv").Produces(304).ProducesProblem(400);
        scorecards.MapGet("/wards/{code}/scorecard", GetScorecard).WithName("GetScorecard").Takes(WardEndpoints.Code).Takes(ScorecardParameters.OfWard)
            .WithSummary("How a ward stands, and the wards right below it").WithDescription(Description)
            .Produces<ScorecardOfWard>().Produces(304).ProducesProblem(400).ProducesProblem(404);
    }

    private static Task GetScorecards(HttpContext context, VersionedAnswers answers, ScorecardReader reader)
    {
        var query = context.Request.Query;
        var (filter, level, csv) = (ScorecardParameters.Filter(query, reader.Zone), ScorecardParameters.Level.Read(query), ScorecardParameters.Form.Read(query) == "csv");
        if (csv)
        {
            context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = "scorecards.csv" }.ToString();
        }
        var asked = $"scorecards {csv} {JsonSerializer.Serialize(level)} {IssuePointStore.KeyOf(filter)}";
        return answers.RespondAsync(context, csv ? "text/csv; charset=utf-8" : "application/json", asked, async (version, cancellation) =>
        {
            var reading = await reader.ReadAsync(filter, version, cancellation);
            var levels = LevelsOf(reading.Wards);
            if (level is not null && levels.All(l => l.Level != level))
            {
                throw new BadParameterException(ScorecardParameters.Level.Name, level, "one of " + string.Join(", ", levels.Select(l => l.Level)));
            }
            var wards = reading.Wards.Current.Where(w => (level is null || w.Level == level) && (filter.Wards.Count == 0 || reading.Wards.IsWithin(w, [.. filter.Wards])));
            var list = new ScorecardList(reading.Basis, level, levels, reading.Now.All, reading.Now.WithoutWard, reading.Of(wards));
            return new VersionedBody(csv ? ScorecardCsv.Of(list.Wards) : Json(list), reading.Basis.DataVersion);
        });
    }

    private static Task GetScorecard(string code, HttpContext context, VersionedAnswers answers, ScorecardReader reader)
    {
        code = PathText.Decoded(code);
        var filter = ScorecardParameters.Filter(context.Request.Query, reader.Zone) with { Wards = [code] };
        return answers.RespondAsync(context, "application/json", $"scorecard {IssuePointStore.KeyOf(filter)}", async (version, cancellation) =>
        {
            var reading = await reader.ReadAsync(filter, version, cancellation);
            var ward = reading.Wards.Current.FirstOrDefault(w => w.Code == code) ?? throw new NotFoundException("ward", code);
            return new VersionedBody(Json(new ScorecardOfWard(reading.Basis, reading.Of([ward])[0], reading.Of(reading.Wards.Current.Where(w => w.ParentId == ward.Id)))), reading.Basis.DataVersion);
        });
    }

    private static byte[] Json<T>(T body) => JsonSerializer.SerializeToUtf8Bytes(body, JsonForm.Options);

    /// <summary>Levels by how deep in the tree they begin.</summary>
    private static WardLevel[] LevelsOf(WardSnapshot wards)
        => [.. wards.Current.GroupBy(w => w.Level).OrderBy(g => g.Min(w => wards.Chain(w.Id).Count())).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => new WardLevel(g.Key, g.Count()))];
}
