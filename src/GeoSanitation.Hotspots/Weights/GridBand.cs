using GeoSanitation.Hotspots.Grids;

namespace GeoSanitation.Hotspots.Weights;

/// <summary>Cells of a study area are neighbors when their centers are within a distance: what <see cref="DistanceBand"/> gives, without a list of pairs.</summary>
/// <remarks>The cells within a distance are, in each row, those between two columns. A sum over them is the difference of two running sums along the
/// row, so a cell costs two steps for each row within reach, however many neighbors are in it. Cells that are missing in the study area add nothing and are not counted.</remarks>
public sealed class GridBand
{
    // Centers of a lattice stand a rounding error more or less apart than they should.
    private const double RelativeTolerance = 1e-9;

    // Cells in the bounds of the study area for each of its own; beyond, the empty ones would cost more than a list of pairs.
    private const int MaxFrameCellsPerCell = 16;
    private const int SmallFrame = 1 << 16;

    private const int BlockLength = 512;

    private readonly Run[] _runs;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _firstRow;
    private readonly int _reachRows;

    // Columns within reach, as differences, for even and odd rows and each row within reach from below; and the farthest of them.
    private readonly (int First, int Last)[][] _windows = new (int, int)[2][];
    private readonly int _margin;

    // Instead of all of the above where the cells are scattered too thinly.
    private readonly SpatialWeights? _pairs;

