using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace GeoSanitation.Testing;

/// <summary>Waits for an import to end by asking, as a client does.</summary>
public static class JobEnd
{
    public static async Task<JsonElement> OfAsync(HttpClient client, Uri job, string what = "an import")
    {
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromMinutes(1);)
        {
            var state = await client.GetFromJsonAsync<JsonElement>(job);
            if (state.GetProperty("state").GetString() != "running")
            {
                return state;
            }
            await Task.Delay(20);
        }
        throw new TimeoutException($"{job}, {what}, does not end");
    }
}
