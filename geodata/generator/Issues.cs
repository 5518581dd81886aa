using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace GeoSanitation.CountyGenerator;

/// <summary>
/// Two years of issues. Most come from spots where the same problem returns: some time after each one is closed, sooner where nobody cares, hardly at all while the
/// review is on, more often after it.
/// </summary>
internal sealed class Issues(Terrain terrain, Wards wards, Places places)
{
    // How far from its spot a report is placed, as a deviation: 6 m.
    private const double ScatterBlocks = 0.06;

    private static readonly DateTime Start = new(2024, 11, 1);
    private static readonly DateTime End = new(2026, 11, 1);

    private static readonly DateTime CampaignStart = new(2026, 5, 6), ReviewStart = new(2026, 6, 1), ReviewEnd = new(2026, 7, 1), ReboundEnd = new(2026, 9, 15);
    private static readonly DateTime SpringCampaignStart = new(2025, 4, 1), SpringCampaignEnd = new(2025, 5, 1);

    private static readonly (string, double)[] Sources = [("patrol", 46), ("citizen", 20), ("hotline", 16), ("video", 9), ("superior", 4), ("covert", 5)];

    private static readonly (string Code, DateTime From, DateTime To)[] CovertRounds =
    [
        ("2024-covert-4", new(2024, 12, 9), new(2024, 12, 21)), ("2025-covert-1", new(2025, 3, 10), new(2025, 3, 22)), ("2025-covert-2", new(2025, 6, 9), new(2025, 6, 21)),
        ("2025-covert-3", new(2025, 9, 8), new(2025, 9, 20)), ("2025-covert-4", new(2025, 12, 8), new(2025, 12, 20)), ("2026-covert-1", new(2026, 3, 9), new(2026, 3, 21)),
        ("2026-covert-3", new(2026, 9, 7), new(2026, 9, 19)),
    ];

    private readonly Chance _chance = new(42);
    private readonly List<Issue> _issues = [];

    /// <summary>Makes the issues and writes them as packed CSV, by time of report.</summary>
    internal void Write(string path)
    {
        foreach (var spot in new Spots(_chance, wards, places).All)
        {
            Live(spot);
        }
        AddDefaultPoint();
        var rows = new StringBuilder("external_id,source,category,severity,status,title,address,lon,lat,reported_at,accepted_at,dispatched_at,resolved_at,closed_at,rejection_reason,round\n");
        var number = 0;
        foreach (var issue in _issues.OrderBy(i => i.ReportedAt).ThenBy(i => i.Lon).ThenBy(i => i.Lat).ThenBy(i => i.Kind.Code, StringComparer.Ordinal))
        {
            rows.Append(CultureInfo.InvariantCulture, $"CL{++number:000000},{issue.Source},{issue.Kind.Code},{issue.Severity},{issue.Status},{issue.Title},{issue.Address},{issue.Lon:0.000000},{issue.Lat:0.000000},");
            rows.Append(CultureInfo.InvariantCulture, $"{Time(issue.ReportedAt)},{Time(issue.AcceptedAt)},{Time(issue.DispatchedAt)},{Time(issue.ResolvedAt)},{Time(issue.ClosedAt)},{issue.Reason},{issue.Round}\n");
        }
        using var packed = new GZipStream(File.Create(path), CompressionLevel.SmallestSize);
        packed.Write(Encoding.UTF8.GetBytes(rows.ToString()));
    }

    private void Live(Spot spot)
    {
        var gap = spot.GapDays * _chance.Between(0, 1.5);
        for (var at = Max(Start, spot.From).AddDays(gap); at < Min(End, spot.To);)
        {
            // Less is seen, or let happen, while the review is on: the spot waits and tries again.
            if (_chance.Next() > Activity(spot, at))
            {
                at = at.AddDays(spot.GapDays * _chance.Between(0.3, 0.9));
                continue;
            }
            var done = Add(spot, Hour(at));
            at = (done ?? at.AddDays(20)).AddDays(0.5 + spot.GapDays * _chance.Between(0.25, 1.75) / Growth(spot, at));
        }
    }

    /// <summary>How likely a problem that is due shows and is reported, 0 to 1.</summary>
    private static double Activity(Spot spot, DateTime at)
    {
        var season = spot.Kind.InSummer ? at.Month is >= 6 and <= 9 ? 1 : at.Month is 12 or <= 2 ? 0.4 : 0.65 : 0.8;
        return at >= ReviewStart && at < ReviewEnd ? 0.12 * season
            : at >= CampaignStart && at < ReviewStart ? 0.75
            : at >= ReviewEnd && at < ReboundEnd ? 1
            : season;
    }

    private static double Growth(Spot spot, DateTime at)
        => spot.IsEmerging ? 1 + (at - spot.From).TotalDays / 40
            : spot.IsFading ? 1 / (1 + (at - Start).TotalDays / 45)
            : at >= ReviewEnd && at < ReboundEnd ? 2.2 : 1;

