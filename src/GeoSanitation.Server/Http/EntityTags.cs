using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace GeoSanitation.Server.Http;

/// <summary>ETags, and what clients say about those they have.</summary>
internal static class EntityTags
{
    /// <summary>A weak tag (a compressed body and a plain one share it) that is equal for equal texts only.</summary>
    internal static string Weak(params ReadOnlySpan<string> parts) => $"W/\"{HashOf(Encoding.UTF8.GetBytes(string.Join('\n', parts)))}\"";

    /// <summary>A strong tag of a thing that has a version: the version, and a hash of how it was written for this caller.</summary>
    internal static string Strong(int version, ReadOnlySpan<byte> body) => $"\"{version}-{HashOf(body)}\"";

    /// <summary>Whether the client has what a tag stands for (If-None-Match).</summary>
    internal static bool IsKnown(HttpRequest request, string tag)
    {
        var mine = EntityTagHeaderValue.Parse(tag);
        return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var theirs)
            && theirs.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(mine, useStrongComparison: false));
    }

    private static string HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return Base64Url.EncodeToString(digest[..16]);
    }
}
