using System.Text.Json;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Issues;

/// <summary>The numbers of the issues of a filter, in one answer.</summary>
internal static class IssueSummaryEndpoint
{
    internal static void MapIssueSummary(this IEndpointRouteBuilder routes)
        => routes.MapGet("/api/issues/summary", GetIssueSummary).WithName("GetIssueSummary").WithTags("Issues").Takes(IssueFilterQuery.Parameters)
            .WithSummary("Numbers of the issues of a filter: by status, severity, category, ward, source, department, who answers and round, and over time")
            .Produces<IssueSummary>().Produces(304).ProducesProblem(400);

    private static Task GetIssueSummary(
        HttpContext context, PointSnapshots snapshots, DataSnapshots data, WardSnapshots wards, VersionedAnswers answers, Settings settings)
    {
        var filter = IssueFilterQuery.Parse(context.Request.Query);
        return answers.RespondAsync(context, "application/json", $"summary {IssuePointStore.KeyOf(filter)}", async (version, cancellation) =>
        {
            var points = await snapshots.GetAsync(filter, version, cancellation);
            var view = await data.CurrentAsync(cancellation);
            var summary = IssueSummary.Of(points, await wards.GetAsync(version, cancellation), view, filter, TimeZoneInfo.FindSystemTimeZoneById(settings.City.TimeZone));
            return new VersionedBody(JsonSerializer.SerializeToUtf8Bytes(summary, JsonForm.Options), points.DataVersion);
        });
    }
}
