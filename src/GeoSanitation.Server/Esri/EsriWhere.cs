using System.Globalization;
using GeoSanitation.Server.Filters;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;

namespace GeoSanitation.Server.Esri;

/// <summary>
/// Conditions as Esri's clients write them: SQL's, with DATE and TIMESTAMP before times, CURRENT_TIMESTAMP and CURRENT_DATE with intervals, UPPER and LOWER. True and false
/// are 1 and 0, as the fields are.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="build">Checks and builds.</param>
/// <param name="groups">For a condition on groups, what they have in common; null for one on features.</param>
internal sealed class EsriWhere(string text, PredicateBuilder build, IReadOnlyList<LayerColumn>? groups = null) : TextFilter(text, build)
{
    private const int DayLetters = 10;

    private static readonly Dictionary<string, StatisticKind> Functions = new()
    {
        ["COUNT"] = StatisticKind.Count,
        ["SUM"] = StatisticKind.Sum,
        ["MIN"] = StatisticKind.Least,
        ["MAX"] = StatisticKind.Greatest,
        ["AVG"] = StatisticKind.Average,
        ["STDDEV"] = StatisticKind.Deviation,
        ["VAR"] = StatisticKind.Variance,
    };

    protected override object Attribute(string name)
    {
        var column = Build.Column(name);
        if (groups is not null && groups.All(g => g.Name != column.Name))
        {
            throw new FilterException($"{PredicateBuilder.Shortened(name)} is nothing that groups have in common; name one of groupByFieldsForStatistics, or COUNT, SUM, MIN, MAX, AVG, STDDEV or VAR of a field");
        }
        return column.Kind switch
        {
            ColumnKind.Flag => new FlagAsNumber(new ColumnValue(column)),
            ColumnKind.Texts => new JoinedTexts(column),
            _ => new ColumnValue(column),
        };
    }

    protected override object Worded()
    {
        var word = Take().Text;
        switch (word.ToUpperInvariant())
        {
            case "TRUE":
                return Literal.Of(1L);
            case "FALSE":
                return Literal.Of(0L);
            // As databases mark texts in Unicode.
            case "N" when Current.Kind == TokenKind.Text:
                return PredicateBuilder.Text(Take().Text);
            case "DATE" or "TIMESTAMP" when Current.Kind == TokenKind.Text:
                return Moved(Instant(Take().Text));
            case "CURRENT_TIMESTAMP":
                NoArguments();
                return Moved(DateTime.UtcNow);
            case "CURRENT_DATE":
                NoArguments();
                return Moved(DateTime.UtcNow.Date);
            case "UPPER" or "LOWER" when Current.IsSign("("):
                return PredicateBuilder.Cased(InBrackets(Value) is [var cased] ? cased : throw Unexpected("one text in UPPER or LOWER"), word.Equals("UPPER", StringComparison.OrdinalIgnoreCase));
            case var function when groups is not null && Current.IsSign("(") && Functions.TryGetValue(function, out var kind):
                return Statistic(kind);
        }
        return Current.IsSign("(")
            ? throw new FilterException($"{PredicateBuilder.Shortened(word)} is no function; there are UPPER, LOWER, CURRENT_TIMESTAMP, CURRENT_DATE{(groups is null ? "" : ", " + string.Join(", ", Functions.Keys))}")
            : Attribute(word);
    }

    /// <summary>The statistic of a field in brackets, or of all rows: COUNT(*).</summary>
    private StatisticValue Statistic(StatisticKind kind)
    {
        Expect("(");
        var column = kind == StatisticKind.Count && TryTake("*") ? Build.Column(EsriFields.ObjectId) : Build.Column(Take() is { Kind: TokenKind.Word or TokenKind.Name } name ? name.Text : throw Unexpected("a field"));
        Expect(")");
        var statistic = new Statistic(kind, column);
        return statistic.IsPossible ? new StatisticValue(statistic) : throw new FilterException($"there is no {kind} of {column.Name}");
    }

    /// <summary>A time, with the intervals behind it added or taken away; a number alone is of days.</summary>
    private Literal Moved(DateTime time)
    {
        while ((Current.IsSign("+") || Current.IsSign("-")) && (Following.Is("INTERVAL") || Following.Kind == TokenKind.Number))
        {
            var sign = Take().IsSign("+") ? 1 : -1;
            var isInterval = TryTake("INTERVAL");
            var amount = isInterval ? ExpectText("a number") : Take().Text;
            if (!double.TryParse(amount, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) || Math.Abs(number) > 1e6)
            {
                throw new FilterException($"an interval was {PredicateBuilder.Shortened(amount)}; it must be a number such as INTERVAL '7' DAY");
            }
            var unit = isInterval ? Take().Text.ToUpperInvariant().TrimEnd('S') : "DAY";
            try
            {
                time = unit switch
                {
                    "SECOND" => time.AddSeconds(sign * number),
                    "MINUTE" => time.AddMinutes(sign * number),
                    "HOUR" => time.AddHours(sign * number),
                    "DAY" => time.AddDays(sign * number),
                    "MONTH" => time.AddMonths(sign * (int)number),
                    "YEAR" => time.AddYears(sign * (int)Math.Clamp(number, -9999, 9999)),
                    _ => throw new FilterException($"{PredicateBuilder.Shortened(unit)} is no unit of an interval; there are SECOND, MINUTE, HOUR, DAY, MONTH, YEAR"),
                };
            }
            catch (ArgumentOutOfRangeException)
            {
                throw new FilterException("an interval leads out of the calendar");
            }
        }
        return Literal.Of(new DateTime(time.Ticks - time.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc));
    }

    private void NoArguments()
    {
        if (TryTake("("))
        {
            Expect(")");
        }
    }

    /// <summary>SQL writes a blank between a day and its time.</summary>
    private static DateTime Instant(string text)
    {
        var time = text.Trim();
        return (DateTime)PredicateBuilder.Instant(time.IndexOf(' ', StringComparison.Ordinal) == DayLetters ? $"{time[..DayLetters]}T{time[(DayLetters + 1)..]}" : time).Value;
    }
}
