using System.IO.Compression;
using GeoSanitation.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Snapshot;

/// <summary>A body that follows from a request and a data version.</summary>
/// <param name="Bytes">The body; empty for "nothing here" (204).</param>
/// <param name="DataVersion">The version that it was made of.</param>
/// <param name="Lent">What gives the memory of the body back, which is then not kept; null where it may be.</param>
internal readonly record struct VersionedBody(ReadOnlyMemory<byte> Bytes, string DataVersion, IDisposable? Lent = null);

/// <summary>
/// Answers that are the same for the same request and data version: tiles, pictures, analyses. They carry the version and an ETag of it, are not sent twice
/// to a client that has them, and the last ones are kept, compressed where clients take that.
/// </summary>
internal sealed class VersionedAnswers(DataSnapshots data, Settings settings) : IDisposable
{
    private const int WorthCompressing = 512;
    private const int Overhead = 256;

    private readonly long _most = (long)settings.Tiles.KeptMegabytes << 20;
    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = (long)settings.Tiles.KeptMegabytes << 20 });

    /// <summary>Answers a request by the data in memory.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mediaType">Media type of the body.</param>
    /// <param name="request">What was asked, in a text that is equal only for what has the same answer.</param>
    /// <param name="make">Makes the body from the data as of a version or newer; null when it has answered otherwise.</param>
    internal async Task RespondAsync(HttpContext context, string mediaType, string request, Func<string, CancellationToken, Task<VersionedBody?>> make)
        => await RespondAsync(context, mediaType, request, (await data.CurrentAsync(context.RequestAborted)).Version, make);

    /// <summary>Answers a request by what has a version of its own.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mediaType">Media type of the body.</param>
    /// <param name="request">What was asked, in a text that is equal only for what has the same answer.</param>
    /// <param name="version">The version now.</param>
    /// <param name="make">Makes the body as of the version or a newer one; null when it has answered otherwise.</param>
    internal async Task RespondAsync(HttpContext context, string mediaType, string request, string version, Func<string, CancellationToken, Task<VersionedBody?>> make)
    {
        var cancellation = context.RequestAborted;
        var key = EntityTags.HashOf(version, request);
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        if (EntityTags.IsKnown(context, EntityTags.OfHash(key)))
        {
            headers["X-Data-Version"] = version;
            return;
        }
        var zips = AcceptsGzip(context.Request);
        if (!_kept.TryGetValue(key, out Kept? kept))
        {
            if (await make(version, cancellation) is not { } body)
            {
                return;
            }
            (version, key) = (body.DataVersion, EntityTags.HashOf(body.DataVersion, request));
            if (body.Lent is { } lent)
            {
                context.Response.RegisterForDispose(lent);
            }
            kept = Keep(key, mediaType, body, zips);
        }
        headers["X-Data-Version"] = version;
        EntityTags.Set(context, EntityTags.OfHash(key));
        if (kept!.Length == 0)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        context.Response.ContentType = mediaType;
        var bytes = kept.Plain;
        if (zips && IsWorthZipping(mediaType, kept.Length))
        {
            // Kept as it was asked for first: a client that takes no gzip does not wait for it.
            bytes = kept.Zipped ?? Keep(key, mediaType, new VersionedBody(kept.Plain!.Value, version), zips: true).Zipped!;
            headers.ContentEncoding = "gzip";
        }
        else
        {
            bytes ??= Unzip(kept);
        }
        context.Response.ContentLength = bytes.Value.Length;
        await context.Response.Body.WriteAsync(bytes.Value, cancellation);
    }

    /// <summary>Keeps an answer that was made otherwise, for whoever asks for it next.</summary>
    internal void Keep(string mediaType, string request, VersionedBody body) => Keep(EntityTags.HashOf(body.DataVersion, request), mediaType, body, zips: true);

    public void Dispose() => _kept.Dispose();

    private static bool IsWorthZipping(string mediaType, int length) => length >= WorthCompressing && !mediaType.StartsWith("image/", StringComparison.Ordinal);

    private Kept Keep(string key, string mediaType, in VersionedBody body, bool zips)
    {
        var length = body.Bytes.Length;
        var isZipped = zips && IsWorthZipping(mediaType, length);
        if (!isZipped && length + Overhead > _most)
        {
            return new Kept(length, body.Bytes, null);
        }
        var kept = isZipped ? new Kept(length, null, Zip(body.Bytes.Span)) : new Kept(length, body.Lent is null ? body.Bytes : body.Bytes.ToArray(), null);
        return _kept.Set(key, kept, new MemoryCacheEntryOptions { Size = (kept.Plain?.Length ?? kept.Zipped!.Length) + Overhead });
    }

    private static bool AcceptsGzip(HttpRequest request)
        => StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var encodings)
            && encodings.Any(e => e.Quality is not 0 && (e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) || e.Value == "*"));

    private static byte[] Zip(ReadOnlySpan<byte> bytes)
    {
        using var zipped = new MemoryStream(bytes.Length / 3);
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return zipped.ToArray();
    }

    private static ReadOnlyMemory<byte> Unzip(Kept kept)
    {
        var bytes = new byte[kept.Length];
        using var gzip = new GZipStream(new MemoryStream(kept.Zipped!), CompressionMode.Decompress);
        gzip.ReadExactly(bytes);
        return bytes;
    }

    private sealed record Kept(int Length, ReadOnlyMemory<byte>? Plain, byte[]? Zipped);
}
