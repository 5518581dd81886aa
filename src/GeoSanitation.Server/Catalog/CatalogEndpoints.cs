using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Runs;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Issues;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Wards;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Catalog;

/// <summary>What there is, for portals that harvest, programs that subscribe and search engines: DCAT-US, DCAT-AP, RSS, Atom, a sitemap. Every link is absolute, as its caller sees this server.</summary>
internal static class CatalogEndpoints
{
    private const string Federal = "federal";
    private const string LatestDcatAp = "3.0.0";
    private const int UsualEntries = 100;
    private const int MostEntries = 1000;
    private const int UsualRuns = 20;
    private const int MostRuns = 100;

    private static readonly Parameter<string?> Profile = Parameter.Choice(
        "profile", "Which fields must be there: those of every publisher, which is usual, or also those of federal agencies of the United States, whose codes are settings", Federal, "non-federal");

    private static readonly Parameter Code = new("code", "Code of the ward", new OpenApiSchema { Type = JsonSchemaType.String }, "990121001");
    private static readonly Parameter<int?> Limit = Parameter.Whole("limit", 1, MostEntries, $"Most entries; {UsualEntries} when left out", 20);

    private static readonly Parameter<string?> RunName = Parameter.OfText("name", "Only runs of this name; of those without one, the name is that of their method", "weekly hotspots");
    private static readonly Parameter<int?> RunLimit = Parameter.Whole("limit", 1, MostRuns, $"Most runs; {UsualRuns} when left out", 10);
    private static readonly Parameter Identifier = new("identifier", "Identifier of the alert", new OpenApiSchema { Type = JsonSchemaType.String }, "12345678-run-17-20250301081500");

    internal static void AddCatalog(this IServiceCollection services)
    {
        services.AddSingleton<OwnAddresses>().AddSingleton<CatalogServices>();
        services.AddRecords();
    }

