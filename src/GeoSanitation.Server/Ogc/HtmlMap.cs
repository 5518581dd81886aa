using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GeoSanitation.Server.Http;
using GeoSanitation.Server.Pictures;
using GeoSanitation.Server.Snapshot;
using Microsoft.AspNetCore.Http;
using NetTopologySuite.Geometries;
using SkiaSharp;
using static GeoSanitation.Server.Ogc.HtmlPage;

namespace GeoSanitation.Server.Ogc;

/// <summary>Where the features of a document are, or the box of a collection: drawn over the wards, without a script, each a link to its feature. Who does not see it has the same from the table below.</summary>
internal static class HtmlMap
{
    private const int WidthPixels = 960;
    private const int LeastHeightPixels = 280;
    private const int MostHeightPixels = 560;
    private const int RadiusPixels = 5;
    private const double LeastMeters = 600;
    private const double Margin = 1.1;

    private static readonly Look Plain = new(new SKColor(10, 92, 145, 70), new SKColor(10, 92, 145), 1.5f);
    private static readonly Look Outline = Plain with { Fill = SKColors.Transparent };
    private static readonly Look NotSignificant = new(SKColors.Transparent, new SKColor(123, 130, 141), 0.4f);

    /// <summary>Something on the map.</summary>
    /// <param name="Paths">Its rings, or its place alone, as fractions of the web map's square.</param>
    /// <param name="Look">How it is drawn.</param>
    /// <param name="Name">What it is called; null for a box.</param>
    private sealed record Shape(IReadOnlyList<(double X, double Y)[]> Paths, Look Look, string? Name);

    /// <summary>Adds the map, if there is anything to be seen on it.</summary>
    /// <param name="page">The page so far.</param>
    /// <param name="document">Features, a feature or a collection, its coordinates in longitude and latitude.</param>
    /// <param name="items">Address below which each of the features has its own; null where they have none.</param>
    /// <param name="request">The request.</param>
    internal static void Write(StringBuilder page, JsonObject document, string? items, HttpRequest request)
    {
        List<Shape> shapes = [.. ShapesOf(document)];
        if (shapes.Count == 0)
        {
            return;
        }
        var box = new Envelope();
        foreach (var (x, y) in shapes.SelectMany(shape => shape.Paths).SelectMany(path => path))
        {
            box.ExpandToInclude(x, y);
        }
        var least = LeastMeters / WebMercator.WorldMeters;
        var (width, height) = (Margin * Math.Max(box.Width, least), Margin * Math.Max(box.Height, least));
        var heightPixels = (int)Math.Clamp(WidthPixels * height / width, LeastHeightPixels, MostHeightPixels);
        var scale = Math.Min(WidthPixels / width, heightPixels / height);
        var (west, north) = (box.Centre.X - WidthPixels / scale / 2, box.Centre.Y - heightPixels / scale / 2);

        page.Append(CultureInfo.InvariantCulture, $"<svg class=\"map\" viewBox=\"0 0 {WidthPixels} {heightPixels}\" aria-hidden=\"true\">");
        page.Append(CultureInfo.InvariantCulture, $"<image width=\"{WidthPixels}\" height=\"{heightPixels}\" href=\"{Text(Wards())}\"/>\n");
        foreach (var shape in shapes)
        {
            Draw(shape);
        }
        page.Append("</svg>\n");

        string Wards()
        {
            var (left, bottom, right, top) = (Meters(west), -Meters(north + heightPixels / scale), Meters(west + WidthPixels / scale), -Meters(north));
            return string.Create(CultureInfo.InvariantCulture,
                $"{Links.Root(request)}/wms?service=WMS&version=1.3.0&request=GetMap&layers=wards&styles=named&crs=EPSG:3857&bbox={left:0.##},{bottom:0.##},{right:0.##},{top:0.##}&width={WidthPixels}&height={heightPixels}&format=image/png");
        }

        void Draw(Shape shape)
        {
            var isLink = items is not null && shape.Name is not null;
            page.Append(isLink ? $"<a tabindex=\"-1\" href=\"{AddressOf(items!, shape.Name!)}\">" : "");
            var attributes = $"fill=\"{Color(shape.Look.Fill)}\" stroke=\"{Color(shape.Look.Line)}\" stroke-width=\"{shape.Look.LineWidth.ToString(CultureInfo.InvariantCulture)}\"";
            if (shape.Paths is [[var place]])
            {
                page.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(place.X):0.#}\" cy=\"{Y(place.Y):0.#}\" r=\"{RadiusPixels}\" {attributes}>");
            }
            else
            {
                page.Append("<path d=\"");
                foreach (var path in shape.Paths)
                {
                    page.Append('M').AppendJoin('L', Steps(path)).Append('Z');
                }
                page.Append($"\" fill-rule=\"evenodd\" {attributes}>");
            }
            page.Append(shape.Name is null ? "" : $"<title>{Text(shape.Name)}</title>").Append(shape.Paths is [[_]] ? "</circle>" : "</path>").Append(isLink ? "</a>\n" : "\n");
        }

        // Corners that are the same at a tenth of a pixel are one.
        IEnumerable<string> Steps((double X, double Y)[] path)
        {
            var last = "";
            foreach (var (x, y) in path)
            {
                var step = string.Create(CultureInfo.InvariantCulture, $"{X(x):0.#} {Y(y):0.#}");
                if (step != last)
                {
                    yield return step;
                }
                last = step;
            }
        }

        double X(double x) => (x - west) * scale;

        double Y(double y) => (y - north) * scale;

        static double Meters(double fraction) => (fraction - 0.5) * WebMercator.WorldMeters;
    }

