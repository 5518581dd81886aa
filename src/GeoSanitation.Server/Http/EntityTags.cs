using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Http;

/// <summary>
/// ETags, and what clients say about those they have. A tag is strong: equal ones mean equal bytes. So what is packed on its way has the coding behind its tag, and what carries the
/// time of its writing that time; whoever has the same content in another coding, or from another time, is known all the same.
/// </summary>
internal static class EntityTags
{
    /// <summary>Another build of this program may write the same data otherwise.</summary>
    private static readonly string Build = typeof(EntityTags).Assembly.ManifestModule.ModuleVersionId.ToString("N");

    /// <summary>The tag of a body that is at hand.</summary>
    internal static string Of(ReadOnlySpan<byte> body) => $"\"{HashOf(body)}\"";

    /// <summary>The tag of what follows from some texts.</summary>
    internal static string Of(params ReadOnlySpan<string> parts) => OfHash(HashOf(parts));

    /// <summary>The tag of what follows from a text that <see cref="HashOf(ReadOnlySpan{string})"/> was made of.</summary>
    internal static string OfHash(string hash) => $"\"{hash}\"";

    /// <summary>The tag of a thing that has a version: the version, and a hash of how it was written for this caller.</summary>
    internal static string OfVersion(int version, ReadOnlySpan<byte> body) => $"\"{version}-{HashOf(body)}\"";

    /// <summary>The tag of content that carries the time when it was written, to the microsecond.</summary>
    internal static string At(string tag, DateTime utc) => Longer(tag, ((utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond).ToString("x", CultureInfo.InvariantCulture));

    /// <summary>
    /// A weak tag, for what says the same in other bytes each time: files that hold the time of their making (GeoPackage, zipped Shapefile), and statistics that are read without
    /// the version that they are of.
    /// </summary>
    internal static string Weak(string tag) => "W/" + tag;

    /// <summary>What stands between the quotes of a tag that is equal for equal texts only.</summary>
    internal static string HashOf(params ReadOnlySpan<string> parts) => HashOf(Encoding.UTF8.GetBytes($"{Build}\n{string.Join('\n', parts)}"));

    /// <summary>Gives an answer its tag, and behind that the coding in which it leaves.</summary>
    internal static void Set(HttpContext context, string tag)
    {
        var headers = context.Response.Headers;
        headers.ETag = tag;
        if (!headers.Vary.ToString().Contains(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase))
        {
            headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        }
        context.Response.OnStarting(() =>
        {
            // A refusal has none, and another tag may have taken its place.
            if (headers.ETag == tag && headers.ContentEncoding is [{ Length: > 0 } coding] && tag[0] == '"')
            {
                headers.ETag = Longer(tag, coding);
            }
            return Task.CompletedTask;
        });
    }

    /// <summary>Gives an answer that is at hand its tag. True when the client has it: see <see cref="IsKnown"/>.</summary>
    internal static bool IsNotModified(HttpContext context, string tag)
    {
        if (IsKnown(context, tag))
        {
            return true;
        }
        Set(context, tag);
        return false;
    }

    /// <summary>Whether the client has what a tag stands for (If-None-Match), before that is made. Then the answer says so (304), by the tag that the client has; else nothing is said yet.</summary>
    internal static bool IsKnown(HttpContext context, string tag)
    {
        var (request, response) = (context.Request, context.Response);
        if (!(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || !EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var theirs))
        {
            return false;
        }
        var mine = tag[tag.IndexOf('"', StringComparison.Ordinal)..^1];
        if (theirs.FirstOrDefault(t => t.Equals(EntityTagHeaderValue.Any) || t.Tag == mine + '"' || t.Tag.StartsWith(mine + '-', StringComparison.Ordinal)) is not { } known)
        {
            return false;
        }
        Set(context, known.Equals(EntityTagHeaderValue.Any) ? tag : known.ToString());
        response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>Which versions of a thing a write is meant for (If-Match), by the tags of <see cref="OfVersion"/>; null when it does not say.</summary>
    /// <remarks>A tag that a proxy made weak when it packed the answer still names its version, and is taken.</remarks>
    /// <exception cref="BadParameterException">The header cannot be read.</exception>
    internal static Func<int, bool>? VersionsOf(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0)
        {
            return null;
        }
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags))
        {
            throw new BadParameterException(HeaderNames.IfMatch, request.Headers.IfMatch.ToString(), "an ETag in quotes, as an answer gave it, or *");
        }
        var versions = tags.Select(tag => tag.Equals(EntityTagHeaderValue.Any) ? "*" : tag.Tag.ToString().Trim('"').Split('-')[0]).ToList();
        return version => versions.Contains("*") || versions.Contains(version.ToString(CultureInfo.InvariantCulture));
    }

    private static string Longer(string tag, string end) => $"{tag[..^1]}-{end}\"";

    private static string HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return Base64Url.EncodeToString(digest[..16]);
    }
}