    internal static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Catalog");
        group.MapGroup("").RefusesBy(RecordEndpoints.Root, OgcProblem.WriteAsync).MapRecords();
        foreach (var (path, name) in (ReadOnlySpan<(string, string)>)[("/data.json", "GetDataJson"), ("/api/feed/dcat-us/1.1.json", "GetDcatUsFeed")])
        {
            group.MapGet(path, GetDcatUs).WithName(name).Takes(Profile).WithSummary("The catalog as DCAT-US 1.1, for CKAN and ArcGIS Hub to harvest")
                .Produces<JsonObject>(200, "application/json").Produces(304).ProducesProblem(400);
        }
        foreach (var (path, name, version) in (ReadOnlySpan<(string, string, string)>)[
            ("/catalog/dcat-ap.jsonld", "GetDcatAp", LatestDcatAp), ("/api/feed/dcat-ap/2.1.1.json", "GetDcatAp2Feed", "2.1.1"), ("/api/feed/dcat-ap/3.0.0.json", "GetDcatAp3Feed", LatestDcatAp)])
        {
            group.MapGet(path, (HttpContext context, CatalogServices services) => RespondAsync(context, services, "application/ld+json", (sets, root) => Json(DcatAp.Write(sets, services.Settings.Publisher, root, version))))
                .WithName(name).WithSummary($"The catalog as DCAT-AP {version}, in JSON-LD").Produces<JsonObject>(200, "application/ld+json").Produces(304);
        }
        group.MapGet("/api/feed/rss/2.0", (HttpContext context, CatalogServices services) => RespondAsync(context, services, "application/rss+xml", (sets, root) => Rss.Write(sets, services.Settings.Publisher, root)))
            .WithName("GetRssFeed").WithSummary("The catalog as RSS 2.0 with GeoRSS").Produces(200, contentType: "application/rss+xml").Produces(304);
        group.MapGet("/sitemap.xml", (HttpContext context, CatalogServices services) => RespondAsync(context, services, "application/xml", (sets, root) => Rss.SiteMap(sets, root, services.Addresses)))
            .WithName("GetSiteMap").WithSummary("What search engines may look at").Produces(200, contentType: "application/xml").Produces(304);
        group.MapGet("/robots.txt", (HttpContext context, CancellationToken _) => SendAsync(context, "text/plain", Encoding.UTF8.GetBytes(
                $"User-agent: *\nDisallow: /tiles/\nDisallow: /api/hotspots/\nDisallow: /api/exports/\nAllow: /\nSitemap: {Links.Root(context.Request)}/sitemap.xml\n")))
            .WithName("GetRobots").WithSummary("What robots should leave alone: tiles and analyses").Produces<string>(200, "text/plain").Produces(304);
        group.MapGet("/api/wards/{code}/feed.atom", GetWardFeed).WithName("GetWardFeed").Takes(Code, Limit).Takes(IssueFilterQuery.Parameters.Where(p => p.Name != "ward"))
            .WithSummary("The latest issues of a ward and of the wards within it, as Atom with GeoRSS").Produces(200, contentType: AtomFeed.MediaType).Produces(304).ProducesProblem(400).ProducesProblem(404);
        group.MapGet("/api/hotspots/feed.atom", GetHotspotFeed).WithName("GetHotspotFeed").Takes(RunName, RunLimit).WithSummary("The published runs, as Atom with GeoRSS: which hotspots appeared, vanished, grew and shrank since the run of the same name before")
            .Produces(200, contentType: AtomFeed.MediaType).Produces(304).ProducesProblem(400);
        group.MapGet("/api/alerts/feed.atom", GetAlertFeed).WithName("GetAlertFeed").WithSummary("Emergencies, as Atom with GeoRSS, each with its document in the Common Alerting Protocol (CAP 1.2)")
            .WithDescription("""
                An emergency is a ward in which issues of severity 5 are open and overdue (one alert a ward; of issues in no ward one in all), or a run that is the one published last of its name, for thirty days, as far as it has hotspots
                that are significant at 99 % after the correction and appeared or grew since the run of that name before (Gi*, local Moran's I), or are new or intensifying hot spots (emerging). Nothing else is: clusters and circles have no
                significance that would be comparable from run to run. An alert that is no longer in the feed is over; one that has changed has another identifier.
                """)
            .Produces(200, contentType: AtomFeed.MediaType).Produces(304);
        group.MapGet("/api/alerts/{identifier}", GetAlert).WithName("GetAlert").Takes(Identifier).WithSummary("An emergency in the Common Alerting Protocol (CAP 1.2)")
            .Produces(200, contentType: Cap.MediaType).Produces(304).ProducesProblem(404);
    }

    private static Task GetDcatUs(HttpContext context, CatalogServices services)
    {
        var (isFederal, publisher) = (Profile.Read(context.Request.Query) == Federal, services.Settings.Publisher);
        if (isFederal && (publisher.BureauCode is null || publisher.ProgramCode is null))
        {
            throw new BadParameterException(Profile.Name, Federal, "non-federal: the settings publisher.bureauCode and publisher.programCode of this server say nothing");
        }
        return RespondAsync(context, services, "application/json", (sets, root) => Json(DcatUs.Write(sets, publisher, root, isFederal)));
    }

    private static Task GetWardFeed(string code, HttpContext context, CatalogServices services)
    {
        code = PathText.Decoded(code);
        var (query, root) = (context.Request.Query, Links.Root(context.Request));
        var limit = Limit.Read(query) ?? UsualEntries;
        var filter = IssueFilterQuery.Parse(query) with { Wards = [code] };
        return services.Answers.RespondAsync(context, AtomFeed.MediaType, $"feed {limit} {root} {context.Request.Path} {context.Request.QueryString}", async (_, cancellation) =>
        {
            var ward = await new WardStore(services.Database).FindAsync(code, null, outlines: false, cancellation) ?? throw new NotFoundException("ward", code);
            await using var page = await new IssueStore(services.Database).OpenPageAsync(
                new IssuePageRequest(filter, new RowOrder(LayerCatalog.Issues, new SortKey(LayerCatalog.Issues.Find("reported_at")!, Descending: true)), null, limit, Count: false), cancellation);
            var issues = await page.ReadAsync(cancellation).ToListAsync(cancellation);
            var self = $"{root}{context.Request.Path.ToUriComponent()}{context.Request.QueryString.ToUriComponent()}";
            return new VersionedBody(AtomFeed.OfIssues($"{ward.Ward.Name}: sanitation issues", self, root, services.Settings.Publisher.Name, issues), page.DataVersion);
        });
    }

    private static async Task GetHotspotFeed(HttpContext context, CatalogServices services)
    {
        var (query, root) = (context.Request.Query, Links.Root(context.Request));
        var name = RunName.Read(query);
        var runs = await services.Runs.ListAsync(name, RunLimit.Read(query) ?? UsualRuns, context.RequestAborted);
        var self = $"{root}{context.Request.Path.ToUriComponent()}{context.Request.QueryString.ToUriComponent()}";
        await SendAsync(context, AtomFeed.MediaType, AtomFeed.OfRuns(name is null ? "Changes of hotspots" : $"Changes of hotspots: {name}", self, root, services.Settings.Publisher.Name, runs));
    }

    private static async Task GetAlertFeed(HttpContext context, CatalogServices services)
    {
        var root = Links.Root(context.Request);
        await SendAsync(context, AtomFeed.MediaType, AtomFeed.OfAlerts($"{root}{context.Request.Path.ToUriComponent()}", root, services.Settings.Publisher.Name, await AlertsAsync(services, context.RequestAborted)));
    }

    private static async Task GetAlert(string identifier, HttpContext context, CatalogServices services)
    {
        var alert = (await AlertsAsync(services, context.RequestAborted)).FirstOrDefault(a => a.Identifier == identifier) ?? throw new NotFoundException("alert", identifier);
        await SendAsync(context, Cap.MediaType, Cap.Write(alert, Links.Root(context.Request), services.Settings.Publisher));
    }

    private static async Task<IReadOnlyList<Alert>> AlertsAsync(CatalogServices services, CancellationToken cancellation)
    {
        var view = await services.Data.CurrentAsync(cancellation);
        return Alert.All(view, await services.Wards.GetAsync(view.Version, cancellation), await services.Runs.LatestAsync(DateTime.UtcNow - Alert.NewsFor, cancellation));
    }

    /// <summary>Answers with the catalog in some form. It is small, and tells of runs too, which no data version counts: its tag is of its bytes.</summary>
    private static async Task RespondAsync(HttpContext context, CatalogServices services, string mediaType, Func<IReadOnlyList<DataSet>, string, byte[]> write)
    {
        var cancellation = context.RequestAborted;
        var wards = await services.Wards.GetAsync((await services.Data.CurrentAsync(cancellation)).Version, cancellation);
        await SendAsync(context, mediaType, write(await DataSet.ListAsync(services.Database, wards, services.Addresses, cancellation), Links.Root(context.Request)));
    }

    private static Task SendAsync(HttpContext context, string mediaType, byte[] body) => SmallAnswers.SendAsync(context, $"{mediaType}; charset=utf-8", body);

    private static byte[] Json(JsonObject content) => JsonSerializer.SerializeToUtf8Bytes(content, JsonForm.Options);
}

/// <summary>What the endpoints of this folder stand on.</summary>
internal sealed record CatalogServices(Database Database, Settings Settings, DataSnapshots Data, WardSnapshots Wards, VersionedAnswers Answers, OwnAddresses Addresses, PublishedRuns Runs);