    private static IEnumerable<Shape> ShapesOf(JsonObject document)
    {
        if (document["features"] is JsonArray features)
        {
            return features.OfType<JsonObject>().Take(MostRows).Select(ShapeOf).OfType<Shape>();
        }
        if (document["geometry"] is JsonObject)
        {
            return ShapeOf(document) is { } shape ? [shape] : [];
        }
        return document["extent"]?["spatial"]?["bbox"]?[0] is JsonArray { Count: 4 } box
            ? [new Shape([[Place(box[0]!, box[1]!), Place(box[2]!, box[1]!), Place(box[2]!, box[3]!), Place(box[0]!, box[3]!)]], Outline, null)]
            : [];
    }

    /// <summary>A feature as it is drawn, in the colors of what was found of it; null where it has no place.</summary>
    private static Shape? ShapeOf(JsonObject feature)
    {
        List<(double X, double Y)[]> paths = (string?)feature["geometry"]?["type"] is { } type && feature["geometry"]!["coordinates"] is JsonArray coordinates
            ? type switch
            {
                "Point" => [[PlaceOf(coordinates)]],
                "Polygon" => [.. RingsOf(coordinates)],
                "MultiPolygon" => [.. coordinates.SelectMany(polygon => RingsOf(polygon!.AsArray()))],
                _ => [],
            }
            : [];
        var look = feature["properties"] is JsonObject properties && FeatureStyle.IsToldBy(properties) ? FeatureStyle.LookByAttributes(properties) ?? NotSignificant : Plain;
        return paths.Count > 0 ? new Shape(paths, look, feature["id"]?.ToString()) : null;

        static IEnumerable<(double X, double Y)[]> RingsOf(JsonArray polygon) => polygon.Select(ring => ring!.AsArray().Select(at => PlaceOf(at!.AsArray())).ToArray());

        static (double X, double Y) PlaceOf(JsonArray at) => Place(at[0]!, at[1]!);
    }

    private static (double X, double Y) Place(JsonNode lonDegrees, JsonNode latDegrees) => WebMercator.FromLonLat((double)lonDegrees, (double)latDegrees);

    private static string Color(SKColor color) => color.Alpha == 0 ? "none" : $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}{color.Alpha:x2}";
}
