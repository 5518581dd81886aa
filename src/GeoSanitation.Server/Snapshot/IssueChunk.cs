using System.Runtime.CompilerServices;
using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Snapshot;

/// <summary>
/// Some issues as parallel columns, in the order of the map where they are part of <see cref="IssueColumns"/>; never changed once it is built. 62.2 bytes an issue, and the numbers that
/// a chunk has of categories and the like.
/// </summary>
internal sealed class IssueChunk
{
    /// <summary>Most issues of a chunk: a change copies one chunk, so not too many.</summary>
    internal const int Capacity = 1 << 15;

    /// <summary>Stands for no deadline.</summary>
    internal const long NeverDue = long.MaxValue;

    /// <summary>Stands for a time before all deadlines.</summary>
    internal const long NothingDue = long.MinValue;

    /// <summary>Stands for what is not closed.</summary>
    internal const int NotClosed = int.MinValue;

    private const int SeverityShift = 5;
    private const int StatusShift = 2;
    private const int StatusBits = 7;
    /// <summary>Those of <see cref="Marks"/> that say nothing of severity and status.</summary>
    internal const int PunctualityBits = 3;

    internal required IdColumn Ids { get; init; }

    /// <summary>Positions by ascending id.</summary>
    internal required ushort[] ById { get; init; }

    internal required double[] LonDegrees { get; init; }

    internal required double[] LatDegrees { get; init; }

    /// <summary>Fractions of the web map's square, from the north; from the west they are a multiple of the longitude.</summary>
    internal required double[] MercatorY { get; init; }

