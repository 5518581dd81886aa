using System.Text.Json;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Issues;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Open311;

/// <summary>A service request as it is sent, read into the body of a new issue; an empty field is one that is not there.</summary>
internal static class NewServiceRequest
{
    /// <summary>Reports that come this way are the citizens'.</summary>
    private const string Source = "citizen";

    private const int LongestUrl = 900;

    private static readonly Parameter<string?> ServiceCode = Parameter.OfText("service_code", "Code of the service", "exposed_rubbish", IssueLimits.Word);
    private static readonly Parameter<double?> Lat = Parameter.Number("lat", -90, 90, "degrees", "Latitude, WGS 84", 32.43);
    private static readonly Parameter<double?> Long = Parameter.Number("long", -180, 180, "degrees", "Longitude, WGS 84", 112.68);
    private static readonly Parameter<string?> Address = Parameter.OfText("address_string", "Where, in words, beside lat and long: there is no geocoder here", "人民路 12 号", IssueLimits.Address);
    private static readonly Parameter<string?> Description = Parameter.OfText("description", "What is wrong", "菜市场西门垃圾满溢", IssueLimits.Description - LongestUrl - 100);
    private static readonly Parameter<string?> Media = Parameter.OfText("media_url", "Address of a picture (http or https)", "https://example.org/1.jpg", LongestUrl);
    private static readonly Parameter<string?> Email = Parameter.OfText("email", "E-mail of the reporter; private", "z@example.org", IssueLimits.Word);
    private static readonly Parameter<string?> Phone = Parameter.OfText("phone", "Telephone of the reporter; private", "13800000000", IssueLimits.Word);
    private static readonly Parameter<string?> FirstName = Parameter.OfText("first_name", "Given name of the reporter; private", "三", IssueLimits.Word / 2 - 1);
    private static readonly Parameter<string?> LastName = Parameter.OfText("last_name", "Family name of the reporter; private", "张", IssueLimits.Word / 2 - 1);
    private static readonly Parameter<int?> Severity = Parameter.Whole($"attribute[{Service.SeverityAttribute}]", 1, 5, "How bad it is", 3);
    private static readonly Parameter<string?> Device = Parameter.OfText("device_id", "Taken, and not kept", "d1");
    private static readonly Parameter<string?> Account = Parameter.OfText("account_id", "Taken, and not kept", "a1");

    private static readonly Parameter[] Fields = [ServiceCode, Lat, Long, Address, Description, Media, Email, Phone, FirstName, LastName, Severity, Device, Account];

    /// <summary>The form, for the OpenAPI document.</summary>
    /// <param name="others">Fields that are read elsewhere.</param>
    internal static OpenApiRequestBody Describe(params IEnumerable<Parameter> others)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { ServiceCode.Name, Lat.Name, Long.Name },
            Properties = others.Concat(Fields).ToDictionary(field => field.Name, IOpenApiSchema (field) => new OpenApiSchema
            {
                Type = field.Schema.Type,
                Description = field.Description,
                Minimum = field.Schema.Minimum,
                Maximum = field.Schema.Maximum,
                MaxLength = field.Schema.MaxLength,
                Examples = [field.Example.DeepClone()],
            }),
        };
        return new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/x-www-form-urlencoded"] = new() { Schema = schema }, ["multipart/form-data"] = new() { Schema = schema } } };
    }

    /// <summary>Reads the form.</summary>
    /// <param name="form">The form.</param>
    /// <param name="services">What can be asked for.</param>
    /// <param name="others">Fields that are read elsewhere.</param>
    /// <exception cref="BadParameterException">A field is missing, unknown or not what it must be.</exception>
    /// <exception cref="NotFoundException">There is no such service.</exception>
    internal static (IssueBody Body, Service Service) Read(IFormCollection form, IReadOnlyDictionary<string, Service> services, params IReadOnlyList<Parameter> others)
    {
        RefuseUnknown(form, [.. others.Concat(Fields).Select(field => field.Name)]);
        var service = Service.Find(services, Given(form, ServiceCode) ?? throw new BadParameterException(ServiceCode.Name, null, "the code of a service; services.json lists them"));
        var (lat, lon, address) = (Given(form, Lat), Given(form, Long), Given(form, Address));
        if (lat is null || lon is null)
        {
            throw new BadParameterException(lat is null ? Lat.Name : Long.Name, null,
                "degrees: every request needs lat and long" + (address is null ? "" : ", since this server has no geocoder that would find address_string; it is kept beside them"));
        }
        var name = $"{Given(form, FirstName)} {Given(form, LastName)}".Trim();
        Given(form, Device);
        Given(form, Account);
        var properties = new JsonObject
        {
            ["category"] = service.Category.Code,
            ["source"] = Source,
            ["description"] = ServiceRequest.WithMedia(Given(form, Description), MediaOf(form)),
            ["address"] = address,
            ["reporter_name"] = name.Length > 0 ? name : null,
            ["reporter_phone"] = Given(form, Phone),
            ["reporter_email"] = Given(form, Email),
        };
        if (Given(form, Severity) is { } severity)
        {
            properties["severity"] = severity;
        }
        var feature = new JsonObject
        {
            ["type"] = "Feature",
            ["geometry"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(lon.Value, lat.Value) },
            ["properties"] = properties,
        };
        return (IssueBody.ReadNew(JsonSerializer.SerializeToElement(feature), null), service);
    }

    private static void RefuseUnknown(IFormCollection form, string[] known)
    {
        foreach (var (name, values) in form)
        {
            if (!known.Contains(name))
            {
                throw new BadParameterException(name, values.ToString(), $"left out; what can be given here is {string.Join(", ", known)}");
            }
            if (values.Count > 1)
            {
                throw new BadParameterException(name, values.ToString(), "given once");
            }
        }
        if (form.Files is [var file, ..])
        {
            throw new BadParameterException(file.Name, file.FileName, "left out: photos are sent to /api/issues/{id}/attachments, or named by media_url");
        }
    }

    private static T? Given<T>(IFormCollection form, Parameter<T> field) => field.Read(form[field.Name].ToString() is { Length: > 0 } text ? text : null);

    private static string? MediaOf(IFormCollection form)
        => Given(form, Media) is not { } url ? null
            : Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && !url.Any(char.IsWhiteSpace) ? url
            : throw new BadParameterException(Media.Name, url, "an address that begins with http:// or https://");
}
