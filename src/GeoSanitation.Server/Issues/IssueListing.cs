using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Issues;

/// <summary>Lists of issues as GeoJSON, written while their rows are read.</summary>
internal sealed class IssueListing(Database database, DataSnapshots data, Settings settings)
{
    private const int UsualLimit = 100;
    private const int LargestLimit = 10_000;

    private static readonly Parameter<RowOrder> SortBy = CommonParameters.SortBy(LayerCatalog.Issues, "-reported_at", "Latest report first");

    private static readonly Parameter<int?> Limit = Parameter.Whole("limit", 1, LargestLimit, $"Issues on a page; {UsualLimit} when left out", 20);
    private static readonly Parameter<bool> Count = Parameter.Flag("count", "Counts all issues that are meant (numberMatched), which takes longer; without it they are counted where they fit on one page");

    private readonly IssueStore _store = new(database);

    /// <summary>What a list takes.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } = [.. IssueFilterQuery.Parameters, SortBy, Limit, PageCursor.Parameter, Count, CommonParameters.Crs, CommonParameters.GeoJson];

    /// <summary>Answers with a page of the issues of a filter; the order and the rest come from the query.</summary>
    internal async Task RespondAsync(HttpContext context, IssueFilter filter)
    {
        var (request, response, cancellation) = (context.Request, context.Response, context.RequestAborted);
        var (order, crs) = (SortBy.Read(request.Query), CommonParameters.Crs.Read(request.Query));
        CommonParameters.GeoJson.Read(request.Query);
        var after = PageCursor.Read(request.Query, order.ToString(), order.Types);
        var asked = new IssuePageRequest(filter, order, after, Limit.Read(request.Query) ?? UsualLimit, Count.Read(request.Query));
        var showReporters = context.User.MaySeeReporters();
        var representation = $"{request.PathBase}{request.Path}{request.QueryString} {showReporters}";
        response.DependsOnCaller();
        if (request.Headers.IfNoneMatch.Count > 0 && (await data.CurrentAsync(cancellation)).Version is var current && EntityTags.IsKnown(context, TagOf(current)))
        {
            return;
        }

        await using var page = await _store.OpenPageAsync(asked, cancellation);
        EntityTags.Set(context, TagOf(page.DataVersion));
        var links = Links.OfPage(context, page.Next is { } keys ? PageCursor.Write(order.ToString(), keys) : null, FeatureWriter.MediaType);
        response.ContentType = FeatureWriter.MediaType;
        response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        if (HttpMethods.IsHead(request.Method))
        {
            return;
        }
        var clock = new WorkClock(settings.City, await IntakeReference.LoadDaysAsync(database, cancellation));
        using var writer = new FeatureWriter(response.BodyWriter, crs);
        writer.BeginCollection();
        var returned = 0;
        await foreach (var issue in page.ReadAsync(cancellation))
        {
            writer.Write(issue.Id, new LonLat(issue.LonDegrees, issue.LatDegrees), new IssueProperties(issue, showReporters, clock));
            returned++;
            await writer.FlushIfFullAsync(response.BodyWriter, cancellation);
        }
        var isAll = after is null && page.Next is null;
        writer.EndCollection(returned, page.Matched ?? (isAll ? returned : null), links);
        await response.BodyWriter.FlushAsync(cancellation);

        string TagOf(string dataVersion)
        {
            response.Headers["X-Data-Version"] = dataVersion;
            return EntityTags.Of(dataVersion, representation);
        }
    }
}
