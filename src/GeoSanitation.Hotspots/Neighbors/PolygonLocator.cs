namespace GeoSanitation.Hotspots.Neighbors;

/// <summary>Finds the first polygon, in the order given, that covers a point; a point on a border is covered, as with ST_Covers.</summary>
/// <remarks>A table of equal boxes over all polygons says, for a box that no border passes, the answer itself, and for the others which polygons
/// are worth asking. Asking counts the crossings of a ray to the right with the edges in the same row of boxes; the side of an edge is
/// decided exactly, so the answer does not depend on the table. Queries only read: any number of threads may ask at once. Polygons may nest and overlap.</remarks>
public sealed class PolygonLocator
{
    private const int NoAnswer = -1;
    private const int FullFlag = 1;

    // Boxes are marked a little wider than an edge reaches; positions are turned into columns and rows with far smaller error than this part of a box.
    private const double Slack = 1e-6;

    private readonly double _minX;
    private readonly double _minY;
    private readonly double _maxX;
    private readonly double _maxY;
    private readonly double _columnsPerUnit;
    private readonly double _rowsPerUnit;
    private readonly int _columns;
    private readonly int _rows;

    // Box: the answer when >= -1; otherwise -2 - (start of its list in _candidates).
    private readonly int[] _boxes;

    // Lists of polygon * 2 + full, in polygon order; each ends with a full one or with -1.
    private readonly int[] _candidates;

    // Edges (x1, y1, x2, y2) by polygon and row: strip s of polygon p is row _firstRow[p] + s - _firstStrip[p].
    private readonly int[] _firstRow;
    private readonly int[] _firstStrip;
    private readonly int[] _stripStarts;
    private readonly int[] _stripEdges;
    private readonly double[] _edges;

