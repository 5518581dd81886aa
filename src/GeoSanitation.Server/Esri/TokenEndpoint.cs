using System.Text.Json.Nodes;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoSanitation.Server.Esri;

/// <summary>Where Esri's clients sign in with a name and a password to be given a token: the password is an API key, and so is the token.</summary>
internal static class TokenEndpoint
{
    /// <summary>Path of the address, below the root.</summary>
    internal const string Path = "/arcgis/tokens/generateToken";

    /// <summary>A key is good until it is revoked; clients want to be told an end, and sign in again then.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromDays(30);

    private static readonly Parameter<string?> UserName = QueryParameters.Text("username", "No matter: the key says who the caller is", "", Parameter.LongestText);
    private static readonly Parameter<string?> Password = QueryParameters.Text("password", "An API key", "", Parameter.LongestText);

    internal static void MapTokens(this IEndpointRouteBuilder routes) => routes.MapPost(Path, (HttpContext context, CancellationToken _) => RespondAsync(context)).WithName("PostEsriToken").WithTags("GeoServices")
        .TakesAnything().RefusesBy(Path, EsriErrors.WriteAsync).TakesKeyAs(Password.Name).WithMetadata(new OnlyReads()).OpenToAll()
        .TakesForm([QueryParameters.DocumentFormat, UserName, Password]).WithSummary("A token for Esri's clients, that sign in with a name and a password: an API key as the password").Produces(200, contentType: EsriJson.MediaType);

    private static async Task RespondAsync(HttpContext context)
    {
        var request = await EsriRequest.ReadAsync(context);
        if (context.User.Identity?.IsAuthenticated != true)
        {
            throw new NoKeyException("a password is needed: an API key, gs_...");
        }
        context.Response.Headers.CacheControl = "no-store";
        await request.WriteAsync(new JsonObject
        {
            ["token"] = request.Get(Password),
            ["expires"] = DateTimeOffset.UtcNow.Add(Validity).ToUnixTimeMilliseconds(),
            ["ssl"] = context.Request.IsHttps,
        });
    }
}
