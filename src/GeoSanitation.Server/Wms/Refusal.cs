using System.Globalization;
using System.Xml.Linq;
using GeoSanitation.Server.Pictures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using SkiaSharp;

namespace GeoSanitation.Server.Wms;

/// <summary>A refusal in the protocol's form: a service exception, with a code where the protocol has one; or a picture, where the caller wants one whatever happens.</summary>
internal static class Refusal
{
    internal static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        var values = context.Request.Query;
        string? Last(string key) => values.FirstOrDefault(v => v.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value.LastOrDefault();
        var isNewer = string.CompareOrdinal(Last("version") ?? "1.3.0", "1.3") >= 0;
        var wish = Last("exceptions") ?? "";
        if (wish.EndsWith("INIMAGE", StringComparison.OrdinalIgnoreCase) || wish.EndsWith("BLANK", StringComparison.OrdinalIgnoreCase))
        {
            if ("GetMap".Equals(Last("request"), StringComparison.OrdinalIgnoreCase) && Pixels("width") is { } width && Pixels("height") is { } height)
            {
                return PictureAsync(context, width, height, wish.EndsWith("INIMAGE", StringComparison.OrdinalIgnoreCase) ? problem.Detail ?? "" : "");
            }
        }
        XNamespace space = isNewer ? "http://www.opengis.net/ogc" : "";
        var code = CodeOf(problem.Extensions.TryGetValue("parameter", out var parameter) ? parameter as string : null);
        var report = new XElement(
            space + "ServiceExceptionReport", new XAttribute("version", isNewer ? "1.3.0" : "1.1.1"),
            new XElement(space + "ServiceException", code is null ? null : new XAttribute("code", code), Printable(problem.Detail ?? "")));
        context.Response.StatusCode = problem.Status!.Value;
        context.Response.ContentType = isNewer ? "text/xml; charset=utf-8" : "application/vnd.ogc.se_xml; charset=utf-8";
        return context.Response.WriteAsync("""<?xml version="1.0" encoding="UTF-8"?>""" + report.ToString(SaveOptions.DisableFormatting), context.RequestAborted);

        int? Pixels(string key) => int.TryParse(Last(key), NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) && pixels is > 0 and <= MapView.MostPixels ? pixels : null;
    }

    private static string? CodeOf(string? parameter) => parameter switch
    {
        "layers" or "layer" or "query_layers" => parameter == "query_layers" ? "LayerNotQueryable" : "LayerNotDefined",
        "styles" or "style" => "StyleNotDefined",
        "crs" => "InvalidCRS",
        "srs" => "InvalidSRS",
        "format" or "info_format" => "InvalidFormat",
        "time" => "InvalidDimensionValue",
        "i" or "j" or "x" or "y" => "InvalidPoint",
        "request" => "OperationNotSupported",
        _ => null,
    };

    private static string Printable(string text) => new([.. text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\uFFFE' or '\uFFFF'))]);

    private static Task PictureAsync(HttpContext context, int width, int height, string words)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var text = new PictureText();
        surface.Canvas.Clear(SKColors.Transparent);
        text.DrawWrapped(surface.Canvas, Printable(words), 6, 18, Math.Max(width - 12, 40), 12, SKColors.Red);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "image/png";
        return context.Response.Body.WriteAsync(MapEndpoint.Encode(surface, "image/png"), context.RequestAborted).AsTask();
    }
}
