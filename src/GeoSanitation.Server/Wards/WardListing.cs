using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Wards;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Wards;

/// <summary>Lists of wards as GeoJSON, written while their rows are read.</summary>
internal sealed class WardListing(Database database, DataSnapshots data)
{
    private const int UsualLimit = 1_000;
    private const int LargestLimit = 10_000;
    private const string Order = "code";

    private static readonly Parameter<string?> Level = Parameter.OfText("level", "Only this level", "community", 100);
    private static readonly Parameter<string?> Parent = Parameter.OfText("parent", "Only the wards right below the one of this code", "990121001", 100);
    private static readonly Parameter<string?> Text = Parameter.OfText("q", "Text in code, name or English name; upper and lower case are alike", "鼓楼");

    private static readonly Parameter<double?> Simplify = Parameter.Number(
        "simplify", 0.1, 100_000, "meters", "Leaves out details of outlines smaller than a square of this side; wards of one level that share a border still do", 50);

    private static readonly Parameter<int?> Limit = Parameter.Whole("limit", 1, LargestLimit, $"Wards on a page; {UsualLimit} when left out", 100);

    /// <summary>What a list takes.</summary>
    internal static IReadOnlyList<Parameter> Parameters { get; } =
        [Level, Parent, CommonParameters.Bbox, Text, WardEndpoints.At, CommonParameters.Crs, Simplify, WardEndpoints.Geometry, Limit, PageCursor.Parameter, CommonParameters.GeoJson];

    /// <summary>Answers with a page of the wards that the query means.</summary>
    internal async Task RespondAsync(HttpContext context)
    {
        var (request, response, cancellation) = (context.Request, context.Response, context.RequestAborted);
        var query = request.Query;
        CommonParameters.GeoJson.Read(query);
        var outlines = WardEndpoints.Geometry.Read(query) == "full";
        var meant = new WardQuery
        {
            At = WardEndpoints.At.Read(query),
            Level = Level.Read(query),
            ParentCode = Parent.Read(query),
            Boxes = CommonParameters.Bbox.Read(query),
            Text = Text.Read(query),
            Outlines = outlines,
        };
        var (crs, limit) = (CommonParameters.Crs.Read(query), Limit.Read(query) ?? UsualLimit);
        var tolerance = Simplify.Read(query);
        var after = (string?)PageCursor.Read(query, Order, [typeof(string)])?[0];
        var representation = $"{request.PathBase}{request.Path}{request.QueryString}";
        response.Headers.CacheControl = "no-cache";
        if (request.Headers.IfNoneMatch.Count > 0 && (await data.CurrentAsync(cancellation)).Version is var current && EntityTags.IsKnown(context, TagOf(current)))
        {
            return;
        }

        var simplified = outlines && tolerance is not null;
        // Neighbors are simplified together, those of other pages too: so the pages fit.
        await using var page = await WardPage.OpenAsync(database, meant, simplified ? null : after, simplified ? null : limit, cancellation);
        var rows = simplified ? await SimplifiedAsync(page, tolerance!.Value, cancellation) : null;
        var shown = rows?.SkipWhile(w => after is not null && string.CompareOrdinal(w.Code, after) <= 0).ToList();
        var next = shown is null ? page.Next : shown.Count > limit ? shown[limit - 1].Code : null;
        EntityTags.Set(context, TagOf(page.DataVersion));
        var links = Links.OfPage(context, next is null ? null : PageCursor.Write(Order, [next]), FeatureWriter.MediaType);
        response.ContentType = FeatureWriter.MediaType;
        response.Headers["Content-Crs"] = $"<{crs.Uri}>";
        if (HttpMethods.IsHead(request.Method))
        {
            return;
        }
        using var writer = new FeatureWriter(response.BodyWriter, crs);
        writer.BeginCollection();
        var returned = 0;
        await foreach (var ward in shown?.Take(limit).ToAsyncEnumerable() ?? page.ReadAsync(cancellation))
        {
            writer.Write(ward.Code, ward.Geometry, new WardProperties(ward));
            returned++;
            await writer.FlushIfFullAsync(response.BodyWriter, cancellation);
        }
        writer.EndCollection(returned, page.Matched, links);
        await response.BodyWriter.FlushAsync(cancellation);

        string TagOf(string dataVersion)
        {
            response.Headers["X-Data-Version"] = dataVersion;
            return EntityTags.Of(dataVersion, representation);
        }
    }

    private static async Task<IReadOnlyList<Ward>> SimplifiedAsync(WardPage page, double toleranceMeters, CancellationToken cancellation)
    {
        var wards = new List<Ward>();
        await foreach (var ward in page.ReadAsync(cancellation))
        {
            wards.Add(ward);
        }
        return CoverageSimplification.Apply(wards, toleranceMeters);
    }
}
