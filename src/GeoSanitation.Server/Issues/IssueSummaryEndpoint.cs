using System.Text.Json;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store.Issues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoSanitation.Server.Issues;

/// <summary>The numbers of the issues of a filter, in one answer. Those of all issues, which every visitor's page asks for first, are made when the server starts.</summary>
internal sealed class IssueSummaryEndpoint(PointSnapshots snapshots, DataSnapshots data, WardSnapshots wards, VersionedAnswers answers, Settings settings, ILogger<IssueSummaryEndpoint> log)
    : BackgroundService
{
    private const string MediaType = "application/json";

    internal static void AddTo(IServiceCollection services)
        => services.AddSingleton<IssueSummaryEndpoint>().AddHostedService(provider => provider.GetRequiredService<IssueSummaryEndpoint>());

    internal static void Map(IEndpointRouteBuilder routes)
        => routes.MapGet("/api/issues/summary", (HttpContext context, IssueSummaryEndpoint summary) => summary.RespondAsync(context)).WithName("GetIssueSummary").WithTags("Issues")
            .Takes(IssueFilterQuery.Parameters)
            .WithSummary("Numbers of the issues of a filter: by status, severity, category, ward, source, department, who answers and round, and over time")
            .Produces<IssueSummary>().Produces(304).ProducesProblem(400);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var view = await data.ReadAsync(stoppingToken);
            answers.Keep(MediaType, KeyOf(IssueFilter.All), await MakeAsync(IssueFilter.All, view.Version, stoppingToken));
        }
        catch (Exception problem)
        {
            // Who asks first waits for them, and is told if they cannot be made; the server runs on.
            log.LogDebug("The numbers of all issues were not made at the start: {Problem}", problem.Message);
        }
    }

    private Task RespondAsync(HttpContext context)
    {
        var filter = IssueFilterQuery.Parse(context.Request.Query);
        return answers.RespondAsync(context, MediaType, KeyOf(filter), async (version, cancellation) => await MakeAsync(filter, version, cancellation));
    }

    private async Task<VersionedBody> MakeAsync(IssueFilter filter, string version, CancellationToken cancellation)
    {
        var points = await snapshots.GetAsync(filter, version, cancellation);
        var view = await data.CurrentAsync(cancellation);
        var summary = IssueSummary.Of(points, await wards.GetAsync(version, cancellation), view, filter, TimeZoneInfo.FindSystemTimeZoneById(settings.City.TimeZone));
        return new VersionedBody(JsonSerializer.SerializeToUtf8Bytes(summary, JsonForm.Options), points.DataVersion);
    }

    private static string KeyOf(IssueFilter filter) => $"summary {IssuePointStore.KeyOf(filter)}";
}
