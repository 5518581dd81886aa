using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoSanitation.Store.Changes;

/// <summary>Where a reader of the feed stands.</summary>
/// <param name="DatabaseId">Which database.</param>
/// <param name="Number">Rows of the feed that were ever visible: of two moments the same only if nothing was committed between them.</param>
/// <param name="Snapshot">What the reader's last transaction saw, as <c>pg_snapshot</c> writes it: xmin:xmax:xip,xip,...</param>
public sealed partial record FeedPosition(string DatabaseId, long Number, string Snapshot)
{
    /// <summary>No transaction before this one was at work.</summary>
    internal ulong Xmin => Whole(Snapshot.Split(':')[0]);

    /// <summary>No transaction from this one on had begun.</summary>
    public ulong Xmax => Whole(Snapshot.Split(':')[1]);

    /// <summary>The position as one word, for <see cref="TryRead"/>.</summary>
    public override string ToString() => $"{DatabaseId}-{Number.ToString(CultureInfo.InvariantCulture)}~{Snapshot}";

    /// <summary>Reads what <see cref="ToString"/> wrote; false for whatever else, which PostgreSQL would not read either.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out FeedPosition? position)
    {
        position = Form().Match(text) is { Success: true } match && long.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && IsSnapshot(match.Groups["snapshot"].Value) ? new FeedPosition(match.Groups["database"].Value, number, match.Groups["snapshot"].Value) : null;
        return position is not null;
    }

    /// <summary>Whether a text of the form is a snapshot: xmin is not above xmax, and the transactions between them ascend.</summary>
    private static bool IsSnapshot(string text)
    {
        var parts = text.Split(':');
        string[] texts = [parts[0], .. parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries), parts[1]];
        if (!texts.All(t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
        {
            return false;
        }
        var numbers = Array.ConvertAll(texts, Whole);
        return numbers[0] <= numbers[1] && Enumerable.Range(1, numbers.Length - 2).All(i => numbers[i] < numbers[i + 1]);
    }

    private static ulong Whole(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<database>\w{1,20})-(?<number>\d{1,19})~(?<snapshot>\d{1,19}:\d{1,19}:(\d{1,19}(,\d{1,19})*)?)$")]
    private static partial Regex Form();
}