    /// <summary>Finds the neighborhoods.</summary>
    /// <param name="grid">The grid that the cells belong to.</param>
    /// <param name="cells">n different cells, by row, within a row by column, as in <see cref="StudyCells.Cells"/>.</param>
    /// <param name="bandMeters">Greatest distance between centers, meters, &gt; 0; reached within a relative 1e-9 counts.</param>
    /// <exception cref="ArgumentException">The cells are not in order, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">bandMeters is not a positive number, or makes too many pairs of cells that are scattered too thinly for running sums.</exception>
    public GridBand(CellGrid grid, ReadOnlySpan<GridCell> cells, double bandMeters)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (!(bandMeters > 0 && double.IsFinite(bandMeters)))
        {
            throw new ArgumentOutOfRangeException(nameof(bandMeters), bandMeters, "bandMeters must be a positive number.");
        }
        _runs = [];
        NeighborCounts = new int[cells.Length];
        if (cells.IsEmpty)
        {
            return;
        }
        var (firstColumn, lastColumn) = Columns(cells);
        _firstRow = cells[0].Row;
        var rows = (long)cells[^1].Row - _firstRow + 1;
        var columns = (long)lastColumn - firstColumn + 1;
        if ((double)rows * columns > (double)MaxFrameCellsPerCell * cells.Length + SmallFrame)
        {
            _pairs = DistanceBand.Build(Centers(grid, cells), bandMeters);
            for (var i = 0; i < cells.Length; i++)
            {
                NeighborCounts[i] = _pairs.NeighborsOf(i).Length + 1;
            }
            MaxNeighborCount = NeighborCounts.Max();
            return;
        }
        (_rows, _columns) = ((int)rows, (int)columns);
        _runs = Runs(cells, firstColumn);
        var reach = bandMeters * (1 + RelativeTolerance);
        _reachRows = (int)Math.Min(reach / grid.RowSpacingMeters, _rows - 1);
        for (var parity = 0; parity < 2; parity++)
        {
            _windows[parity] = new (int, int)[2 * _reachRows + 1];
            for (var r = -_reachRows; r <= _reachRows; r++)
            {
                var (first, last) = grid.ColumnsWithin(reach, parity, r);
                (first, last) = (Math.Max(first, -_columns), Math.Min(last, _columns));
                _windows[parity][r + _reachRows] = (first, last);
                _margin = Math.Max(_margin, Math.Max(-first, last));
            }
        }
        var ones = new double[cells.Length];
        Array.Fill(ones, 1);
        var counts = new double[cells.Length];
        SumAround(ones, 1, 0, counts);
        for (var i = 0; i < counts.Length; i++)
        {
            NeighborCounts[i] = (int)counts[i];
        }
        MaxNeighborCount = NeighborCounts.Max();
    }

    /// <summary>Number of cells, n.</summary>
    public int Count => NeighborCounts.Length;

    /// <summary>Cells within the distance of each cell, itself included.</summary>
    internal int[] NeighborCounts { get; }

    /// <summary>The largest of them; 0 when there are no cells.</summary>
    internal int MaxNeighborCount { get; }

    /// <summary>Adds up, for each cell, what is in the cells within the distance, itself included.</summary>
    /// <param name="values">Values of each cell, at cell * width.</param>
    /// <param name="width">Values a cell has; each has its own sum.</param>
    /// <param name="offset">Taken off each value first: near their mean, sums lose the fewest digits.</param>
    /// <param name="sums">Output, as long as the values.</param>
    internal void SumAround(ReadOnlySpan<double> values, int width, double offset, Span<double> sums)
    {
        if (_pairs is not null)
        {
            _pairs.SumAround(values, width, offset, sums);
            return;
        }
        // Running sums of the rows within reach; a row takes the place of the one that has gone out of reach.
        var kept = 2 * _reachRows + 1;
        var running = new double[kept][];
        for (var r = 0; r < kept; r++)
        {
            running[r] = new double[(_columns + 2 * _margin + 1) * width];
        }
        var (read, written) = (0, 0);
        for (var row = -_reachRows; row < _rows; row++)
        {
            if (row + _reachRows < _rows)
            {
                read = AddUp(row + _reachRows, read, values, width, offset, running[(row + _reachRows) % kept]);
            }
            for (; written < _runs.Length && _runs[written].Row == row; written++)
            {
                var run = _runs[written];
                SumRun(run, running, width, sums.Slice(run.First * width, run.Length * width));
            }
        }
    }

    private void SumRun(Run run, double[][] running, int width, Span<double> sums)
    {
        var windows = _windows[(_firstRow + run.Row) & 1];
        // In blocks that stay in the nearest cache while one row after the other is added.
        for (var at = 0; at < sums.Length; at += BlockLength)
        {
            var block = sums.Slice(at, Math.Min(BlockLength, sums.Length - at));
            block.Clear();
            for (var r = Math.Max(-_reachRows, -run.Row); r <= _reachRows && run.Row + r < _rows; r++)
            {
                var (first, last) = windows[r + _reachRows];
                if (first <= last)
                {
                    ReadOnlySpan<double> sum = running[(run.Row + r) % running.Length];
                    var column = _margin + run.Column;
                    Rows.AddDifference(block, sum.Slice((column + last + 1) * width + at, block.Length), sum.Slice((column + first) * width + at, block.Length));
                }
            }
        }
    }

    /// <summary>Running sums along a row, from the run given on: what stands before column c ends at position (margin + c) * width.</summary>
    /// <returns>The first run of a later row.</returns>
    private int AddUp(int row, int run, ReadOnlySpan<double> values, int width, double offset, Span<double> running)
    {
        var at = (_margin + 1) * width;
        running[..at].Clear();
        for (; run < _runs.Length && _runs[run].Row == row; run++)
        {
            var source = values.Slice(_runs[run].First * width, _runs[run].Length * width);
            at = Repeat(running, at, (_margin + _runs[run].Column + 1) * width, width);
            if (width == 1)
            {
                var sum = running[at - 1];
                foreach (var value in source)
                {
                    sum += value - offset;
                    running[at++] = sum;
                }
                continue;
            }
            for (var i = 0; i < source.Length; i += width, at += width)
            {
                Rows.RunOn(running.Slice(at, width), running.Slice(at - width, width), source.Slice(i, width), offset);
            }
        }
        Repeat(running, at, running.Length, width);
        return run;
    }

    /// <summary>Where there are no cells the sums stay as they are.</summary>
    private static int Repeat(Span<double> running, int from, int to, int width)
    {
        for (; from < to; from += width)
        {
            running.Slice(from - width, width).CopyTo(running[from..]);
        }
        return from;
    }

    private static (int First, int Last) Columns(ReadOnlySpan<GridCell> cells)
    {
        var (first, last) = (cells[0].Column, cells[0].Column);
        for (var i = 1; i < cells.Length; i++)
        {
            if (cells[i].Row < cells[i - 1].Row || (cells[i].Row == cells[i - 1].Row && cells[i].Column <= cells[i - 1].Column))
            {
                throw new ArgumentException($"Cell {i} does not come after the one before it; cells must be by row, then by column, each once.", nameof(cells));
            }
            first = Math.Min(first, cells[i].Column);
            last = Math.Max(last, cells[i].Column);
        }
        return (first, last);
    }

    private static Run[] Runs(ReadOnlySpan<GridCell> cells, int firstColumn)
    {
        var runs = new List<Run>();
        for (int first = 0, end; first < cells.Length; first = end)
        {
            for (end = first + 1; end < cells.Length && cells[end].Row == cells[first].Row && cells[end].Column == cells[end - 1].Column + 1; end++)
            {
            }
            runs.Add(new Run(first, cells[first].Row - cells[0].Row, cells[first].Column - firstColumn, end - first));
        }
        return [.. runs];
    }

    private static Points Centers(CellGrid grid, ReadOnlySpan<GridCell> cells)
    {
        var (x, y) = (new double[cells.Length], new double[cells.Length]);
        for (var i = 0; i < cells.Length; i++)
        {
            (x[i], y[i]) = grid.Center(cells[i]);
        }
        return new Points(x, y);
    }

    /// <summary>Cells that follow each other in a row.</summary>
    private readonly record struct Run(int First, int Row, int Column, int Length);
}
