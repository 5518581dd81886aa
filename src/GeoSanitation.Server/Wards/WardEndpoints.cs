using System.Text.Json;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Filters;
using GeoSanitation.Server.GeoJson;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Imports;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using GeoSanitation.Server.Security;
using GeoSanitation.Server.Snapshot;
using GeoSanitation.Store;
using GeoSanitation.Store.Access;
using GeoSanitation.Store.Imports;
using GeoSanitation.Store.Wards;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Wards;

/// <summary>Wards: lists, single ones with what is around them, and which of them hold a place.</summary>
internal static class WardEndpoints
{
    internal static readonly Parameter Code = new("code", "Code of the ward", new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 100 }, "990121001");

    internal static readonly Parameter<string> Geometry = Parameter.Word("geometry", "The whole outline, or none (null): for trees and lists", "full", "none");

    internal static readonly Parameter<DateTimeOffset?> At = new(
        "at", "A day (its start, UTC) or an RFC 3339 time: the boundaries that were in force then; those in force now when left out",
        new OpenApiSchema { Type = JsonSchemaType.String }, "2025-01-01", CommonParameters.Moment);

    private static readonly Parameter<double> Lon = Coordinate("lon", "Longitude, or the coordinate to the east", 112.68);
    private static readonly Parameter<double> Lat = Coordinate("lat", "Latitude, or the coordinate to the north", 32.43);
    private static readonly Parameter<string> GeometryAtPlace = Parameter.Word("geometry", "No outlines (null), or the whole ones", "none", "full");

    private static readonly Parameter<Crs> PlaceCrs = new(
        "crs", "Coordinate system of lon and lat, and of the answer: EPSG:n, an OGC URI or URN, GCJ02 or BD09; longitude and latitude (WGS 84) when left out",
        new OpenApiSchema { Type = JsonSchemaType.String, Default = "CRS84" }, "GCJ02", text => text is null ? CrsRegistry.Crs84 : CrsRegistry.Find(text));

    private static readonly Parameter<bool> Reassign = Parameter.Flag("reassign", "true assigns every issue anew to the wards that there are now; else only issues without a ward get one");

    internal static void AddWards(this IServiceCollection services) => services.AddSingleton<WardListing>();

    internal static void MapWards(this IEndpointRouteBuilder routes)
    {
        var wards = routes.MapGroup("/api/wards").WithTags("Wards");
        wards.MapGet("", (HttpContext context, WardListing listing) => listing.RespondAsync(context)).WithName("GetWards").Takes(WardListing.Parameters)
            .WithSummary("Wards by code, page by page")
            .WithDescription("A GeoJSON FeatureCollection, written while the rows are read. The next page is where the link next leads.")
            .Produces<FeatureList<WardProperties>>(200, FeatureWriter.MediaType).Produces(304).ProducesProblem(400);
        wards.MapGet("/at", GetWardsAt).WithName("GetWardsAt").Takes(Lon, Lat, PlaceCrs, GeometryAtPlace, CommonParameters.GeoJson).WithSummary("The wards that hold a place, from the county down")
            .WithDescription("A place on a border is held by the wards on both sides. The last ward of the list is the one that an issue there is given: the deepest, then the one with the lowest code.")
            .Produces<FeatureList<WardProperties>>(200, FeatureWriter.MediaType).Produces(304).ProducesProblem(400);
        wards.MapGet("/{code}", GetWard).WithName("GetWard").Takes(Code, At, CommonParameters.Crs, Geometry, CommonParameters.GeoJson).WithSummary("One ward, with the wards above and right below it")
            .Produces<Feature<WardDetails>>(200, FeatureWriter.MediaType).Produces(304).ProducesProblem(400).ProducesProblem(404);
        wards.MapPut("/{code}", PutWard).WithName("PutWard").RequireRole(Roles.Administrator).Takes(Code, CommonParameters.BodyCrs, Reassign).WithSummary("Add a ward, or change one")
            .WithDescription("Another outline closes the old boundary and opens a new one, as an import of wards does; both stay, and `at` asks for the old one. Issues keep the ward that they were assigned, "
                + "unless reassign says otherwise. It counts as an import of one ward, and waits for one that is writing.")
            .Accepts<WardBody>(FeatureWriter.MediaType, "application/json")
            .Produces<Feature<WardDetails>>(200, FeatureWriter.MediaType).Produces<Feature<WardDetails>>(201, FeatureWriter.MediaType)
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415);
        wards.MapGet("/{code}/issues", GetWardIssues).WithName("GetWardIssues").Takes(Code).Takes(IssueListing.Parameters.Where(p => p.Name != "ward"))
            .WithSummary("Issues of a ward and of the wards within it, page by page").WithDescription("The same as /api/issues with this ward.")
            .Produces<IssueFeatureCollection>(200, FeatureWriter.MediaType).Produces(304).ProducesProblem(400).ProducesProblem(404);
    }

    private static Task GetWard(string code, HttpContext context, VersionedAnswers answers, Database database)
    {
        code = PathText.Decoded(code);
        var query = context.Request.Query;
        CommonParameters.GeoJson.Read(query);
        var (at, crs, outlines) = (At.Read(query), CommonParameters.Crs.Read(query), Geometry.Read(query) == "full");
        NameCrs(context, crs);
        return answers.RespondAsync(context, FeatureWriter.MediaType, $"ward {JsonSerializer.Serialize(code)} {at:O} {crs.Name} {outlines}", async (version, cancellation) =>
        {
            var family = await new WardStore(database).FindAsync(code, at, outlines, cancellation) ?? throw new NotFoundException("ward", code);
            return new VersionedBody(ToBytes(family, crs), version);
        });
    }

    private static async Task PutWard(string code, HttpContext context, Database database, CancellationToken cancellation)
    {
        code = PathText.Decoded(code);
        var query = context.Request.Query;
        var (given, reassign) = (CommonParameters.BodyCrs.Read(query), Reassign.Read(query));
        var ward = await WardBody.ReadAsync(context.Request, code, given, (await IntakeReference.LoadAsync(database, at: null, cancellation)).Wards);
        var added = await ImportAsync(database, ward, reassign, context.User.Name(), cancellation);
        var crs = given ?? CrsRegistry.Crs84;
        var family = await new WardStore(database).FindAsync(code, at: null, outlines: true, cancellation) ?? throw new NotFoundException("ward", code);
        NameCrs(context, crs);
        context.Response.StatusCode = added ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        if (added)
        {
            context.Response.Headers.Location = $"{context.Request.PathBase}/api/wards/{Uri.EscapeDataString(code)}";
        }
        context.Response.ContentType = FeatureWriter.MediaType;
        await context.Response.Body.WriteAsync(ToBytes(family, crs), cancellation);
    }

    private static byte[] ToBytes(WardFamily family, Crs crs)
        => FeatureWriter.ToBytes(crs, writer => writer.Write(family.Ward.Code, family.Ward.Geometry, new WardDetails(family), alone: true));

    /// <summary>Takes one ward by the way on which files of wards come in.</summary>
    /// <returns>True when it is new.</returns>
    private static async Task<bool> ImportAsync(Database database, StagedWard ward, bool reassign, string actor, CancellationToken cancellation)
    {
        await using var ticket = await ImportTicket.OpenAsync(database, new ImportHeader("wards", ward.Code, Source: null, actor), dryRun: false, cancellation);
        try
        {
            return (await WardImport.RunAsync(ticket, [ward], [], reassign, actor, mappingJson: "{}", warningsJson: "[]", cancellation)).Counts.Loaded > 0;
        }
        catch (Exception problem)
        {
            await ticket.EndWithNothingAsync(problem is OperationCanceledException, IssueImport.Explain(problem));
            throw problem is WardTreeException ? new ConflictException(problem.Message) : problem;
        }
    }

    private static Task GetWardsAt(HttpContext context, VersionedAnswers answers, Database database)
    {
        var query = context.Request.Query;
        CommonParameters.GeoJson.Read(query);
        var (crs, outlines) = (PlaceCrs.Read(query), GeometryAtPlace.Read(query) == "full");
        var place = PlaceOf(crs, Lon.Read(query), Lat.Read(query));
        NameCrs(context, crs);
        var links = Links.OfPage(context, null, FeatureWriter.MediaType);
        return answers.RespondAsync(context, FeatureWriter.MediaType, $"wards at {place.LonDegrees:R} {place.LatDegrees:R} {crs.Name} {outlines} {context.Request.QueryString}", async (version, cancellation) =>
        {
            var held = await new WardStore(database).AtAsync(place.LonDegrees, place.LatDegrees, outlines, cancellation);
            return new VersionedBody(FeatureWriter.ToBytes(crs, writer =>
            {
                writer.BeginCollection();
                foreach (var ward in held)
                {
                    writer.Write(ward.Code, ward.Geometry, new WardProperties(ward));
                }
                writer.EndCollection(held.Count, held.Count, links);
            }), version);
        });
    }

    private static async Task GetWardIssues(string code, HttpContext context, IssueListing listing, Database database, CancellationToken cancellation)
    {
        code = PathText.Decoded(code);
        var filter = IssueFilterQuery.Parse(context.Request.Query);
        if (!await new WardStore(database).ExistsAsync(code, cancellation))
        {
            throw new NotFoundException("ward", code);
        }
        await listing.RespondAsync(context, filter with { Wards = [code] });
    }

    private static LonLat PlaceOf(Crs crs, double x, double y)
    {
        var place = crs.IsGeographic && !new LonLat(x, y).IsValid ? new LonLat(double.NaN, double.NaN) : crs.ToLonLat(x, y);
        return place.IsValid ? place : throw new BadParameterException(Lon.Name, FormattableString.Invariant($"{x} (with lat {y})"), $"beside lat a place in {crs.Name}");
    }

    private static void NameCrs(HttpContext context, Crs crs) => context.Response.Headers["Content-Crs"] = $"<{crs.Uri}>";

    private static Parameter<double> Coordinate(string name, string description, double example)
    {
        var number = Parameter.Number(name, -1e8, 1e8, "degrees, or the unit of crs", description, example);
        return new(name, number.Description, number.Schema, number.Example, text => number.Read(text) ?? throw new BadParameterException(name, null, "a number (degrees, or the unit of crs)")) { Required = true };
    }
}
