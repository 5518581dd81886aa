using System.Globalization;
using System.Text;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace GeoSanitation.Server.Tests.Fuzz;

/// <summary>Makes wrong requests for every route of the server, from what each says it takes: a new endpoint is attacked without a line here. One that reads whatever it is given has tests of its own.</summary>
/// <param name="endpoints">The server's routes.</param>
/// <param name="seed">Always the same requests for the same seed and routes.</param>
internal sealed class MalformedRequests(IEnumerable<RouteEndpoint> endpoints, int seed)
{
    private const int ValuesPerParameter = 3;

    private static readonly string[] NoNumbers = ["NaN", "Infinity", "-Infinity", "1e999", "abc", "", "0x10", "1_000", "--1", "1e", "٣", "1;DROP TABLE geosan.issue", "null", "true"];
    private static readonly string[] NoBooleans = ["yes", "1", "0", "TRUE", "", "null", "falsee"];
    private static readonly string[] NoWords = ["nope", "", "'", "{}", "../..", "null", "a,b"];
    private static readonly string[] NoMoments = ["yesterday", "", "2025-13-01", "2025-02-30", "2025-01-01T25:00:00Z", "9999-12-31", "1/2/3", "..", "2025-01-01T00:00:00+99:00"];

    /// <summary>Wrong values of texts that are more than any text, by the parameter's name.</summary>
    private static readonly Dictionary<string, string[]> Special = new()
    {
        ["crs"] = ["EPSG:99999999", "EPSG:", "EPSG:4326;DROP", "urn:nonsense", "", "wgs84?", "EPSG:-1", "http://example.org/crs"],
        ["datetime"] = [.. NoMoments, "2025-02-01/2025-01-01", "a/b", "2025-01-01/2025-01-02/2025-01-03"],
        ["at"] = NoMoments,
        ["severity"] = ["0", "6", "4..2", "1..", "..", "-1", "3.5", "", "1..2..3", "one"],
        ["levels"] = ["0", "-1", "a", "3,2,1", "1,NaN", ",", "", "1e999", "5,5"],
        ["cursor"] = ["abc", "!!!", "", "bnVsbA", "W10", "WzFd", "eyJhIjoxfQ", "WyJjb2RlIixudWxsXQ", "WyJjb2RlIl0"],
        ["sortby"] = ["", ",", "-", "nonsense", "reported_at,reported_at", "reported_at;DROP", "-reported_at,", "a,b,c,d,e,f"],
        ["before"] = ["abc", "1.5", "99999999999999999999", ""],
        ["step"] = ["hour", "P0D", "P-1D", ""],
    };

    private static readonly string[] Unreadable = ["%", "%4", "%zz", "%ff", "%C3%28", "%ED%A0%80", "a%00b", "%F8%88%80%80%80"];

    private static readonly string[] StrangeNames = ["nonsense", "limitt", "BBOX", "__proto__", "filter[]", "$where", "q%20", "ward%5B%5D", "%E5%9E%83", "..", "'", "%00x"];

    /// <summary>Names of fonts are any text: maps ask for those of their styles and get what there is.</summary>
    private const string AnyText = "fontstack";

    private readonly Random _random = new(seed);

