using GeoSanitation.Store.Changes;
using GeoSanitation.Store.Issues;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Some issues as parallel columns, by id; never changed once it is built. 79 bytes an issue.</summary>
internal sealed class IssueChunk
{
    /// <summary>Most issues of a chunk: a change copies one chunk, so not too many.</summary>
    internal const int Capacity = 1 << 15;

    /// <summary>Stands for no deadline.</summary>
    internal const long NeverDue = long.MaxValue;

    /// <summary>Stands for what has not happened.</summary>
    internal const long NotYet = long.MaxValue;

    internal required long[] Ids { get; init; }

    internal required double[] LonDegrees { get; init; }

    internal required double[] LatDegrees { get; init; }

    /// <summary>Microseconds since 1970.</summary>
    internal required long[] ReportedAt { get; init; }

    /// <summary>Microseconds since 1970, or <see cref="NeverDue"/>.</summary>
    internal required long[] DueAt { get; init; }

    /// <summary>When it was resolved, or else closed: microseconds since 1970, or <see cref="NotYet"/>.</summary>
    internal required long[] DoneAt { get; init; }

    /// <summary>When it was closed: microseconds since 1970, or <see cref="NotYet"/>.</summary>
    internal required long[] ClosedAt { get; init; }

    /// <summary>Rows of wards; 0 for none.</summary>
    internal required int[] Ward { get; init; }

    /// <summary>Numbers of <see cref="IssueColumns.Categories"/>.</summary>
    internal required int[] Category { get; init; }

    /// <summary>Numbers of <see cref="IssueColumns.Sources"/>.</summary>
    internal required int[] Source { get; init; }

    /// <summary>Numbers of <see cref="IssueColumns.Departments"/>; 0 for none.</summary>
    internal required int[] Department { get; init; }

    /// <summary>Rows of rounds; 0 for none.</summary>
    internal required int[] Round { get; init; }

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

    /// <summary>Gathers rows, by id, into chunks.</summary>
    internal sealed class Builder(List<IssueChunk> chunks)
    {
        private readonly long[] _ids = new long[Capacity];
        private readonly double[] _lon = new double[Capacity];
        private readonly double[] _lat = new double[Capacity];
        private readonly long[] _reported = new long[Capacity];
        private readonly long[] _due = new long[Capacity];
        private readonly long[] _done = new long[Capacity];
        private readonly long[] _closed = new long[Capacity];
        private readonly int[] _ward = new int[Capacity];
        private readonly int[] _category = new int[Capacity];
        private readonly int[] _source = new int[Capacity];
        private readonly int[] _department = new int[Capacity];
        private readonly int[] _round = new int[Capacity];
        private readonly byte[] _status = new byte[Capacity];
        private readonly byte[] _severity = new byte[Capacity];
        private readonly IssueTraits[] _traits = new IssueTraits[Capacity];
        private int _n;

        internal void Add(in IssueRow row, int category, int source, int department)
        {
            var n = Next();
            (_ids[n], _lon[n], _lat[n], _reported[n], _due[n]) = (row.Id, row.LonDegrees, row.LatDegrees, row.ReportedAt, row.DueAt ?? NeverDue);
            (_ward[n], _category[n], _source[n], _department[n], _round[n]) = (row.Ward, category, source, department, row.Round);
            (_status[n], _severity[n], _traits[n], _done[n], _closed[n]) = (row.Status, row.Severity, row.Traits, row.DoneAt ?? NotYet, row.ClosedAt ?? NotYet);
        }

        internal void Add(IssueChunk from, int i)
        {
            var n = Next();
            (_ids[n], _lon[n], _lat[n], _reported[n], _due[n]) = (from.Ids[i], from.LonDegrees[i], from.LatDegrees[i], from.ReportedAt[i], from.DueAt[i]);
            (_ward[n], _category[n], _source[n], _department[n], _round[n]) = (from.Ward[i], from.Category[i], from.Source[i], from.Department[i], from.Round[i]);
            (_status[n], _severity[n], _traits[n], _done[n], _closed[n]) = (from.Status[i], from.Severity[i], from.Traits[i], from.DoneAt[i], from.ClosedAt[i]);
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
                    DoneAt = _done[.._n],
                    ClosedAt = _closed[.._n],
                    Ward = _ward[.._n],
                    Category = _category[.._n],
                    Source = _source[.._n],
                    Department = _department[.._n],
                    Round = _round[.._n],
                    Status = _status[.._n],
                    Severity = _severity[.._n],
                    Traits = _traits[.._n],
                });
                _n = 0;
            }
        }

        private int Next()
        {
            if (_n == Capacity)
            {
                Flush();
            }
            return _n++;
        }
    }
}
