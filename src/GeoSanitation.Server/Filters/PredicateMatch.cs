using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GeoSanitation.Store.Predicates;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Server.Filters;

/// <summary>
/// Judges conditions of CQL2 on a feature that is held in memory; they mean what they mean to the database, where a comparison with what has no value is neither true nor false.
/// </summary>
/// <param name="valueOf">Value of an attribute by its name: string, long, double, bool, UTC DateTime, list of strings, or null.</param>
/// <param name="shape">The shape in longitude and latitude; null for none.</param>
internal sealed class PredicateMatch(Func<string, object?> valueOf, Geometry? shape)
{
    /// <summary>Whether a condition is true of the feature.</summary>
    internal bool Holds(Predicate predicate) => Of(predicate) == true;

    private bool? Of(Predicate predicate) => predicate switch
    {
        All all => all.Parts.Aggregate((bool?)true, (so, part) => so & Of(part)),
        AnyOf any => any.Parts.Aggregate((bool?)false, (so, part) => so | Of(part)),
        Not not => !Of(not.Part),
        Holds holds => (bool?)Of(holds.Flag),
        Store.Predicates.Comparison c => Compared(c.Left, c.Operator, c.Right),
        Like like => Of(like.Text) is string text && Of(like.Pattern) is string pattern ? Regex.IsMatch(text, ExpressionOf(pattern), RegexOptions.NonBacktracking | RegexOptions.Singleline) : null,
        Between between => Compared(between.Value, ComparisonOperator.GreaterOrEqual, between.Lowest) & Compared(between.Value, ComparisonOperator.LessOrEqual, between.Highest),
        OneOf one => one.Values.Aggregate((bool?)false, (so, value) => so | Compared(one.Value, ComparisonOperator.Equal, value)),
        IsNull { Value: null } => shape is null,
        IsNull isNull => Of(isNull.Value!) is null,
        Spatial spatial => (spatial.First ?? shape) is { } first && (spatial.Second ?? shape) is { } second ? Related(first, spatial.Relation, second) : null,
        Temporal { Relation: var relation } temporal => Ends(temporal.First) is { } first && Ends(temporal.Second) is { } second ? Related(first, relation, second) : null,
        Lists { Relation: var relation } lists => Of(lists.First) is { } first && Of(lists.Second) is { } second ? Related(first, relation, second) : null,
        _ => throw new InvalidOperationException($"CQL2 has no {predicate.GetType().Name}"),
    };

    private object? Of(Operand operand) => operand switch
    {
        Literal literal => literal.Value,
        ColumnValue value => valueOf(value.Column.Name),
        CaseInsensitive folded => (Of(folded.Text) as string)?.ToLowerInvariant(),
        Arithmetic arithmetic => Of(arithmetic),
        _ => throw new InvalidOperationException($"CQL2 has no {operand.GetType().Name}"),
    };

    /// <summary>Arithmetic; what is no finite number has no value.</summary>
    private double? Of(Arithmetic arithmetic)
    {
        if (Of(arithmetic.Left) is not { } first || Of(arithmetic.Right) is not { } second)
        {
            return null;
        }
        var (left, right) = (Number(first), Number(second));
        var result = arithmetic.Operator switch
        {
            ArithmeticOperator.Add => left + right,
            ArithmeticOperator.Subtract => left - right,
            ArithmeticOperator.Multiply => left * right,
            ArithmeticOperator.Divide => left / right,
            ArithmeticOperator.WholeDivide => Math.Truncate(left / right),
            ArithmeticOperator.Remainder => left - right * Math.Truncate(left / right),
            _ => Math.Pow(left, right),
        };
        return double.IsFinite(result) ? result : null;
    }

    private IReadOnlyCollection<string>? Of(TextList list) => list.Column is { } column ? (IReadOnlyCollection<string>?)valueOf(column.Name) : list.Texts;