    private readonly List<RouteEndpoint> _endpoints = [.. endpoints.Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null && e.Metadata.GetMetadata<AnyParameters>() is null)];

    /// <summary>All of them.</summary>
    internal IEnumerable<MalformedRequest> All()
        => _endpoints.SelectMany(endpoint => MethodsOf(endpoint).Where(m => m != "HEAD").SelectMany(method
                => WrongValues(endpoint, method).Concat(StrangeParameters(endpoint, method)).Concat(WrongPlaces(endpoint, method)).Concat(WrongKeys(endpoint, method))
                    .Concat(HasBody(method) ? WrongBodies(endpoint, method) : []).Concat(WrongHeaders(endpoint, method)))
            .Concat(WrongMethods(endpoint)))
        .Concat(Mixed(400));

    /// <summary>One parameter that is not what it may be.</summary>
    private IEnumerable<MalformedRequest> WrongValues(RouteEndpoint endpoint, string method)
    {
        foreach (var parameter in QueryOf(endpoint))
        {
            foreach (var value in Picked(WrongValuesOf(parameter), ValuesPerParameter))
            {
                yield return Request(endpoint, method, $"{parameter.Name}={Escaped(value)}", $"{parameter.Name} = {Shown(value)}") with { Named = HasBody(method) ? null : NamesBeside(parameter) };
            }
            yield return Request(endpoint, method, $"{parameter.Name}={Picked(Unreadable, 1)[0]}", $"{parameter.Name} is no UTF-8") with { Named = [parameter.Name] };
            // A protocol that passes over what it does not know may take the same thing said twice.
            if (!parameter.Repeats && !PassesOver(endpoint))
            {
                var example = Escaped(ExampleOf(parameter));
                yield return Request(endpoint, method, $"{parameter.Name}={example}&{parameter.Name}={example}", $"{parameter.Name} twice") with { Named = HasBody(method) ? null : NamesBeside(parameter) };
            }
        }
    }

    /// <summary>Parameters that nobody knows.</summary>
    private IEnumerable<MalformedRequest> StrangeParameters(RouteEndpoint endpoint, string method)
        => Picked(StrangeNames, 4).Select(name => Request(endpoint, method, $"{name}=1", $"unknown parameter {name}"));

    /// <summary>Placeholders of the path that hold what names nothing.</summary>
    private IEnumerable<MalformedRequest> WrongPlaces(RouteEndpoint endpoint, string method)
    {
        foreach (var parameter in PathOf(endpoint).Where(p => p.Name != AnyText))
        {
            string[] values = parameter.Schema.Type == JsonSchemaType.Integer
                ? ["abc", "-1", "1.5", "99999999999999999999", "987654321012345", "1e5", "NaN", "%E5%9E%83", "1%3B2", "%20"]
                : ["no-such-thing", "%E6%B2%A1%E6%9C%89", "..%2F..%2Fetc", new string('x', 3_000), "%27%20OR%201=1", "%F0%9F%92%A9", "%ff%fe", "a%5C..%5Cb"];
            foreach (var value in Picked(values, 5))
            {
                yield return Request(endpoint, method, "", $"{{{parameter.Name}}} = {Shown(value)}", (parameter.Name, value)) with { Body = HasBody(method) ? "{\"nonsense\":1}"u8.ToArray() : null, MediaType = "application/json" };
            }
            yield return Request(endpoint, method, "", $"{{{parameter.Name}}} with NUL", (parameter.Name, "a%00b")) with { ByTransport = true };
        }
    }

    private IEnumerable<MalformedRequest> WrongMethods(RouteEndpoint endpoint)
    {
        var possible = _endpoints.Where(e => e.RoutePattern.RawText!.Trim('/') == endpoint.RoutePattern.RawText!.Trim('/')).SelectMany(MethodsOf).ToHashSet();
        return Picked([.. new[] { "POST", "PUT", "PATCH", "DELETE", "BREW", "LOCK", "PROPFIND", "get" }.Where(m => !possible.Contains(m) && !(m == "get" && possible.Contains("GET")))], 3)
            .Select(method => Request(endpoint, method, "", "a method that is not possible"));
    }

    private static IEnumerable<MalformedRequest> WrongKeys(RouteEndpoint endpoint, string method)
    {
        foreach (var (name, value) in ((string, string)[])[("Authorization", "Bearer gs_aaaaaaaa_bbbb"), ("Authorization", "Bearer"), ("X-Api-Key", "nonsense"), ("X-Api-Key", "' OR 1=1 --"), ("Authorization", "Bearer " + new string('x', 5_000))])
        {
            yield return Request(endpoint, method, "", $"a key that does not work: {name}") with { WithKey = false, Headers = [(name, value)] };
        }
        if (method != "GET")
        {
            yield return Request(endpoint, method, "", "no key") with { WithKey = false };
        }
    }

    private static IEnumerable<MalformedRequest> WrongHeaders(RouteEndpoint endpoint, string method)
    {
        yield return Request(endpoint, method, "", "headers of 40 KB") with { Headers = [("X-Long", new string('x', 40_000))], ByTransport = true };
        yield return Request(endpoint, method, "", "200 headers") with { Headers = [.. Enumerable.Range(0, 200).Select(i => ($"X-{i}", "x"))], ByTransport = true };
        yield return Request(endpoint, method, "q=" + new string('x', 20_000), "an address of 20 KB") with { ByTransport = true };
        if (ParameterRules.Of(endpoint.Metadata).Any(p => p.InHeader && p.Name == "If-Match"))
        {
            foreach (var tag in (string[])["nonsense", "\"", "\"999-x\"", "W/\"0\"", "\"-1\"", "\"99999999999999999999\"", ""])
            {
                yield return Request(endpoint, method, "", $"If-Match: {tag}") with { Headers = [("If-Match", tag)], Body = HasBody(method) ? "{\"nonsense\":1}"u8.ToArray() : null, MediaType = "application/json" };
            }
        }
    }

    /// <summary>Bodies that no endpoint can take: each is no JSON, or JSON with something in it that means nothing anywhere.</summary>
    private static IEnumerable<MalformedRequest> WrongBodies(RouteEndpoint endpoint, string method)
    {
        var isJson = endpoint.Metadata.GetOrderedMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>().SelectMany(a => a.ContentTypes).FirstOrDefault(t => t.Contains("json", StringComparison.Ordinal));
        (string, string)[] anywhere =
        [
            ("text/plain", "hello"), ("application/xml", "<a/>"), ("nonsense", "x"), ("text/csv; charset=\"", "a,b\n1,2\n"), ("", "x"), ("application/x-www-form-urlencoded", "a=1&a=2"),
            ("multipart/form-data", "no boundary"), ("multipart/form-data; boundary=x", "no parts"), ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"nonsense\"\r\n\r\n1\r\n--x--\r\n"),
            ("multipart/form-data; boundary=" + new string('b', 300), "--b--"), ("multipart/form-data; boundary=x", "--x\r\nno header\r\n\r\n1\r\n--x--\r\n"), ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"),
        ];
        foreach (var (type, body) in anywhere.Where(b => isJson is not null || b.Item1 is not ("text/plain" or "text/csv; charset=\"")))
        {
            yield return With(type, Encoding.UTF8.GetBytes(body));
        }
        yield return With(isJson ?? "application/json", []);
        yield return With("image/png", [0x89, 0x50]);
        if (isJson is null)
        {
            yield break;
        }
        foreach (var body in JsonBodies())
        {
            yield return With(isJson, Encoding.UTF8.GetBytes(body));
        }
        yield return With(isJson, [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]);
        yield return With(isJson, [.. "{\"nonsense\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

        MalformedRequest With(string type, byte[] body) => Request(endpoint, method, "", $"body of {type}: {Shown(Encoding.Latin1.GetString(body))}") with
        {
            Body = body,
            MediaType = type,
            Headers = [("If-Match", "*")],
        };
    }

    private static IEnumerable<string> JsonBodies()
    {
        const string ring = "[[112,32],[113,32],[113,33],[112,32]]";
        string Feature(string geometry, string properties = "{}") => $$"""{"type":"Feature","geometry":{{geometry}},"properties":{{properties}}}""";
        return
        [
            "", " ", "null", "true", "7", "\"text\"", "[]", "[{}]", "{", "}", "{]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{'a':1}", "{\"a\":1}{\"a\":1}", "{\"a\":NaN}", "{\"a\":1e999}", "// comment\n{}",
            "{\"nonsense\":1}", "{\"nonsense\":null}", "{\"type\":\"Feature\",\"type\":\"Feature\"}", "{\"\\ud800\":1}", "{\"nonsense\":\"\\ud800\"}", "{\"a\u0000\":1}", "{\"nonsense\":\"\u0001\"}", "{\"__proto__\":{}}",
            new string('[', 3_000), string.Concat(Enumerable.Repeat("{\"a\":", 3_000)), "{\"a\":" + new string('[', 100) + new string(']', 100) + "}", "{\"properties\":" + string.Concat(Enumerable.Repeat("{\"a\":", 80)) + "1" + new string('}', 81),
            Feature("7"), Feature("[]"), Feature("\"Point\""), Feature("{}"), Feature("""{"type":"Circle","coordinates":[112,32]}"""), Feature("""{"type":"Point"}"""), Feature("""{"type":"Point","coordinates":[]}"""),
            Feature("""{"type":"Point","coordinates":[112]}"""), Feature("""{"type":"Point","coordinates":["112","32"]}"""), Feature("""{"type":"Point","coordinates":[1e400,32]}"""), Feature("""{"type":"Point","coordinates":[181,32]}"""),
            Feature("""{"type":"Point","coordinates":[112,91]}"""), Feature("""{"type":"Point","coordinates":[null,null]}"""), Feature("""{"type":"Point","coordinates":[[112,32]]}"""), Feature("""{"type":"LineString","coordinates":[[112,32],[113,33]]}"""),
            Feature("""{"type":"Polygon","coordinates":[]}"""), Feature("""{"type":"Polygon","coordinates":[[]]}"""), Feature("""{"type":"Polygon","coordinates":[[[112,32],[113,32]]]}"""), Feature($$"""{"type":"Polygon","coordinates":[[[112,32],[113,32],[113,33],[112,33]]]}"""),
            Feature("""{"type":"Polygon","coordinates":[[[112,32],[113,33],[113,32],[112,33],[112,32]]]}"""), Feature("""{"type":"Polygon","coordinates":[[[112,32],[999,32],[113,33],[112,32]]]}"""), Feature($$"""{"type":"MultiPolygon","coordinates":[{{ring}}]}"""),
            Feature($$"""{"type":"Polygon","coordinates":[{{ring}}],"nonsense":1}"""), Feature("""{"type":"GeometryCollection","geometries":[]}"""), Feature("""{"type":["Point"],"coordinates":[112,32]}"""),
            Feature("null", "7"), Feature("null", "[]"), Feature("null", "\"x\""), Feature("null", "{\"nonsense\":1}"), Feature("null", "{\"name\":7}"), Feature("null", "{\"code\":\"\\u0000\"}"), Feature("null", "{\"category\":{}}"),
            Feature("null", "{\"severity\":\"high\"}"), Feature("null", "{\"severity\":0}"), Feature("null", "{\"starts_at\":\"yesterday\"}"), Feature("null", "{\"visits\":-1}"), Feature("null", "{\"parent\":7}"), Feature("null", "{\"level\":[]}"),
            """{"type":"FeatureCollection","features":[]}""", """{"type":"Feature","geometry":null,"properties":{},"coordRefSys":"EPSG:1"}""", """{"type":"Feature","geometry":null,"properties":{},"coordRefSys":7}""",
            """{"to":7}""", """{"to":"lost"}""", """{"to":null}""", """{"to":["closed"]}""", """{"note":"x"}""", """{"to":"closed","nonsense":1}""", """{"to":"rejected","note":7}""",
        ];
    }

    /// <summary>Good values and one bad one, in any order.</summary>
    private IEnumerable<MalformedRequest> Mixed(int count)
    {
        var reads = _endpoints.Where(e => MethodsOf(e).Contains("GET") && QueryOf(e).Count > 1 && !PassesOver(e)).ToList();
        for (var i = 0; i < count; i++)
        {
            var endpoint = reads[_random.Next(reads.Count)];
            var query = QueryOf(endpoint);
            var bad = query[_random.Next(query.Count)];
            var good = Picked([.. query.Where(p => p != bad && p.Name is not ("cursor" or "level" or "size" or "near" or "radius"))], _random.Next(4));
            var parts = good.Select(p => $"{p.Name}={Escaped(ExampleOf(p))}").Append($"{bad.Name}={Escaped(Picked(WrongValuesOf(bad), 1)[0])}").ToArray();
            _random.Shuffle(parts);
            // What does not go together with something else may be named in its place.
            yield return Request(endpoint, "GET", string.Join('&', parts), $"{bad.Name} among others");
        }
    }

    private static IReadOnlyList<string> NamesBeside(Parameter parameter) => parameter.Name switch
    {
        // One of a pair may be missed before the other is looked at.
        "lat" => ["lat", "lon"],
        "radius" => ["radius", "near"],
        _ => [parameter.Name],
    };

    private static string[] WrongValuesOf(Parameter parameter)
    {
        var schema = parameter.Schema;
        if (Special.TryGetValue(parameter.Name, out var special))
        {
            return special;
        }
        if (schema.Type == JsonSchemaType.Array && schema.MinItems is { } count)
        {
            return ["1", string.Join(',', Enumerable.Repeat("1", count + 1)), string.Join(',', Enumerable.Repeat("NaN", count)), string.Join(',', Enumerable.Repeat("999", count)), string.Join(',', Enumerable.Repeat("x", count)), "", ",,,", "1e999,2,3,4"];
        }
        if (schema.Type == JsonSchemaType.Array)
        {
            return schema.Items!.Enum is { Count: > 0 } ? NoWords : ["", new string('x', Parameter.LongestText + 1)];
        }
        if (schema.Enum is { Count: > 0 })
        {
            return NoWords;
        }
        return schema.Type switch
        {
            JsonSchemaType.Boolean => NoBooleans,
            JsonSchemaType.Integer => [.. NoNumbers, "1.5", Beyond(schema.Maximum, 1), Beyond(schema.Minimum, -1), "99999999999999999999"],
            JsonSchemaType.Number => [.. NoNumbers, Beyond(schema.Maximum, 1), Beyond(schema.Minimum, -1), "1e308", "-1e308"],
            _ => schema.MaxLength is { } longest and < 5_000 ? [new string('x', longest + 1)] : ["\u0000"],
        };
    }

    private static string Beyond(string? limit, int step)
        => limit is null ? "1e999" : (double.Parse(limit, CultureInfo.InvariantCulture) is var number && step > 0 ? Math.Max(number * 2, number + 1) : number - Math.Abs(number) - 1).ToString(CultureInfo.InvariantCulture);

    private static string ExampleOf(Parameter parameter)
        => parameter.Example is System.Text.Json.Nodes.JsonArray items ? string.Join(',', items.Select(i => i!.ToString())) : parameter.Example.ToString().Replace("True", "true", StringComparison.Ordinal);

    private static MalformedRequest Request(RouteEndpoint endpoint, string method, string query, string fault, (string Name, string Value)? place = null)
    {
        var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
        foreach (var parameter in PathOf(endpoint))
        {
            path = path.Replace($"{{{parameter.Name}}}", parameter.Name == place?.Name ? place.Value.Value : Escaped(ExampleOf(parameter)), StringComparison.Ordinal);
        }
        return new MalformedRequest(method, query.Length > 0 ? $"{path}?{query}" : path, fault) { HasOwnForm = endpoint.Metadata.GetMetadata<ErrorForm>() is { } form && form.WriteAsync != Problem.WriteAsync };
    }

    private static List<Parameter> QueryOf(RouteEndpoint endpoint) => [.. ParameterRules.Of(endpoint.Metadata).Where(p => !p.InHeader && endpoint.RoutePattern.GetParameter(p.Name) is null)];

    private static List<Parameter> PathOf(RouteEndpoint endpoint) => [.. ParameterRules.Of(endpoint.Metadata).Where(p => endpoint.RoutePattern.GetParameter(p.Name) is not null)];

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    private static bool PassesOver(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<AnyParameters>() is not null;

    private static bool HasBody(string method) => method is "POST" or "PUT" or "PATCH";

    private static string Escaped(string value) => Uri.EscapeDataString(value);

    private static string Shown(string value) => (value.Length > 60 ? value[..60] + "…" : value).Replace("\0", "\\0", StringComparison.Ordinal).Replace("\r\n", "\\r\\n", StringComparison.Ordinal);

    private T[] Picked<T>(T[] from, int count)
    {
        var shuffled = from.ToArray();
        _random.Shuffle(shuffled);
        return shuffled[..Math.Min(count, shuffled.Length)];
    }
}
