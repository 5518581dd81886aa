using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Some issues as parallel columns, by id; never changed once it is built. 60 bytes an issue, and the numbers that a chunk has of categories and the like.</summary>
internal sealed class IssueChunk
{
    /// <summary>Most issues of a chunk: a change copies one chunk, so not too many.</summary>
    internal const int Capacity = 1 << 15;

    /// <summary>Stands for no deadline.</summary>
    internal const long NeverDue = long.MaxValue;

    /// <summary>Stands for what is not closed.</summary>
    internal const int NotClosed = int.MinValue;

    internal required long[] Ids { get; init; }

    internal required double[] LonDegrees { get; init; }

    internal required double[] LatDegrees { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    internal required long[] ReportedAt { get; init; }

    /// <summary>Microseconds since 1970, or <see cref="NeverDue"/>.</summary>
    internal required long[] DueAt { get; init; }

    /// <summary>Whether it was done by its deadline.</summary>
    internal required Punctuality[] Done { get; init; }

    /// <summary>Seconds from the report to the closing, or <see cref="NotClosed"/>.</summary>
    internal required int[] SecondsToClose { get; init; }

    /// <summary>Rows of wards; 0 for none.</summary>
    internal required int[] Ward { get; init; }

    /// <summary>Numbers of <see cref="IssueColumns.Categories"/>.</summary>
    internal required CodeColumn Category { get; init; }

    /// <summary>Numbers of <see cref="IssueColumns.Sources"/>.</summary>
    internal required CodeColumn Source { get; init; }

    /// <summary>Numbers of <see cref="IssueColumns.Charges"/>; 0 for nobody.</summary>
    internal required CodeColumn Charge { get; init; }

    /// <summary>Rows of rounds; 0 for none.</summary>
    internal required CodeColumn Round { get; init; }

    /// <summary>Positions in <see cref="IssuePoints.Statuses"/>.</summary>
    internal required byte[] Status { get; init; }

    internal required byte[] Severity { get; init; }

    internal required IssueTraits[] Traits { get; init; }

    internal int Count => Ids.Length;

    /// <summary>Whether a deadline of the issue counts: it waits for somebody.</summary>
    internal bool CanBeLate(int i) => Waits(i) && DueAt[i] != NeverDue;

    /// <summary>Whether the issue waits for somebody: neither resolved nor ended.</summary>
    internal bool Waits(int i) => Status[i] <= LastWaiting;

    // Reported, accepted, dispatched.
    private const byte LastWaiting = 2;

    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>Gathers rows, by id, into chunks.</summary>
    /// <param name="chunks">Where they go.</param>
    /// <param name="capacity">Most rows of a chunk.</param>
    internal sealed class Builder(List<IssueChunk> chunks, int capacity = Capacity)
    {
        private readonly long[] _ids = new long[capacity];
        private readonly double[] _lon = new double[capacity];
        private readonly double[] _lat = new double[capacity];
        private readonly long[] _reported = new long[capacity];
        private readonly long[] _due = new long[capacity];
        private readonly Punctuality[] _done = new Punctuality[capacity];
        private readonly int[] _secondsToClose = new int[capacity];
        private readonly int[] _ward = new int[capacity];
        private readonly CodeColumn.Builder _category = new(capacity);
        private readonly CodeColumn.Builder _source = new(capacity);
        private readonly CodeColumn.Builder _charge = new(capacity);
        private readonly CodeColumn.Builder _round = new(capacity);
        private readonly byte[] _status = new byte[capacity];
        private readonly byte[] _severity = new byte[capacity];
        private readonly IssueTraits[] _traits = new IssueTraits[capacity];
        private int _n;

        internal void Add(in IssueRow row, int category, int source, int charge)
        {
            var n = Next();
            (_ids[n], _lon[n], _lat[n], _reported[n], _due[n]) = (row.Id, row.LonDegrees, row.LatDegrees, row.ReportedAt, row.DueAt ?? NeverDue);
            (_status[n], _severity[n], _traits[n], _ward[n]) = (row.Status, row.Severity, row.Traits, row.Ward);
            SetCodes(n, category, source, charge, row.Round);
            _done[n] = row.DoneAt is { } done && row.DueAt is { } due ? done <= due ? Punctuality.InTime : Punctuality.Late : Punctuality.Unknown;
            _secondsToClose[n] = row.ClosedAt is { } closed ? (int)Math.Clamp((closed - row.ReportedAt) / MicrosecondsPerSecond, -int.MaxValue, int.MaxValue) : NotClosed;
        }

        internal void Add(IssueChunk from, int i)
        {
            var n = Next();
            (_ids[n], _lon[n], _lat[n], _reported[n], _due[n]) = (from.Ids[i], from.LonDegrees[i], from.LatDegrees[i], from.ReportedAt[i], from.DueAt[i]);
            (_status[n], _severity[n], _traits[n], _ward[n]) = (from.Status[i], from.Severity[i], from.Traits[i], from.Ward[i]);
            SetCodes(n, from.Category[i], from.Source[i], from.Charge[i], from.Round[i]);
            (_done[n], _secondsToClose[n]) = (from.Done[i], from.SecondsToClose[i]);
        }

        /// <summary>Ends the chunk, if there is anything in it.</summary>
        internal void Flush()
        {
            if (_n > 0)
            {
                chunks.Add(new IssueChunk
                {
                    Ids = _ids[.._n],
                    LonDegrees = _lon[.._n],
                    LatDegrees = _lat[.._n],
                    ReportedAt = _reported[.._n],
                    DueAt = _due[.._n],
                    Done = _done[.._n],
                    SecondsToClose = _secondsToClose[.._n],
                    Ward = _ward[.._n],
                    Category = _category.Take(_n),
                    Source = _source.Take(_n),
                    Charge = _charge.Take(_n),
                    Round = _round.Take(_n),
                    Status = _status[.._n],
                    Severity = _severity[.._n],
                    Traits = _traits[.._n],
                });
                _n = 0;
            }
        }

        private void SetCodes(int n, int category, int source, int charge, int round)
        {
            _category.Set(n, category);
            _source.Set(n, source);
            _charge.Set(n, charge);
            _round.Set(n, round);
        }

        private int Next()
        {
            if (_n == capacity)
            {
                Flush();
            }
            return _n++;
        }
    }
}

/// <summary>Whether an issue was done (resolved, or else closed) by its deadline.</summary>
internal enum Punctuality : byte
{
    /// <summary>It is not done, or has no deadline.</summary>
    Unknown,
    Late,
    InTime,
}
