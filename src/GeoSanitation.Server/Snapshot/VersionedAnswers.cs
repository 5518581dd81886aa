using System.IO.Compression;
using GeoSanitation.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Snapshot;

/// <summary>A body that follows from a request and a data version.</summary>
/// <param name="Bytes">The body; empty for "nothing here" (204).</param>
/// <param name="DataVersion">The version that it was made of.</param>
internal readonly record struct VersionedBody(byte[] Bytes, string DataVersion);

/// <summary>
/// Answers that are the same for the same request and data version: tiles, pictures, analyses. They carry the version and an ETag of it, are not sent twice
/// to a client that has them, and the last ones are kept, compressed.
/// </summary>
internal sealed class VersionedAnswers(DataSnapshots data) : IDisposable
{
    private const long KeptBytes = 128 << 20;
    private const int WorthCompressing = 512;

    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = KeptBytes });

    /// <summary>Answers a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mediaType">Media type of the body.</param>
    /// <param name="request">What was asked, in a text that is equal only for what has the same answer.</param>
    /// <param name="make">Makes the body from the data as of a version or newer; null when it has answered otherwise.</param>
    internal async Task RespondAsync(HttpContext context, string mediaType, string request, Func<string, CancellationToken, Task<VersionedBody?>> make)
    {
        var cancellation = context.RequestAborted;
        var version = (await data.CurrentAsync(cancellation)).Version;
        var tag = EntityTags.Weak(version, request);
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        if (EntityTags.IsKnown(context.Request, tag))
        {
            Name(version, tag);
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (!_kept.TryGetValue(tag, out Kept? kept))
        {
            if (await make(version, cancellation) is not { } body)
            {
                return;
            }
            (version, tag) = (body.DataVersion, EntityTags.Weak(body.DataVersion, request));
            kept = Keep(tag, mediaType, body.Bytes);
        }
        Name(version, tag);
        if (kept!.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        context.Response.ContentType = mediaType;
        var bytes = kept.Plain;
        if (bytes is null)
        {
            if (AcceptsGzip(context.Request))
            {
                headers.ContentEncoding = "gzip";
                bytes = kept.Zipped!;
            }
            else
            {
                bytes = Unzip(kept);
            }
        }
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, cancellation);

        void Name(string dataVersion, string eTag)
        {
            headers["X-Data-Version"] = dataVersion;
            headers.ETag = eTag;
        }
    }

    /// <summary>Keeps an answer that was made otherwise, for whoever asks for it next.</summary>
    internal void Keep(string mediaType, string request, VersionedBody body) => Keep(EntityTags.Weak(body.DataVersion, request), mediaType, body.Bytes);

    public void Dispose() => _kept.Dispose();

    private Kept Keep(string tag, string mediaType, byte[] bytes)
    {
        var kept = !mediaType.StartsWith("image/", StringComparison.Ordinal) && bytes.Length >= WorthCompressing ? new Kept(bytes.Length, null, Zip(bytes)) : new Kept(bytes.Length, bytes, null);
        return _kept.Set(tag, kept, new MemoryCacheEntryOptions { Size = (kept.Plain ?? kept.Zipped!).Length + 256 });
    }

    private static bool AcceptsGzip(HttpRequest request)
        => StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var encodings)
            && encodings.Any(e => e.Quality is not 0 && (e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) || e.Value == "*"));

    private static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream(bytes.Length / 3);
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return zipped.ToArray();
    }

    private static byte[] Unzip(Kept kept)
    {
        var bytes = new byte[kept.Length];
        using var gzip = new GZipStream(new MemoryStream(kept.Zipped!), CompressionMode.Decompress);
        gzip.ReadExactly(bytes);
        return bytes;
    }

    private sealed record Kept(int Length, byte[]? Plain, byte[]? Zipped);
}
