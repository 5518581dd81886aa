using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Hotspots;

/// <summary>How long a caller waits for an answer before it becomes a run: two seconds, or what <c>Prefer</c> says (RFC 7240: <c>wait=10</c>, <c>respond-async</c>).</summary>
internal static class Patience
{
    private const double UsualSeconds = 2;
    private const double MostSeconds = 300;

    internal static TimeSpan Of(HttpContext context)
    {
        foreach (var preference in context.Request.Headers["Prefer"].SelectMany(header => (header ?? "").Split([',', ';'], StringSplitOptions.TrimEntries)))
        {
            if (preference.Equals("respond-async", StringComparison.OrdinalIgnoreCase))
            {
                return Applied(preference, 0);
            }
            if (preference.Equals("wait", StringComparison.OrdinalIgnoreCase))
            {
                return Applied(preference, MostSeconds);
            }
            if (preference.StartsWith("wait=", StringComparison.OrdinalIgnoreCase) && int.TryParse(preference.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return Applied(preference, Math.Min(seconds, MostSeconds));
            }
        }
        return TimeSpan.FromSeconds(UsualSeconds);

        TimeSpan Applied(string preference, double seconds)
        {
            context.Response.Headers["Preference-Applied"] = preference;
            return TimeSpan.FromSeconds(seconds);
        }
    }
}
