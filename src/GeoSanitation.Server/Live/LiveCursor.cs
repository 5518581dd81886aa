using System.Globalization;
using System.Text.RegularExpressions;
using GeoSanitation.Store.Changes;

namespace GeoSanitation.Server.Live;

/// <summary>What a listener has been told, as the id of an event says it: any server of the database can go on from there.</summary>
/// <param name="Position">Everything up to this position of the feed.</param>
/// <param name="Runs">That these runs are the ones published last, by their methods.</param>
/// <param name="Until">In the middle of many changes: the snapshot at their end; else null.</param>
/// <param name="Told">How many changes between the position and that snapshot.</param>
internal sealed partial record LiveCursor(FeedPosition Position, IReadOnlyDictionary<string, long> Runs, string? Until = null, int Told = 0)
{
    /// <summary>The last that it knows of the feed.</summary>
    internal FeedPosition Last => Until is null ? Position : Position with { Snapshot = Until };

    /// <summary>The same with another run of a method, or none.</summary>
    internal LiveCursor With(string method, long? run)
    {
        var runs = Runs.Where(r => r.Key != method).ToDictionary();
        if (run is { } id)
        {
            runs.Add(method, id);
        }
        return this with { Runs = runs };
    }

    /// <summary>The cursor as one word, for <see cref="Read"/>.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Position};{string.Join(',', Runs.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key}={r.Value}"))}{(Until is null ? "" : $";{Until};{Told}")}");

    /// <summary>Reads what <see cref="ToString"/> wrote; null for whatever else.</summary>
    internal static LiveCursor? Read(string text)
    {
        if (Form().Match(text) is not { Success: true } match || !FeedPosition.TryRead(match.Groups["position"].Value, out var position))
        {
            return null;
        }
        var runs = new Dictionary<string, long>();
        foreach (var run in match.Groups["run"].Captures.Select(c => c.Value.Split('=')))
        {
            runs[run[0]] = long.Parse(run[1], CultureInfo.InvariantCulture);
        }
        return !match.Groups["until"].Success ? new LiveCursor(position, runs)
            : FeedPosition.TryRead((position with { Snapshot = match.Groups["until"].Value }).ToString(), out _)
                ? new LiveCursor(position, runs, match.Groups["until"].Value, int.Parse(match.Groups["told"].Value, CultureInfo.InvariantCulture))
            : null;
    }

    [GeneratedRegex(@"^(?<position>[^;]+);((?<run>[a-z-]{1,40}=\d{1,18})(,(?<run>[a-z-]{1,40}=\d{1,18})){0,20})?(;(?<until>[\d:,]+);(?<told>\d{1,4}))?$")]
    private static partial Regex Form();
}
