using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GeoSanitation.Server.Http;

/// <summary>Forms that are sent, in either of the two encodings that browsers have.</summary>
internal static class FormBody
{
    private const int LongestBody = 1 << 22;

    /// <summary>The fields of a request's form; reading again gives the same.</summary>
    /// <exception cref="BadHttpRequestException">It is no form, or one that is broken or too long.</exception>
    internal static async Task<IFormCollection> ReadAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
        {
            throw new BadHttpRequestException(
                $"Content-Type was {request.ContentType ?? "missing"}; it must be application/x-www-form-urlencoded or multipart/form-data", StatusCodes.Status415UnsupportedMediaType);
        }
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LongestBody;
        }
        try
        {
            return await request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = LongestBody, ValueLengthLimit = LongestBody }, request.HttpContext.RequestAborted);
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"the form is broken or too long: {problem.Message}");
        }
    }
}
