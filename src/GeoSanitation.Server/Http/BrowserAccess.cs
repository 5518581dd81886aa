using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Http;

/// <summary>What map clients, in a browser or not, need of every answer: that pages of other sites may read it (CORS, without cookies), that it comes packed, and for how long it holds.</summary>
internal static class BrowserAccess
{
    private static readonly string[] PackedTypes =
        [FeatureWriter.MediaType, "application/geo+json-seq", "application/vnd.ogc.fg+json", "application/json", "application/asyncapi+json", "application/schema+json", "application/vnd.oai.openapi+json", "application/problem+json", "application/x-protobuf", "text/csv", "text/xml", "application/vnd.ogc.wms_xml", "application/xml", "application/atom+xml", "application/rss+xml", "application/ld+json", "text/html", "text/css", "text/javascript", "image/svg+xml"];

    private const string LongPast = "Thu, 01 Jan 1970 00:00:00 GMT";

    internal static void AddBrowserAccess(this IServiceCollection services)
    {
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .AllowAnyOrigin()
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders(HeaderNames.Authorization, AccessMiddleware.KeyHeader, HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.IfNoneMatch, "Content-Crs", "Prefer", "Last-Event-ID")
            .WithExposedHeaders(HeaderNames.ETag, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, "X-Data-Version", "Content-Crs", "OGC-NumberMatched", "Preference-Applied", "Heartbeat-Seconds")
            .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        services.AddResponseCompression(packing =>
        {
            // Keys come in headers, never in cookies, so no other page can make a browser ask and measure the answer.
            packing.EnableForHttps = true;
            packing.MimeTypes = PackedTypes;
            packing.Providers.Add<BrotliCompressionProvider>();
            packing.Providers.Add<GzipCompressionProvider>();
        });
    }

    /// <summary>Also keeps browsers from guessing that an answer is something else than it says, and says of what must be asked for anew that it has expired.</summary>
    internal static void UseBrowserAccess(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            // At the last moment: a refusal begins its answer anew.
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                // QGIS sets Cache-Control aside, and keeps features and tiles for hours where nothing else says that they may have changed.
                if (headers.Expires.Count == 0 && headers.CacheControl.ToString().Contains("no-cache", StringComparison.Ordinal))
                {
                    headers.Expires = LongPast;
                }
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseResponseCompression();
        app.UseCors();
    }
}
