using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace GeoSanitation.Server.Web;

/// <summary>The pages that are built from <c>planner-map</c>, as files: how long a browser keeps them, and what they may load.</summary>
internal static class WebPages
{
    /// <summary>Everything comes from this server; the map draws in a worker and makes pictures of its own.</summary>
    private const string Policy =
        "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

    /// <summary>Files in here carry a hash of their content in the name, so they never change.</summary>
    private const string HashedFolder = "/assets";

    /// <summary>Pages beside the map: their addresses have no extension.</summary>
    private static readonly string[] Pages = ["/wards", "/report", "/import"];

    internal static void UseWebPages(this IApplicationBuilder app)
        => app.Use(NamePages).UseDefaultFiles().UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Prepare });

    private static Task NamePages(HttpContext context, RequestDelegate next)
    {
        if (Pages.Contains(context.Request.Path.Value) && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            context.Request.Path += ".html";
        }
        return next(context);
    }

    private static void Prepare(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        headers.CacheControl = file.Context.Request.Path.StartsWithSegments(HashedFolder, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        if (file.File.Name.EndsWith(".html", StringComparison.Ordinal))
        {
            headers.ContentSecurityPolicy = Policy;
            headers["Referrer-Policy"] = "same-origin";
        }
    }
}
