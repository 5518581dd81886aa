using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Http;

/// <summary>ETags, and what clients say about those they have.</summary>
internal static class EntityTags
{
    /// <summary>A weak tag of a body that is at hand.</summary>
    internal static string Weak(ReadOnlySpan<byte> body) => $"W/\"{HashOf(body)}\"";

    /// <summary>A weak tag (a compressed body and a plain one share it) that is equal for equal texts only.</summary>
    internal static string Weak(params ReadOnlySpan<string> parts) => $"W/\"{HashOf(parts)}\"";

    /// <summary>What stands between the quotes of a tag that is equal for equal texts only.</summary>
    internal static string HashOf(params ReadOnlySpan<string> parts) => HashOf(Encoding.UTF8.GetBytes(string.Join('\n', parts)));

    /// <summary>A strong tag of a thing that has a version: the version, and a hash of how it was written for this caller.</summary>
    internal static string Strong(int version, ReadOnlySpan<byte> body) => $"\"{version}-{HashOf(body)}\"";

    /// <summary>Whether the client has what a tag stands for (If-None-Match).</summary>
    internal static bool IsKnown(HttpRequest request, string tag)
    {
        if (request.Headers.IfNoneMatch.Count == 0)
        {
            return false;
        }
        var mine = EntityTagHeaderValue.Parse(tag);
        return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var theirs)
            && theirs.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(mine, useStrongComparison: false));
    }

    /// <summary>The tag, when the client has what it stands for (If-None-Match); else null.</summary>
    internal static string? Known(HttpRequest request, string tag) => IsKnown(request, tag) ? tag : null;

    /// <summary>Which versions of a thing a write is meant for (If-Match), by the tags of <see cref="Strong"/>; null when it does not say.</summary>
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

    private static string HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return Base64Url.EncodeToString(digest[..16]);
    }
}
