using GeoSanitation.Server.Backdrop;
using GeoSanitation.Server.BaseMaps;
using GeoSanitation.Server.Catalog;
using GeoSanitation.Server.Documents;
using GeoSanitation.Server.Esri;
using GeoSanitation.Server.Exports;
using GeoSanitation.Server.Health;
using GeoSanitation.Server.Hotspots;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Live;
using GeoSanitation.Server.Ogc;
using GeoSanitation.Server.Open311;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Reference;
using GeoSanitation.Server.Runs;
using GeoSanitation.Server.Scorecards;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Server.Styles;
using GeoSanitation.Server.Tiles;
using GeoSanitation.Server.WardReports;
using GeoSanitation.Server.Wards;
using GeoSanitation.Server.Web;
using GeoSanitation.Server.Webhooks;
using GeoSanitation.Server.Wms;
using GeoSanitation.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server;

/// <summary>Puts the server together: services, middleware, and one Map line for each folder.</summary>
public static class ServerHost
{
    /// <summary>Builds the server; the caller runs it and owns the database.</summary>
    /// <param name="database">A migrated database.</param>
    /// <param name="settings">The operator's settings.</param>
    /// <param name="urls">Addresses to listen on, separated by semicolons; port 0 takes any free one.</param>
    public static WebApplication Build(Database database, Settings settings, string urls)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
        });
        builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddConsoleLines();
        // A live stream never ends by itself.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton(database).AddSingleton(settings);
        // A refusal of the framework's own says why, as every other does.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddBrowserAccess();
        builder.Services.AddSnapshots();
        builder.Services.AddIssues(settings);
        builder.Services.AddDocuments();
        builder.Services.AddScorecards();
        builder.Services.AddWards();
        builder.Services.AddImports();
        builder.Services.AddTiles();
        builder.Services.AddExports();
        builder.Services.AddHotspots(settings);
        builder.Services.AddRuns();
        builder.Services.AddLive();
        builder.Services.AddWebhooks();
        builder.Services.AddEsri();
        builder.Services.AddCatalog();
        builder.Services.AddOgc();
        builder.Services.AddWms();
        builder.Services.ConfigureHttpJsonOptions(json => JsonForm.Configure(json.SerializerOptions));

        var app = builder.Build();
        // The handler logs what is our own fault; a caller's mistake is none.
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Problem.HandleAsync, SuppressDiagnosticsCallback = _ => true });
        app.UseBrowserAccess();
        app.UseStatusCodePages(Problem.HandleStatusAsync);
        var baseMaps = BaseMap.Read(settings.BaseMaps);
        app.UseWebPages(baseMaps);
        app.UseMiddleware<AccessMiddleware>();
        app.UseMiddleware<ParameterMiddleware>();
        app.UseOwnWrites();

        var routes = app.MapGroup("").AnswersHead();
        routes.MapDocuments();
        routes.MapHealth();
        routes.MapIssues();
        routes.MapWards();
        routes.MapReference();
        routes.MapImports();
        IssueSummaryEndpoint.Map(routes);
        routes.MapScorecards();
        routes.MapWardReports();
        routes.MapTiles();
        routes.MapStyles();
        routes.MapHotspots();
        routes.MapRuns();
        routes.MapLive();
        routes.MapWebhooks();
        routes.MapBackdrop();
        routes.MapBaseMaps(baseMaps);
        routes.MapEsri();
        routes.MapOpen311();
        routes.MapWms();
        routes.MapCatalog();
        routes.MapOgc();
        routes.MapExports();
        return app;
    }
}
