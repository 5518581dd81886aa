using GeoSanitation.Server.Http;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Scorecards;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Wards;
using GeoSanitation.Store;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.WardReports;

/// <summary>A ward on paper: figures, trend, categories, map, and the list of what is overdue.</summary>
internal static class WardReportEndpoint
{
    /// <summary>So many overdue issues are listed; who has more needs another list than one on paper.</summary>
    private const int MostListed = 120;

    private static readonly RowOrder ByDeadline = new(LayerCatalog.Issues, new SortKey(LayerCatalog.Issues.Find("due_at")!, Descending: false));

    internal static void MapWardReports(this IEndpointRouteBuilder routes)
        => routes.MapGet("/api/wards/{code}/report.pdf", GetWardReport).WithName("GetWardReport").WithTags("Scorecards").Takes(WardEndpoints.Code)
            .Takes(ScorecardParameters.OfWard.Prepend(ReportWords.Language))
            .WithSummary("A report of a ward for a period as PDF: figures, trend, categories, map, wards within it and what is overdue")
            .Produces(200, contentType: "application/pdf").Produces(304).ProducesProblem(400).ProducesProblem(404).ProducesProblem(StatusCodes.Status501NotImplemented);

    private static Task GetWardReport(
        string code, HttpContext context, VersionedAnswers answers, ScorecardReader reader, PointSnapshots points, DataSnapshots data, Database database)
    {
        code = PathText.Decoded(code);
        var words = ReportWords.Of(ReportWords.Language.Read(context.Request.Query));
        var filter = ScorecardParameters.Filter(context.Request.Query, reader.Zone) with { Wards = [code] };
        if (!words.CanBeWritten)
        {
            return TypedResults.Problem("This machine has no font with the letters of the report; on Debian fonts-noto-cjk has them.", statusCode: StatusCodes.Status501NotImplemented, title: "No font").ExecuteAsync(context);
        }
        return answers.RespondAsync(context, "application/pdf", $"report {words.English} {IssuePointStore.KeyOf(filter)}", async (version, cancellation) =>
        {
            var reading = await reader.ReadAsync(filter, version, cancellation);
            var ward = reading.Wards.Current.FirstOrDefault(w => w.Code == code) ?? throw new NotFoundException("ward", code);
            var chosen = await points.GetAsync(filter, version, cancellation);
            await using var page = await new IssueStore(database).OpenPageAsync(new(filter with { Overdue = true }, ByDeadline, null, MostListed, true), cancellation);
            var overdue = new List<Issue>();
            await foreach (var issue in page.ReadAsync(cancellation))
            {
                overdue.Add(issue);
            }
            var view = await data.CurrentAsync(cancellation);
            var report = new WardReport(
                ward, [.. reading.Wards.Chain(ward.Id).Reverse()], reading.Basis, reading.Of([ward])[0], reading.Of(reading.Wards.Current.Where(w => w.ParentId == ward.Id)),
                IssueSummary.Of(chosen, reading.Wards, view, filter, reader.Zone), chosen, overdue, page.Matched ?? overdue.Count, reader.Zone);
            context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("inline") { FileNameStar = $"{code}.pdf" }.ToString();
            return new VersionedBody(WardReportPdf.Draw(report, words), reading.Basis.DataVersion);
        });
    }
}