    /// <summary>Adds one issue and its way through the offices.</summary>
    /// <returns>When it was closed; null when it was not.</returns>
    private DateTime? Add(Spot spot, DateTime reported)
    {
        var round = CovertRounds.FirstOrDefault(r => reported >= r.From && reported < r.To).Code;
        var source = round is not null && _chance.Next() < 0.35 ? "covert" : _chance.Pick(Sources);
        round = source == "covert" ? round
            : reported >= CampaignStart && reported < ReviewStart && source == "patrol" ? "2026-campaign"
            : reported >= ReviewStart && reported < ReviewEnd && source == "superior" ? "2026-review"
            : reported >= SpringCampaignStart && reported < SpringCampaignEnd && source == "patrol" ? "2025-campaign" : null;
        var (u, v) = (spot.U + ScatterBlocks * _chance.Normal(), spot.V + ScatterBlocks * _chance.Normal());
        var (lon, lat) = places.IsInside(u, v) ? terrain.LonLat(u, v) : terrain.LonLat(spot.U, spot.V);
        var issue = new Issue(spot.Kind, source, Math.Clamp(spot.Kind.Severity + (_chance.Next() < 0.25 ? 1 : 0) - (_chance.Next() < 0.25 ? 1 : 0), 1, 5), lon, lat, reported)
        {
            Address = spot.Address,
            Round = round,
        };
        _issues.Add(issue);
        Handle(issue, spot);
        return issue.ClosedAt;
    }

    private void Handle(Issue issue, Spot spot)
    {
        var reported = issue.ReportedAt;
        if (issue.Source is "citizen" or "hotline" && _chance.Next() < 0.07)
        {
            (issue.Status, issue.Reason) = ("rejected", _chance.Pick([("现场未发现问题", 3.0), ("重复上报", 4), ("不属于受理范围", 2), ("地址不详", 1)]));
            return;
        }
        var hurried = reported >= CampaignStart && reported < ReviewEnd;
        var accepted = reported.AddHours(_chance.Between(0.1, hurried ? 2 : 9));
        var dispatched = accepted.AddHours(_chance.Between(0.2, hurried ? 2 : 14));
        var pace = hurried ? _chance.Between(0.1, 0.5) : spot.Kind.Pace * _chance.Between(0.25, 1.25) * _chance.Between(0.5, 1.4);
        var resolved = dispatched.AddHours(spot.Kind.AllowedHours * pace);
        var closed = resolved.AddHours(_chance.Between(2, hurried ? 24 : 72));
        // A few are never finished: nobody feels responsible.
        var forgotten = !hurried && _chance.Next() < spot.Kind.Forgotten;
        issue.Status = "reported";
        if (accepted < End)
        {
            (issue.Status, issue.AcceptedAt) = ("accepted", accepted);
        }
        if (dispatched < End)
        {
            (issue.Status, issue.DispatchedAt) = ("dispatched", dispatched);
        }
        if (resolved < End && !forgotten)
        {
            (issue.Status, issue.ResolvedAt) = ("resolved", resolved);
        }
        if (closed < End && !forgotten)
        {
            (issue.Status, issue.ClosedAt) = ("closed", closed);
        }
    }

    // The hotline's map puts what it cannot find before the county hall.
    private void AddDefaultPoint()
    {
        var (lon, lat) = terrain.LonLat(Terrain.SeatU + 0.4, Terrain.SeatV + 3.3);
        for (var k = 0; k < 320; k++)
        {
            var street = places.Streets[_chance.Below(places.Streets.Count)];
            var spot = new Spot(Kind.All[_chance.Below(8)], 0, 0, 60, $"{street.Name.Chinese}附近");
            var issue = new Issue(spot.Kind, "hotline", spot.Kind.Severity, lon, lat, Hour(Start.AddDays(_chance.Between(0, (End - Start).TotalDays - 1)))) { Address = spot.Address };
            _issues.Add(issue);
            Handle(issue, spot);
        }
    }

    /// <summary>An hour of that day at which things are seen, to the minute.</summary>
    private DateTime Hour(DateTime day)
    {
        var hour = _chance.Pick([(7.0, 5.0), (8, 12), (9, 14), (10, 13), (11, 9), (12, 4), (13, 4), (14, 9), (15, 11), (16, 10), (17, 7), (18, 5), (19, 5), (20, 4), (21, 2)]);
        return Min(day.Date.AddHours(hour).AddMinutes(_chance.Below(60)), End.AddMinutes(-1));
    }

    private static string Time(DateTime? local) => local is { } time ? time.ToString("yyyy-MM-dd'T'HH:mm:ss'+08:00'", CultureInfo.InvariantCulture) : "";

    private static DateTime Max(DateTime a, DateTime b) => a > b ? a : b;

    private static DateTime Min(DateTime a, DateTime b) => a < b ? a : b;

    private sealed record Issue(Kind Kind, string Source, int Severity, double Lon, double Lat, DateTime ReportedAt)
    {
        internal string Status { get; set; } = "reported";

        internal string Title => Kind.Title;

        internal string Address { get; init; } = "";

        internal string? Round { get; init; }

        internal string? Reason { get; set; }

        internal DateTime? AcceptedAt { get; set; }

        internal DateTime? DispatchedAt { get; set; }

        internal DateTime? ResolvedAt { get; set; }

        internal DateTime? ClosedAt { get; set; }
    }
}