    /// <summary>Keys of every <see cref="RowsOfStep"/>th row.</summary>
    internal required long[] Steps { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    internal required long[] ReportedAt { get; init; }

    /// <summary>Microseconds since 1970, or <see cref="NeverDue"/>.</summary>
    internal required long[] DueAt { get; init; }

    /// <summary>Seconds from the report to the closing, or <see cref="NotClosed"/>.</summary>
    internal required int[] SecondsToClose { get; init; }

    /// <summary>Rows of wards; 0 for none.</summary>
    internal required CodeColumn Ward { get; init; }

    /// <summary>Numbers of <see cref="IssueColumns.Categories"/>.</summary>
    internal required CodeColumn Category { get; init; }

    /// <summary>Numbers of <see cref="IssueColumns.Sources"/>.</summary>
    internal required CodeColumn Source { get; init; }

    /// <summary>Numbers of <see cref="IssueColumns.Charges"/>; 0 for nobody.</summary>
    internal required CodeColumn Charge { get; init; }

    /// <summary>Rows of rounds; 0 for none.</summary>
    internal required CodeColumn Round { get; init; }

    /// <summary>Severity, status and punctuality in a byte: upper three bits, the next three, lower two.</summary>
    internal required byte[] Marks { get; init; }

    internal required IssueTraits[] Traits { get; init; }

    internal int Count => Marks.Length;

    /// <summary>1 to 5.</summary>
    internal byte Severity(int i) => SeverityOf(Marks[i]);

    /// <summary>Position in <see cref="IssuePoints.Statuses"/>.</summary>
    internal byte Status(int i) => StatusOf(Marks[i]);

    /// <summary>The severity that <see cref="Marks"/> say.</summary>
    internal static byte SeverityOf(byte marks) => (byte)(marks >> SeverityShift);

    /// <summary>The status that <see cref="Marks"/> say.</summary>
    internal static byte StatusOf(byte marks) => (byte)(marks >> StatusShift & StatusBits);

    /// <summary>Whether it was done by its deadline.</summary>
    internal Punctuality Done(int i) => (Punctuality)(Marks[i] & PunctualityBits);

    /// <summary>Whether an issue is past its deadline.</summary>
    /// <param name="i">Its position.</param>
    /// <param name="lastDeadline">The last deadline that has passed, microseconds since 1970, or <see cref="NothingDue"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsOverdue(int i, long lastDeadline) => DueAt[i] <= lastDeadline && Waits(i);

    /// <summary>What is so of an issue when a deadline is the last that has passed.</summary>
    internal IssueTraits TraitsAt(int i, long lastDeadline) => IsOverdue(i, lastDeadline) ? Traits[i] | IssueTraits.Overdue : Traits[i];

    /// <summary>Fraction of the web map's square, from the west.</summary>
    internal double MercatorX(int i) => WebMercator.XOf(LonDegrees[i]);

    /// <summary>How far along the curve of <see cref="QuadOrder"/>.</summary>
    internal long KeyAt(int i) => QuadOrder.KeyOf(MercatorX(i), MercatorY[i]);

    /// <summary>How many rows of a chunk in order are before a key.</summary>
    internal int FirstAt(long key)
    {
        var (low, high) = (0, Steps.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Steps[middle] < key ? (middle + 1, high) : (low, middle);
        }
        (low, high) = (Math.Max(0, (low - 1) * RowsOfStep), Math.Min(Count, low * RowsOfStep));
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = KeyAt(middle) < key ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>Its place among all issues: along the curve, at one place by id.</summary>
    internal (long Key, long Id) PlaceAt(int i) => (KeyAt(i), Ids[i]);

    /// <summary>The position of an issue; null where it is not in the chunk.</summary>
    internal int? Find(long id) => FirstById(id, 0) is var at && at < Count && Ids[ById[at]] == id ? ById[at] : null;

    /// <summary>The first place in <see cref="ById"/> of an id that is no lower.</summary>
    /// <param name="id">The id.</param>
    /// <param name="from">Where to begin: those before it are lower. What is near it is found soon.</param>
    internal int FirstById(long id, int from)
    {
        var (low, step) = (from, 1);
        while (low + step <= Count && Ids[ById[low + step - 1]] < id)
        {
            low += step;
            step *= 2;
        }
        var high = Math.Min(Count, low + step - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Ids[ById[middle]] < id ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>Whether a deadline of the issue counts: it waits for somebody.</summary>
    internal bool CanBeLate(int i) => Waits(i) && DueAt[i] != NeverDue;

    /// <summary>Whether the issue waits for somebody: neither resolved nor ended.</summary>
    internal bool Waits(int i) => Waits(Marks[i]);

    /// <summary>Whether an issue with such <see cref="Marks"/> waits for somebody.</summary>
    internal static bool Waits(byte marks) => StatusOf(marks) <= LastWaiting;

    private const int RowsOfStep = 64;

    // Reported, accepted, dispatched.
    private const byte LastWaiting = 2;

    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Gathers rows into chunks, in the order in which they come.</summary>
    /// <param name="chunks">Where they go.</param>
    /// <param name="capacity">Most rows of a chunk.</param>
    internal sealed class Builder(List<IssueChunk> chunks, int capacity = Capacity)
    {
        private readonly long[] _ids = new long[capacity];
        private readonly double[] _lon = new double[capacity];
        private readonly double[] _lat = new double[capacity];
        private readonly double[] _y = new double[capacity];
        private readonly long[] _reported = new long[capacity];
        private readonly long[] _due = new long[capacity];
        private readonly int[] _secondsToClose = new int[capacity];
        private readonly CodeColumn.Builder _ward = new(capacity);
        private readonly CodeColumn.Builder _category = new(capacity);
        private readonly CodeColumn.Builder _source = new(capacity);
        private readonly CodeColumn.Builder _charge = new(capacity);
        private readonly CodeColumn.Builder _round = new(capacity);
        private readonly byte[] _marks = new byte[capacity];
        private readonly IssueTraits[] _traits = new IssueTraits[capacity];

        /// <summary>How many wait for the end of their chunk.</summary>
        internal int Count { get; private set; }

        /// <summary>Rows of a chunk from now on, more than <see cref="Count"/> and at most the capacity.</summary>
        internal int RowsOfChunk { get; set; } = capacity;

        internal void Add(in IssueRow row, IssueNumbers numbers)
        {
            var n = Next();
            var done = row.DoneAt is { } at && row.DueAt is { } due ? at <= due ? Punctuality.InTime : Punctuality.Late : Punctuality.Unknown;
            (_ids[n], _reported[n], _due[n]) = (row.Id, row.ReportedAt, row.DueAt ?? NeverDue);
            (_marks[n], _traits[n]) = ((byte)(row.Severity << SeverityShift | row.Status << StatusShift | (int)done), row.Traits);
            _secondsToClose[n] = row.ClosedAt is { } closed ? (int)Math.Clamp((closed - row.ReportedAt) / MicrosecondsPerSecond, -int.MaxValue, int.MaxValue) : NotClosed;
            Place(n, row.LonDegrees, row.LatDegrees);
            SetCodes(n, row.Ward, numbers.Category, numbers.Source, numbers.Charge, row.Round);
        }

        internal void Add(IssueChunk from, int i)
        {
            var n = Next();
            (_lon[n], _lat[n], _y[n]) = (from.LonDegrees[i], from.LatDegrees[i], from.MercatorY[i]);
            Copy(from, i, n);
        }

        /// <summary>Adds an issue at another place.</summary>
        internal void Add(IssueChunk from, int i, double lonDegrees, double latDegrees)
        {
            var n = Next();
            Place(n, lonDegrees, latDegrees);
            Copy(from, i, n);
        }

        /// <summary>Ends the chunk, if there is anything in it.</summary>
        internal void Flush()
        {
            if (Count > 0)
            {
                chunks.Add(new IssueChunk
                {
                    Ids = new IdColumn(_ids.AsSpan(0, Count)),
                    ById = Ranked(_ids.AsSpan(0, Count)),
                    LonDegrees = _lon[..Count],
                    LatDegrees = _lat[..Count],
                    MercatorY = _y[..Count],
                    Steps = [.. Enumerable.Range(0, (Count + RowsOfStep - 1) / RowsOfStep).Select(step => QuadOrder.KeyOf(WebMercator.XOf(_lon[step * RowsOfStep]), _y[step * RowsOfStep]))],
                    ReportedAt = _reported[..Count],
                    DueAt = _due[..Count],
                    SecondsToClose = _secondsToClose[..Count],
                    Ward = _ward.Take(Count),
                    Category = _category.Take(Count),
                    Source = _source.Take(Count),
                    Charge = _charge.Take(Count),
                    Round = _round.Take(Count),
                    Marks = _marks[..Count],
                    Traits = _traits[..Count],
                });
                Count = 0;
            }
        }

        private static ushort[] Ranked(ReadOnlySpan<long> ids)
        {
            var (order, isRanked) = (new ushort[ids.Length], true);
            for (var i = 0; i < order.Length; i++)
            {
                order[i] = (ushort)i;
                isRanked &= i == 0 || ids[i - 1] < ids[i];
            }
            if (!isRanked)
            {
                Array.Sort(ids.ToArray(), order);
            }
            return order;
        }

        private void Place(int n, double lonDegrees, double latDegrees)
            => (_lon[n], _lat[n], _y[n]) = (lonDegrees, latDegrees, WebMercator.FromLonLat(lonDegrees, latDegrees).Y);

        private void Copy(IssueChunk from, int i, int n)
        {
            (_ids[n], _reported[n], _due[n], _secondsToClose[n]) = (from.Ids[i], from.ReportedAt[i], from.DueAt[i], from.SecondsToClose[i]);
            (_marks[n], _traits[n]) = (from.Marks[i], from.Traits[i]);
            SetCodes(n, from.Ward[i], from.Category[i], from.Source[i], from.Charge[i], from.Round[i]);
        }

        private void SetCodes(int n, int ward, int category, int source, int charge, int round)
        {
            _ward.Set(n, ward);
            _category.Set(n, category);
            _source.Set(n, source);
            _charge.Set(n, charge);
            _round.Set(n, round);
        }

        private int Next()
        {
            if (Count == RowsOfChunk)
            {
                Flush();
            }
            return Count++;
        }
    }
}

/// <summary>What columns have in place of an issue's texts.</summary>
/// <param name="Category">Number of its category.</param>
/// <param name="Source">Of how it was found.</param>
/// <param name="Charge">Of whose it is.</param>
internal readonly record struct IssueNumbers(int Category, int Source, int Charge);

/// <summary>Whether an issue was done (resolved, or else closed) by its deadline.</summary>
internal enum Punctuality : byte
{
    /// <summary>It is not done, or has no deadline.</summary>
    Unknown,
    Late,
    InTime,
}
