using GeoSanitation.Server.BaseMaps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace GeoSanitation.Server.Web;

/// <summary>The pages that are built from <c>planner-map</c>, as files: how long a browser keeps them, and what they may load.</summary>
internal static class WebPages
{
    /// <summary>The page with the map, which alone may load base maps.</summary>
    private const string MapPage = "index.html";

    /// <summary>Files in here carry a hash of their content in the name, so they never change.</summary>
    private const string HashedFolder = "/assets";

    /// <summary>Pages beside the map: their addresses have no extension.</summary>
    private static readonly string[] Pages = ["/wards", "/report", "/import"];

    /// <param name="app">The server.</param>
    /// <param name="baseMaps">Maps of others whose hosts the map may ask.</param>
    internal static void UseWebPages(this IApplicationBuilder app, IReadOnlyList<BaseMap> baseMaps)
    {
        var hosts = string.Concat(baseMaps.SelectMany(m => m.Hosts).Distinct().Select(host => $" {host}"));
        app.Use(NamePages).UseDefaultFiles().UseStaticFiles(new StaticFileOptions { OnPrepareResponse = file => Prepare(file, hosts) });
    }

    /// <summary>Everything comes from this server; the map draws in a worker and makes pictures of its own.</summary>
    /// <param name="hosts">Other hosts that pictures of maps come from, each behind a space.</param>
    private static string Policy(string hosts)
        => $"default-src 'self'; img-src 'self' data: blob:{hosts}; connect-src 'self'{hosts}; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    private static Task NamePages(HttpContext context, RequestDelegate next)
    {
        if (Pages.Contains(context.Request.Path.Value) && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            context.Request.Path += ".html";
        }
        return next(context);
    }

    private static void Prepare(StaticFileResponseContext file, string hosts)
    {
        var headers = file.Context.Response.Headers;
        headers.CacheControl = file.Context.Request.Path.StartsWithSegments(HashedFolder, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        if (file.File.Name.EndsWith(".html", StringComparison.Ordinal))
        {
            var asksOthers = hosts.Length > 0 && file.File.Name == MapPage;
            headers.ContentSecurityPolicy = Policy(asksOthers ? hosts : "");
            // Services of maps want to know which site asks, and nothing more: the path would tell them where somebody looks.
            headers["Referrer-Policy"] = asksOthers ? "strict-origin-when-cross-origin" : "same-origin";
        }
    }
}