    /// <summary>Builds the table.</summary>
    /// <param name="polygons">Polygons in order of precedence, all in one CRS.</param>
    /// <exception cref="ArgumentNullException">polygons is null.</exception>
    public PolygonLocator(IReadOnlyList<PolygonRings> polygons)
    {
        ArgumentNullException.ThrowIfNull(polygons);
        Polygons = polygons;
        (_minX, _minY, _maxX, _maxY) = (double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        long edgeCount = 0;
        foreach (var polygon in polygons)
        {
            _minX = Math.Min(_minX, polygon.MinX);
            _minY = Math.Min(_minY, polygon.MinY);
            _maxX = Math.Max(_maxX, polygon.MaxX);
            _maxY = Math.Max(_maxY, polygon.MaxY);
            foreach (var ring in polygon.Rings)
            {
                edgeCount += ring.Length / 2;
            }
        }
        var boxes = Math.Clamp(64 * edgeCount, 1 << 10, edgeCount > 1 << 20 ? 1 << 22 : 1 << 20);
        var width = Math.Max(_maxX - _minX, 0);
        var height = Math.Max(_maxY - _minY, 0);
        if (width > 0 && height > 0)
        {
            var aspect = Math.Clamp(Math.Sqrt(width / height), 1.0 / 64, 64);
            _columns = (int)Math.Clamp(Math.Sqrt(boxes) * aspect, 1, 1 << 16);
            _rows = (int)Math.Clamp(boxes / _columns, 1, 1 << 16);
        }
        else
        {
            (_columns, _rows) = (1, 1);
        }
        _columnsPerUnit = width > 0 ? _columns / width : 0;
        _rowsPerUnit = height > 0 ? _rows / height : 0;

        _edges = new double[4 * edgeCount];
        _firstRow = new int[polygons.Count];
        _firstStrip = new int[polygons.Count + 1];
        var firstEdge = new int[polygons.Count + 1];
        for (int p = 0, e = 0; p < polygons.Count; p++)
        {
            var polygon = polygons[p];
            firstEdge[p] = e;
            foreach (var ring in polygon.Rings)
            {
                var previous = ring.Length - 2;
                for (var i = 0; i < ring.Length; previous = i, i += 2)
                {
                    var at = 4 * e++;
                    _edges[at] = ring[previous];
                    _edges[at + 1] = ring[previous + 1];
                    _edges[at + 2] = ring[i];
                    _edges[at + 3] = ring[i + 1];
                }
            }
            firstEdge[p + 1] = e;
            _firstRow[p] = polygon.IsEmpty ? 0 : Row(polygon.MinY);
            _firstStrip[p + 1] = _firstStrip[p] + (polygon.IsEmpty ? 0 : Row(polygon.MaxY) - _firstRow[p] + 1);
        }
        _stripStarts = new int[_firstStrip[polygons.Count] + 1];
        _stripEdges = FillStrips(firstEdge);
        (_boxes, _candidates) = FillBoxes();
    }

    /// <summary>The polygons, in order of precedence.</summary>
    public IReadOnlyList<PolygonRings> Polygons { get; }

    /// <summary>Index of the first polygon that covers the point, or -1.</summary>
    /// <param name="x">x in the polygons' unit.</param>
    /// <param name="y">y in the polygons' unit.</param>
    /// <returns>Index into <see cref="Polygons"/>, or -1 when none covers it or the point is not finite.</returns>
    public int Locate(double x, double y)
    {
        if (!(x >= _minX && x <= _maxX && y >= _minY && y <= _maxY))
        {
            return NoAnswer;
        }
        var row = Row(y);
        var box = _boxes[row * _columns + Column(x)];
        if (box >= NoAnswer)
        {
            return box;
        }
        for (var at = -2 - box; _candidates[at] >= 0; at++)
        {
            var polygon = _candidates[at] >> 1;
            if ((_candidates[at] & FullFlag) != 0 || Covers(polygon, row, x, y))
            {
                return polygon;
            }
        }
        return NoAnswer;
    }

    /// <summary>Locates many points.</summary>
    /// <param name="x">x of each point.</param>
    /// <param name="y">y of each point, same length.</param>
    /// <param name="polygonOfPoint">Output, same length: index of the first polygon that covers the point, or -1.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void Locate(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<int> polygonOfPoint)
    {
        if (y.Length != x.Length || polygonOfPoint.Length != x.Length)
        {
            throw new ArgumentException($"x, y and the output must be equally long; they have {x.Length}, {y.Length} and {polygonOfPoint.Length}.");
        }
        for (var i = 0; i < x.Length; i++)
        {
            polygonOfPoint[i] = Locate(x[i], y[i]);
        }
    }

    // Both grow with their argument, which is what makes the strips complete: an edge stands in every row that one of its points can fall into.
    private int Column(double x) => Math.Clamp((int)((x - _minX) * _columnsPerUnit), 0, _columns - 1);

    private int Row(double y) => Math.Clamp((int)((y - _minY) * _rowsPerUnit), 0, _rows - 1);

    private bool Covers(int polygon, int row, double x, double y)
    {
        var strip = _firstStrip[polygon] + row - _firstRow[polygon];
        if (strip < _firstStrip[polygon] || strip >= _firstStrip[polygon + 1])
        {
            return false;
        }
        var inside = false;
        for (var k = _stripStarts[strip]; k < _stripStarts[strip + 1]; k++)
        {
            var edge = _edges.AsSpan(4 * _stripEdges[k], 4);
            double x1 = edge[0], y1 = edge[1], x2 = edge[2], y2 = edge[3];
            if ((x1 < x && x2 < x) || (y1 < y && y2 < y) || (y1 > y && y2 > y))
            {
                continue;
            }
            if (x1 > x && x2 > x)
            {
                inside ^= y1 > y != y2 > y;
                continue;
            }
            var side = Orientation.Sign(x1, y1, x2, y2, x, y);
            if (side == 0)
            {
                return true;
            }
            inside ^= y1 > y != y2 > y && side > 0 == y2 > y1;
        }
        return inside;
    }

    private int[] FillStrips(int[] firstEdge)
    {
        for (var p = 0; p < Polygons.Count; p++)
        {
            for (var e = firstEdge[p]; e < firstEdge[p + 1]; e++)
            {
                var (from, to) = StripsOf(p, e);
                for (var s = from; s <= to; s++)
                {
                    _stripStarts[s + 1]++;
                }
            }
        }
        for (var s = 1; s < _stripStarts.Length; s++)
        {
            _stripStarts[s] += _stripStarts[s - 1];
        }
        var edges = new int[_stripStarts[^1]];
        var next = _stripStarts.AsSpan(0, _stripStarts.Length - 1).ToArray();
        for (var p = 0; p < Polygons.Count; p++)
        {
            for (var e = firstEdge[p]; e < firstEdge[p + 1]; e++)
            {
                var (from, to) = StripsOf(p, e);
                for (var s = from; s <= to; s++)
                {
                    edges[next[s]++] = e;
                }
            }
        }
        return edges;
    }

    private (int From, int To) StripsOf(int polygon, int edge)
    {
        var y1 = _edges[4 * edge + 1];
        var y2 = _edges[4 * edge + 3];
        var shift = _firstStrip[polygon] - _firstRow[polygon];
        return (Row(Math.Min(y1, y2)) + shift, Row(Math.Max(y1, y2)) + shift);
    }

    private (int[] Boxes, int[] Candidates) FillBoxes()
    {
        // While building: last[box] = last entry of the box's list, or -1; a list that ends with a full entry takes no more.
        var last = new int[_columns * _rows];
        Array.Fill(last, -1);
        var entries = new List<(int Value, int Before)>();
        var boxHeight = _rowsPerUnit > 0 ? 1 / _rowsPerUnit : 0;
        var marked = new bool[_columns];
        var crossings = new List<double>();
        for (var p = 0; p < Polygons.Count; p++)
        {
            if (Polygons[p].IsEmpty)
            {
                continue;
            }
            var firstColumn = Math.Max(Column(Polygons[p].MinX) - 1, 0);
            var lastColumn = Math.Min(Column(Polygons[p].MaxX) + 1, _columns - 1);
            for (var strip = _firstStrip[p]; strip < _firstStrip[p + 1]; strip++)
            {
                var row = _firstRow[p] + strip - _firstStrip[p];
                var bottom = _minY + (row - Slack) * boxHeight;
                var top = _minY + (row + 1 + Slack) * boxHeight;
                var middle = _minY + (row + 0.5) * boxHeight;
                crossings.Clear();
                for (var k = _stripStarts[strip]; k < _stripStarts[strip + 1]; k++)
                {
                    MarkEdge(_edges.AsSpan(4 * _stripEdges[k], 4), bottom, middle, top, marked, crossings);
                }
                crossings.Sort();
                var passed = 0;
                for (var column = firstColumn; column <= lastColumn; column++)
                {
                    var box = row * _columns + column;
                    var x = _minX + (column + 0.5) / _columnsPerUnit;
                    while (passed < crossings.Count && crossings[passed] < x)
                    {
                        passed++;
                    }
                    var partial = marked[column];
                    marked[column] = false;
                    if ((partial || passed % 2 != 0) && (last[box] < 0 || (entries[last[box]].Value & FullFlag) == 0))
                    {
                        entries.Add((2 * p + (partial ? 0 : FullFlag), last[box]));
                        last[box] = entries.Count - 1;
                    }
                }
            }
        }
        return Flatten(last, entries);
    }

    /// <summary>Marks the columns that the edge passes in one row, and notes where it crosses the row's middle.</summary>
    private void MarkEdge(ReadOnlySpan<double> edge, double bottom, double middle, double top, bool[] marked, List<double> crossings)
    {
        double x1 = edge[0], y1 = edge[1], x2 = edge[2], y2 = edge[3];
        if (y1 > y2)
        {
            (x1, y1, x2, y2) = (x2, y2, x1, y1);
        }
        var xBottom = y1 >= bottom ? x1 : x1 + (bottom - y1) / (y2 - y1) * (x2 - x1);
        var xTop = y2 <= top ? x2 : x1 + (top - y1) / (y2 - y1) * (x2 - x1);
        var slack = _columnsPerUnit > 0 ? Slack / _columnsPerUnit : 0;
        var from = Column(Math.Min(xBottom, xTop) - slack);
        var to = Column(Math.Max(xBottom, xTop) + slack);
        for (var column = from; column <= to; column++)
        {
            marked[column] = true;
        }
        if (y1 > middle != y2 > middle)
        {
            crossings.Add(x1 + (middle - y1) / (y2 - y1) * (x2 - x1));
        }
    }

    private static (int[] Boxes, int[] Candidates) Flatten(int[] last, List<(int Value, int Before)> entries)
    {
        var boxes = new int[last.Length];
        var candidates = new List<int>();
        var list = new List<int>();
        for (var box = 0; box < boxes.Length; box++)
        {
            list.Clear();
            for (var at = last[box]; at >= 0; at = entries[at].Before)
            {
                list.Add(entries[at].Value);
            }
            if (list.Count == 0)
            {
                boxes[box] = NoAnswer;
            }
            else if (list.Count == 1 && (list[0] & FullFlag) != 0)
            {
                boxes[box] = list[0] >> 1;
            }
            else
            {
                list.Reverse();
                boxes[box] = -2 - candidates.Count;
                candidates.AddRange(list);
                candidates.Add(-1);
            }
        }
        return (boxes, [.. candidates]);
    }
}
