using System.Globalization;
using System.Text;

namespace GeoSanitation.Benchmarks.Comparisons;

/// <summary>Processor time over size as a picture (SVG), both axes logarithmic; beside each line of measured points one that grows as n log n from its first.</summary>
internal sealed class GrowthPlot
{
    private const int Width = 860;
    private const int Height = 520;
    private const int Left = 80;
    private const int Right = 20;
    private const int Top = 20;
    private const int Bottom = 150;
    private const int LineHeight = 22;

    private static readonly string[] Colors = ["#0b6e99", "#c1440e", "#2e7d32", "#6a3d9a"];

    private readonly List<(string Name, List<(double Size, double Seconds)> Points)> _lines = [];

    /// <summary>Begins a line; points go to the last one.</summary>
    public void Begin(string name) => _lines.Add((name, []));

    public void Add(double size, double seconds) => _lines[^1].Points.Add((size, seconds));

    /// <summary>The picture.</summary>
    public string ToSvg()
    {
        var all = _lines.SelectMany(line => line.Points.Concat(NLogN(line.Points))).ToList();
        var (fromX, toX) = (Math.Floor(Math.Log10(all.Min(p => p.Size))), Math.Ceiling(Math.Log10(all.Max(p => p.Size))));
        var (fromY, toY) = (Math.Floor(Math.Log10(all.Min(p => p.Seconds))), Math.Ceiling(Math.Log10(all.Max(p => p.Seconds))));
        double X(double size) => Left + (Math.Log10(size) - fromX) / (toX - fromX) * (Width - Left - Right);
        double Y(double seconds) => Height - Bottom - (Math.Log10(seconds) - fromY) / (toY - fromY) * (Height - Top - Bottom);
        var svg = new StringBuilder();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\">");
        Line($"<title>Processor time over size; dashed: n log n</title><rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>");
        for (var e = fromX; e <= toX; e++)
        {
            var x = X(Math.Pow(10, e));
            Line($"<path d=\"M{x:0.0} {Top}V{Height - Bottom}\" stroke=\"#ddd\"/><text x=\"{x:0.0}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{Math.Pow(10, e):#,0}</text>");
        }
        for (var e = fromY; e <= toY; e++)
        {
            var y = Y(Math.Pow(10, e));
            Line($"<path d=\"M{Left} {y:0.0}H{Width - Right}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{y + 4:0.0}\" text-anchor=\"end\">{(e < 0 ? Math.Pow(10, e + 3) : Math.Pow(10, e)):0.###} {(e < 0 ? "ms" : "s")}</text>");
        }
        for (var i = 0; i < _lines.Count; i++)
        {
            var (name, points) = _lines[i];
            var color = Colors[i % Colors.Length];
            Line($"<path d=\"{Path(NLogN(points))}\" fill=\"none\" stroke=\"{color}\" stroke-dasharray=\"4 4\" opacity=\"0.6\"/>");
            Line($"<path d=\"{Path(points)}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>");
            foreach (var (size, seconds) in points)
            {
                Line($"<circle cx=\"{X(size):0.0}\" cy=\"{Y(seconds):0.0}\" r=\"4\" fill=\"{color}\"><title>{name}: {size:#,0} in {Report.Time(seconds)}</title></circle>");
            }
            var row = Height - Bottom + 46 + i * LineHeight;
            Line($"<circle cx=\"{Left}\" cy=\"{row - 4}\" r=\"4\" fill=\"{color}\"/><text x=\"{Left + 12}\" y=\"{row}\">{name}</text>");
        }
        Line($"<text x=\"{Width - Right}\" y=\"{Height - Bottom + 46}\" text-anchor=\"end\">processor time over points or cells; dashed: n log n from the first</text>");
        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

        string Path(IEnumerable<(double Size, double Seconds)> points)
            => string.Join(' ', points.Select((p, i) => FormattableString.Invariant($"{(i == 0 ? "M" : "L")}{X(p.Size):0.0} {Y(p.Seconds):0.0}")));
    }

    private static IEnumerable<(double Size, double Seconds)> NLogN(List<(double Size, double Seconds)> points)
        => points.Select(p => (p.Size, points[0].Seconds * p.Size * Math.Log(p.Size) / (points[0].Size * Math.Log(points[0].Size))));
}