    private bool? Compared(Operand left, ComparisonOperator sign, Operand right)
    {
        if (Of(left) is not { } first || Of(right) is not { } second)
        {
            return null;
        }
        var order = (first, second) switch
        {
            (string a, string b) => string.CompareOrdinal(a, b),
            (bool a, bool b) => a.CompareTo(b),
            (DateTime a, DateTime b) => a.CompareTo(b),
            (long a, long b) => a.CompareTo(b),
            _ => Number(first).CompareTo(Number(second)),
        };
        return sign switch
        {
            ComparisonOperator.Equal => order == 0,
            ComparisonOperator.NotEqual => order != 0,
            ComparisonOperator.Less => order < 0,
            ComparisonOperator.LessOrEqual => order <= 0,
            ComparisonOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }

    /// <summary>Start and end; null where a feature has no value for one.</summary>
    private (DateTime Start, DateTime End)? Ends(Period period)
    {
        var (start, end) = (period.Start is null ? DateTime.MinValue : (DateTime?)Of(period.Start), period.End is null ? DateTime.MaxValue : (DateTime?)Of(period.End));
        return start is { } from && end is { } to ? (from, to) : null;
    }

    private static bool Related(Geometry first, SpatialRelation relation, Geometry second) => relation switch
    {
        SpatialRelation.Intersects => first.Intersects(second),
        SpatialRelation.Disjoint => first.Disjoint(second),
        SpatialRelation.Equals => first.EqualsTopologically(second),
        SpatialRelation.Touches => first.Touches(second),
        SpatialRelation.Crosses => first.Crosses(second),
        SpatialRelation.Within => first.Within(second),
        SpatialRelation.Contains => first.Contains(second),
        _ => first.Overlaps(second),
    };

    private static bool Related((DateTime Start, DateTime End) a, TemporalRelation relation, (DateTime Start, DateTime End) b) => relation switch
    {
        TemporalRelation.After => a.Start > b.End,
        TemporalRelation.Before => a.End < b.Start,
        TemporalRelation.Contains => a.Start < b.Start && a.End > b.End,
        TemporalRelation.Disjoint => a.Start > b.End || a.End < b.Start,
        TemporalRelation.During => a.Start > b.Start && a.End < b.End,
        TemporalRelation.Equals => a == b,
        TemporalRelation.FinishedBy => a.Start < b.Start && a.End == b.End,
        TemporalRelation.Finishes => a.Start > b.Start && a.End == b.End,
        TemporalRelation.Intersects => a.Start <= b.End && a.End >= b.Start,
        TemporalRelation.Meets => a.End == b.Start,
        TemporalRelation.MetBy => a.Start == b.End,
        TemporalRelation.OverlappedBy => a.Start > b.Start && a.Start < b.End && a.End > b.End,
        TemporalRelation.Overlaps => a.Start < b.Start && a.End > b.Start && a.End < b.End,
        TemporalRelation.StartedBy => a.Start == b.Start && a.End > b.End,
        _ => a.Start == b.Start && a.End < b.End,
    };

    private static bool Related(IReadOnlyCollection<string> a, ListRelation relation, IReadOnlyCollection<string> b) => relation switch
    {
        ListRelation.Contains => b.All(a.Contains),
        ListRelation.ContainedBy => a.All(b.Contains),
        ListRelation.Overlaps => a.Any(b.Contains),
        _ => b.All(a.Contains) && a.All(b.Contains),
    };

    /// <summary>The pattern of LIKE as a regular expression: % for any text, _ for one character, a backslash before what is meant literally.</summary>
    private static string ExpressionOf(string pattern)
    {
        var expression = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            expression.Append(pattern[i] switch
            {
                '%' => ".*",
                '_' => ".",
                '\\' => Regex.Escape(pattern[++i].ToString()),
                var letter => Regex.Escape(letter.ToString()),
            });
        }
        return expression.Append(@"\z").ToString();
    }

    private static double Number(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);
}
