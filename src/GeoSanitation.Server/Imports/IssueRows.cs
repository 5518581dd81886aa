using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GeoSanitation.Coordinates;
using GeoSanitation.Hotspots.Neighbors;
using GeoSanitation.Server.Issues;
using GeoSanitation.Store.Imports;

namespace GeoSanitation.Server.Imports;

/// <summary>Why a row is refused.</summary>
/// <param name="Column">The file's column, or empty for the row as a whole.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Reason">Why.</param>
internal readonly record struct Refusal(string Column, ReadOnlyMemory<byte> Value, string Reason);

/// <summary>Turns the rows of a file into checked issues.</summary>
internal sealed class IssueRows
{
    // Beyond these a date is a slip of the pen; PostgreSQL and .NET both hold them.
    private static readonly DateTime Earliest = new(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Latest = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly Dictionary<string, byte[]> StatusBytes = StatusWords.All.ToDictionary(word => word, Encoding.UTF8.GetBytes);

    private readonly Field _lon, _lat, _externalId, _source, _category, _severity, _status, _title, _description, _address;
    private readonly Field _reportedAt, _acceptedAt, _dispatchedAt, _resolvedAt, _closedAt, _dueAt;
    private readonly Field _department, _responsible, _round, _rejectionReason, _reporterName, _reporterPhone, _reporterEmail, _accuracy;

    private readonly Crs _crs;
    private readonly bool _isLonLat;
    private readonly LocalClock _clock;
    private readonly WorkClock _work;
    private readonly bool _requireWard;
    private readonly byte[] _defaultSource;
    private readonly IntakeReference _reference;
    private readonly PolygonLocator _wards;
    private readonly byte[][] _wardResponsible;
    private readonly Utf8Words<KnownCategory> _categories;
    private readonly Utf8Words<byte[]?> _statuses;
    private readonly Utf8Words<short?> _severities;
    private readonly Utf8Words<int?> _rounds;
    private readonly Responsibilities _responsibilities;
    private readonly byte[] _contentId = new byte[32];
    private readonly byte[] _digest = new byte[32];

    // All that the row says, for the hash; and the ward of the row, as an index.
    private byte[] _said = new byte[1 << 12];
    private int _saidLength;
    private int _ward;

    /// <summary>Binds a mapping to a file's columns.</summary>
    /// <param name="columns">The file's columns.</param>
    /// <param name="mapping">The mapping, complete.</param>
    /// <param name="orders">How each time column writes its days.</param>
    /// <param name="crs">The system of the coordinates.</param>
    /// <param name="clock">The zone of times without one.</param>
    /// <param name="work">Counts deadlines.</param>
    /// <param name="defaultSource">Source of rows that do not say.</param>
    /// <param name="requireWard">Refuse what lies outside every ward.</param>
    /// <param name="reference">Wards, taxonomy and rules.</param>
    internal IssueRows(
        IReadOnlyList<string> columns, IssueMapping mapping, IReadOnlyDictionary<string, DayOrder> orders, Crs crs, LocalClock clock, WorkClock work, string defaultSource,
        bool requireWard, IntakeReference reference)
    {
        Field Bind(string property) => new(columns, property, mapping[property], orders.GetValueOrDefault(property));
        (_lon, _lat, _externalId, _source, _category) = (Bind("lon"), Bind("lat"), Bind("external_id"), Bind("source"), Bind("category"));
        (_severity, _status, _title, _description, _address) = (Bind("severity"), Bind("status"), Bind("title"), Bind("description"), Bind("address"));
        (_reportedAt, _acceptedAt, _dispatchedAt, _resolvedAt) = (Bind("reported_at"), Bind("accepted_at"), Bind("dispatched_at"), Bind("resolved_at"));
        (_closedAt, _dueAt, _department, _responsible, _round) = (Bind("closed_at"), Bind("due_at"), Bind("department"), Bind("responsible"), Bind("round"));
        (_rejectionReason, _reporterName, _reporterPhone, _reporterEmail) = (Bind("rejection_reason"), Bind("reporter_name"), Bind("reporter_phone"), Bind("reporter_email"));
        _accuracy = Bind("accuracy_meters");
        (_crs, _clock, _work, _requireWard, _reference) = (crs, clock, work, requireWard, reference);
        _isLonLat = crs.Name is "CRS84" or "EPSG:4326";
        _defaultSource = Encoding.UTF8.GetBytes(defaultSource);
        _wards = WardLocator.Of(reference.Wards);
        _wardResponsible = [.. reference.Wards.Select(w => Encoding.UTF8.GetBytes(w.Responsible ?? ""))];
        var categories = new CategoryWords(reference.Categories);
        _categories = new(text => categories.Find(Meaning(_category, text)));
        _statuses = new(text => StatusWords.Find(Meaning(_status, text)) is { } state ? StatusBytes[state] : null);
        _severities = new(text => Meaning(_severity, text) is var word && double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number == Math.Floor(number) && number is >= 1 and <= 5 ? (short)number : null
            : StatusWords.Severity(word));
        _rounds = new(text => reference.Rounds.TryGetValue(Meaning(_round, text), out var id) ? id : null);
        _responsibilities = new(reference);
    }

    /// <summary>Finds the ward of a point.</summary>
    internal PolygonLocator Wards => _wards;

    /// <summary>The category of the row read last.</summary>
    internal KnownCategory Category { get; private set; } = null!;

    /// <summary>True when the row read last lies in no ward.</summary>
    internal bool OutsideWards => _ward < 0;

    /// <summary>Why the row read last was refused.</summary>
    internal Refusal Refusal { get; private set; }

    /// <summary>Reads the current row into the issue; false when it is refused.</summary>
    internal bool Read(RecordReader record, StagedIssue issue)
    {
        issue.Line = record.Line;
        if (record.Defect is { } defect)
        {
            Refusal = new Refusal("", record.Raw.ToArray(), defect);
            return false;
        }
        _saidLength = 0;
        return Place(record, issue) && Words(record, issue) && Times(record, issue) && Texts(record, issue) && Complete(record, issue);
    }

    private bool Place(RecordReader record, StagedIssue issue)
    {
        if (!Number(record, _lon, out var x) || !Number(record, _lat, out var y))
        {
            return false;
        }
        if (x == 0 && y == 0)
        {
            return Refuse(record, _lon, "the coordinates are 0, 0: the place is not known");
        }
        var place = new LonLat(x, y);
        if (_crs.IsGeographic && !place.IsValid)
        {
            return Math.Abs(x) <= 180
                ? Refuse(record, _lat, "a latitude lies between -90 and 90 degrees")
                : Refuse(record, _lon, "a longitude lies between -180 and 180 degrees");
        }
        if (!_isLonLat)
        {
            place = _crs.ToLonLat(x, y);
            if (!place.IsValid)
            {
                return Refuse(record, _lon, $"the coordinates are no place in {_crs.Name}");
            }
        }
        (issue.LonDegrees, issue.LatDegrees) = (place.LonDegrees, place.LatDegrees);
        Say(BitConverter.DoubleToInt64Bits(place.LonDegrees));
        Say(BitConverter.DoubleToInt64Bits(place.LatDegrees));
        _ward = _wards.Locate(place.LonDegrees, place.LatDegrees);
        if (_ward < 0 && _requireWard)
        {
            return Refuse(record, _lon, "the place is outside every ward");
        }
        issue.WardId = _ward < 0 ? null : _reference.Wards[_ward].Id;
        return true;
    }

    private bool Words(RecordReader record, StagedIssue issue)
    {
        if (!Text(record, _source, IssueLimits.Word, out var source) || !Text(record, _category, IssueLimits.Word, out var category)
            || !Text(record, _severity, IssueLimits.Word, out var severity) || !Text(record, _round, IssueLimits.Word, out var round))
        {
            return false;
        }
        issue.Source = source.IsEmpty ? _defaultSource : source;
        Category = _categories[category.Span];
        issue.CategoryCode = Category.Code;
        issue.Severity = Category.Shape.DefaultSeverity;
        if (!severity.IsEmpty)
        {
            if (_severities[severity.Span] is not { } level)
            {
                return Refuse(record, _severity, "a severity is a whole number from 1 to 5, or a word for one");
            }
            issue.Severity = level;
        }
        issue.RoundId = null;
        if (!round.IsEmpty)
        {
            if (_rounds[round.Span] is not { } id)
            {
                return Refuse(record, _round, "there is no such round");
            }
            issue.RoundId = id;
        }
        issue.AccuracyMeters = null;
        if (!_accuracy.Read(record).IsEmpty)
        {
            if (!Number(record, _accuracy, out var accuracy))
            {
                return false;
            }
            if (accuracy is < 0 or > IssueLimits.AccuracyMeters)
            {
                return Refuse(record, _accuracy, "an accuracy lies between 0 and 1,000,000 meters");
            }
            issue.AccuracyMeters = (float)accuracy;
            Say(BitConverter.DoubleToInt64Bits(accuracy));
        }
        return true;
    }

    private bool Times(RecordReader record, StagedIssue issue)
    {
        if (!Time(record, _reportedAt, null, out var reported) || !Time(record, _acceptedAt, reported, out var accepted)
            || !Time(record, _dispatchedAt, reported, out var dispatched) || !Time(record, _resolvedAt, reported, out var resolved)
            || !Time(record, _closedAt, reported, out var closed) || !Time(record, _dueAt, null, out var due))
        {
            return false;
        }
        if (reported is null)
        {
            return Refuse(record, _reportedAt, "the time of the report is missing");
        }
        if (accepted < reported)
        {
            return Refuse(record, _acceptedAt, "accepted before it was reported");
        }
        if (dispatched < reported)
        {
            return Refuse(record, _dispatchedAt, "dispatched before it was reported");
        }
        if (resolved < reported)
        {
            return Refuse(record, _resolvedAt, "resolved before it was reported");
        }
        if (closed < reported)
        {
            return Refuse(record, _closedAt, "closed before it was reported");
        }
        if (resolved < dispatched)
        {
            return Refuse(record, _resolvedAt, "resolved before it was dispatched");
        }
        if (closed < resolved || closed < dispatched)
        {
            return Refuse(record, _closedAt, closed < resolved ? "closed before it was resolved" : "closed before it was dispatched");
        }
        (issue.ReportedAt, issue.AcceptedAt, issue.DispatchedAt) = (reported.Value, accepted, dispatched);
        (issue.ResolvedAt, issue.ClosedAt, issue.DueAt) = (resolved, closed, due);

        if (!Text(record, _status, IssueLimits.Word, out var word))
        {
            return false;
        }
        if (word.IsEmpty)
        {
            // The farthest stage that has a time.
            issue.Status = StatusBytes[closed is not null ? "closed" : resolved is not null ? "resolved" : dispatched is not null ? "dispatched" : accepted is not null ? "accepted" : "reported"];
            return true;
        }
        if (_statuses[word.Span] is not { } status)
        {
            return Refuse(record, _status, "the word for the status is not known; say what it means in the mapping");
        }
        if (status == StatusBytes["closed"] && closed is null)
        {
            return Refuse(record, _status, "closed, without the time of closing");
        }
        if (closed is not null && status != StatusBytes["closed"] && status != StatusBytes["rejected"])
        {
            return Refuse(record, _status, "not closed, yet with a time of closing");
        }
        issue.Status = status;
        return true;
    }

    private bool Texts(RecordReader record, StagedIssue issue)
    {
        if (!Text(record, _externalId, IssueLimits.Id, out var id) || !Text(record, _title, IssueLimits.Title, out var title)
            || !Text(record, _description, IssueLimits.Description, out var description) || !Text(record, _address, IssueLimits.Address, out var address)
            || !Text(record, _department, IssueLimits.Word, out var department) || !Text(record, _responsible, IssueLimits.Word, out var responsible)
            || !Text(record, _rejectionReason, IssueLimits.Description, out var reason) || !Text(record, _reporterName, IssueLimits.Word, out var name)
            || !Text(record, _reporterPhone, IssueLimits.Word, out var phone) || !Text(record, _reporterEmail, IssueLimits.Word, out var email))
        {
            return false;
        }
        (issue.ExternalId, issue.Title, issue.Description, issue.Address) = (id, title, description, address);
        (issue.Department, issue.Responsible, issue.RejectionReason) = (department, responsible, reason);
        (issue.ReporterName, issue.ReporterPhone, issue.ReporterEmail) = (name, phone, email);
        return true;
    }

    /// <summary>What the row does not say itself: its hash, an id made of it, who is in charge, by when.</summary>
    private bool Complete(RecordReader record, StagedIssue issue)
    {
        SHA256.HashData(_said.AsSpan(0, _saidLength), _digest);
        _digest.AsSpan(0, 16).CopyTo(issue.Hash);
        if (issue.ExternalId.IsEmpty)
        {
            Convert.TryToHexStringLower(issue.Hash, _contentId, out _);
            issue.ExternalId = _contentId;
        }
        // The clock starts at the dispatch; where that is not known, when the case was filed.
        if (issue.DueAt is null && (issue.DispatchedAt ?? issue.AcceptedAt) is { } start)
        {
            issue.DueAt = _work.DueAt(start, Category.Shape);
        }
        if (issue.Department.IsEmpty)
        {
            issue.Department = Category.Department;
        }
        if (issue.Responsible.IsEmpty && _ward >= 0)
        {
            issue.Responsible = _responsibilities.Find(_ward, Category.Shape, DateOnly.FromDateTime(issue.ReportedAt + _clock.Zone.GetUtcOffset(issue.ReportedAt))) ?? _wardResponsible[_ward];
        }
        return true;
    }

    private bool Number(RecordReader record, Field field, out double number)
    {
        var text = field.Read(record);
        if (text.IsEmpty)
        {
            number = 0;
            return Refuse(record, field, field == _accuracy ? "the number is missing" : "the coordinate is missing");
        }
        return double.TryParse(text.Span, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number)
            || Refuse(record, field, "this is not a number");
    }

    private bool Text(RecordReader record, Field field, int longest, out ReadOnlyMemory<byte> text)
    {
        text = field.Read(record);
        if (text.Length > longest && Encoding.UTF8.GetCharCount(text.Span) > longest)
        {
            return Refuse(record, field, $"the text is longer than {longest} characters");
        }
        if (text.Span.Contains((byte)0))
        {
            return Refuse(record, field, "the text has a NUL character");
        }
        if (field != _externalId)
        {
            Say(text.Span);
        }
        return true;
    }

    /// <summary>A time as UTC; null when the field is empty. A date alone is the start of the day, but no earlier than a report later that day.</summary>
    private bool Time(RecordReader record, Field field, DateTime? notBefore, out DateTime? utc)
    {
        utc = null;
        var text = field.Read(record);
        if (text.IsEmpty)
        {
            Say(0L);
            return true;
        }
        var read = field.Rule?.Format is { } format ? TimeText.TryReadExact(text.Span, format, out var written) : TimeText.TryRead(text.Span, field.Order, out written);
        if (!read)
        {
            return Refuse(record, field, field.Rule?.Format is { } wanted ? $"this is not a time of the form {wanted}" : "this is not a date or time that is read here");
        }
        var time = written.Offset is { } offset ? new DateTime(written.Local.Ticks - offset.Ticks, DateTimeKind.Utc) : _clock.ToUtc(written.Local);
        if (written.DateOnly && notBefore is { } report && time < report && report - time < TimeSpan.FromHours(25) && _clock.ToUtc(written.Local.AddDays(1)) > report)
        {
            time = report;
        }
        if (time < Earliest || time >= Latest)
        {
            return Refuse(record, field, "a time lies between 1900 and 2099");
        }
        utc = time;
        Say(time.Ticks);
        return true;
    }

    private bool Refuse(RecordReader record, Field field, string reason)
    {
        Refusal = new Refusal(field.Rule?.Column ?? "", field.Read(record), reason);
        return false;
    }

    private void Say(long number) => BinaryPrimitives.WriteInt64LittleEndian(Said(8), number);

    private void Say(ReadOnlySpan<byte> text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Said(4), text.Length);
        text.CopyTo(Said(text.Length));
    }

    private Span<byte> Said(int count)
    {
        if (_saidLength + count > _said.Length)
        {
            Array.Resize(ref _said, Math.Max(_said.Length * 2, _saidLength + count));
        }
        _saidLength += count;
        return _said.AsSpan(_saidLength - count, count);
    }

    private static string Meaning(Field field, string text) => field.Rule?.Values?.GetValueOrDefault(text) ?? text;

    /// <summary>A property of an issue, bound to a column of the file.</summary>
    private sealed class Field(IReadOnlyList<string> columns, string property, ColumnRule? rule, DayOrder order)
    {
        private readonly int _column = rule?.Column is { } name ? columns.ToList().IndexOf(name) : -1;
        private readonly byte[] _constant = Encoding.UTF8.GetBytes(rule?.Constant ?? "");

        internal string Property => property;

        internal ColumnRule? Rule => rule;

        internal DayOrder Order => order;

        internal ReadOnlyMemory<byte> Read(RecordReader record) => _column >= 0 ? record[_column] : _constant;
    }
}
