using System.Collections.Concurrent;
using System.Text.Unicode;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Parameters;

/// <summary>Refuses a query that cannot be read, and parameters that the endpoint does not take: a slip of the pen must not read as "no filter".</summary>
internal sealed class ParameterMiddleware(RequestDelegate next)
{
    private readonly ConcurrentDictionary<RouteEndpoint, string[]> _taken = [];

    /// <exception cref="BadParameterException">There is such a parameter.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.QueryString.Value is { Length: > 1 } query && context.GetEndpoint() is RouteEndpoint endpoint)
        {
            if (query.Contains('%', StringComparison.Ordinal))
            {
                foreach (var part in query[1..].Split('&'))
                {
                    RefuseUnreadable(part);
                }
            }
            if (endpoint.Metadata.GetMetadata<AnyParameters>() is not null)
            {
                return next(context);
            }
            var taken = _taken.GetOrAdd(endpoint, TakenBy);
            foreach (var (name, values) in context.Request.Query)
            {
                if (!taken.Contains(name, StringComparer.Ordinal))
                {
                    throw new BadParameterException(name, values.ToString(), "left out: " + (taken.Length > 0 ? $"this address takes only {string.Join(", ", taken)}" : "this address takes no parameters"));
                }
            }
        }
        return next(context);
    }

    private static string[] TakenBy(RouteEndpoint endpoint)
        => [.. ParameterRules.Of(endpoint.Metadata).Where(p => !p.InHeader && endpoint.RoutePattern.GetParameter(p.Name) is null).Select(p => p.Name)];

    /// <summary>A part of a query as it was sent: percent signs must stand before two hexadecimal digits, and the bytes be UTF-8 without NUL.</summary>
    private static void RefuseUnreadable(string part)
    {
        var bytes = new List<byte>(part.Length);
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] != '%')
            {
                // Kestrel lets nothing but ASCII through.
                bytes.Add((byte)part[i]);
                continue;
            }
            if (i + 2 >= part.Length || !char.IsAsciiHexDigit(part[i + 1]) || !char.IsAsciiHexDigit(part[i + 2]))
            {
                throw Unreadable();
            }
            bytes.Add(Convert.FromHexString(part.AsSpan(i + 1, 2))[0]);
            i += 2;
        }
        if (!Utf8.IsValid(bytes.ToArray()) || bytes.Contains(0))
        {
            throw Unreadable();
        }

        BadParameterException Unreadable() => new(
            part.Split('=')[0], part.Contains('=', StringComparison.Ordinal) ? part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..] : "",
            "percent-encoded UTF-8 without NUL characters");
    }
}
