using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace GeoSanitation.CountyGenerator;

/// <summary>Writes features, one a line.</summary>
internal sealed class GeoJson : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly StreamWriter _writer;
    private bool _begun;

    internal GeoJson(string path)
    {
        _writer = new StreamWriter(path, append: false, new UTF8Encoding(false)) { NewLine = "\n" };
        _writer.Write("{\"type\": \"FeatureCollection\", \"features\": [");
    }

    /// <summary>Adds a polygon.</summary>
    /// <param name="properties">Its properties.</param>
    /// <param name="rings">Closed rings of longitudes and latitudes, the outer one first.</param>
    internal void Polygon(IEnumerable<(string Key, object? Value)> properties, IEnumerable<IEnumerable<(double Lon, double Lat)>> rings)
        => Feature(properties, "Polygon", "[" + string.Join(",", rings.Select(Line)) + "]");

    /// <summary>Adds a line.</summary>
    internal void LineString(IEnumerable<(string Key, object? Value)> properties, IEnumerable<(double Lon, double Lat)> line) => Feature(properties, "LineString", Line(line));

    public void Dispose()
    {
        _writer.Write("\n]}\n");
        _writer.Dispose();
    }

    private void Feature(IEnumerable<(string Key, object? Value)> properties, string type, string coordinates)
    {
        _writer.Write(_begun ? ",\n" : "\n");
        _begun = true;
        var members = string.Join(", ", properties.Select(p => $"\"{p.Key}\": {JsonSerializer.Serialize(p.Value, Readable)}"));
        _writer.Write($"{{\"type\": \"Feature\", \"properties\": {{{members}}}, \"geometry\": {{\"type\": \"{type}\", \"coordinates\": {coordinates}}}}}");
    }

    private static string Line(IEnumerable<(double Lon, double Lat)> places) => "[" + string.Join(",", places.Select(p => FormattableString.Invariant($"[{p.Lon},{p.Lat}]"))) + "]";
}
