using GeoSanitation.Store.Layers;
using NetTopologySuite.Geometries;

namespace GeoSanitation.Store.Predicates;

/// <summary>A condition on the features of a layer, whatever language it was written in. What it compares fits together: whoever builds one has checked that.</summary>
public abstract record Predicate;

/// <summary>True where all of some are; of none, always.</summary>
public sealed record All(IReadOnlyList<Predicate> Parts) : Predicate;

/// <summary>True where one of some is; of none, never.</summary>
public sealed record AnyOf(IReadOnlyList<Predicate> Parts) : Predicate;

/// <summary>True where another is false; unknown where that is unknown.</summary>
public sealed record Not(Predicate Part) : Predicate;

/// <summary>A flag of the feature, or true or false itself.</summary>
public sealed record Holds(Operand Flag) : Predicate;

/// <summary>Compares two values of one kind.</summary>
public sealed record Comparison(Operand Left, ComparisonOperator Operator, Operand Right) : Predicate;

/// <summary>A text is of a form: % stands for any text, _ for one character, a backslash before them for themselves.</summary>
public sealed record Like(Operand Text, Operand Pattern) : Predicate;

/// <summary>A value is not below one and not above another.</summary>
public sealed record Between(Operand Value, Operand Lowest, Operand Highest) : Predicate;

/// <summary>A value is one of some.</summary>
public sealed record OneOf(Operand Value, IReadOnlyList<Operand> Values) : Predicate;

/// <summary>There is no value; of the shape there always is one.</summary>
public sealed record IsNull(Operand? Value) : Predicate;

/// <summary>How the shape of the feature lies to another; a null stands for the feature's.</summary>
/// <param name="Relation">The relation, from the first to the second.</param>
/// <param name="First">Longitude and latitude, valid, or null.</param>
/// <param name="Second">Longitude and latitude, valid, or null.</param>
public sealed record Spatial(SpatialRelation Relation, Geometry? First, Geometry? Second) : Predicate;

/// <summary>The shape of the feature lies no farther from another than so many meters, on the ellipsoid.</summary>
/// <param name="Shape">Longitude and latitude, valid.</param>
/// <param name="Meters">Not negative.</param>
public sealed record Nearby(Geometry Shape, double Meters) : Predicate;

/// <summary>The box around the shape of the feature meets the box around another.</summary>
/// <param name="Shape">Longitude and latitude, valid.</param>
public sealed record BoxesMeet(Geometry Shape) : Predicate;

/// <summary>How two times lie to each other.</summary>
public sealed record Temporal(TemporalRelation Relation, Period First, Period Second) : Predicate;

/// <summary>How two lists of texts lie to each other.</summary>
public sealed record Lists(ListRelation Relation, TextList First, TextList Second) : Predicate;

/// <summary>A value of a feature, or one that is given.</summary>
public abstract record Operand(ColumnKind Kind);

/// <summary>The value of an attribute.</summary>
public sealed record ColumnValue(LayerColumn Column) : Operand(Column.Kind);

/// <summary>A given value: a string, long, double, bool or UTC DateTime.</summary>
public sealed record Literal(ColumnKind Kind, object Value) : Operand(Kind)
{
    /// <summary>The value as its own type says what it is.</summary>
    public static Literal Of(object value) => new(value switch { string => ColumnKind.Text, long => ColumnKind.Whole, double => ColumnKind.Number, bool => ColumnKind.Flag, _ => ColumnKind.Time }, value);
}

/// <summary>A text without regard to upper and lower case.</summary>
public sealed record CaseInsensitive(Operand Text) : Operand(ColumnKind.Text);

/// <summary>A text in upper case (or lower case).</summary>
public sealed record Cased(Operand Text, bool Upper) : Operand(ColumnKind.Text);

/// <summary>True or false as 1 or 0.</summary>
public sealed record FlagAsNumber(Operand Flag) : Operand(ColumnKind.Whole);

/// <summary>A list of texts as one text, commas between.</summary>
public sealed record JoinedTexts(LayerColumn Column) : Operand(ColumnKind.Text);

/// <summary>A number about the values of a group of features; stands only in conditions on groups.</summary>
public sealed record StatisticValue(Statistic Statistic) : Operand(Statistic.ResultKind);

/// <summary>Arithmetic on numbers; a division by zero has no value.</summary>
public sealed record Arithmetic(Operand Left, ArithmeticOperator Operator, Operand Right) : Operand(ColumnKind.Number);

/// <summary>A time from a start to an end; an instant starts and ends at once.</summary>
/// <param name="Start">Its start; null for an open one.</param>
/// <param name="End">Its end; null for an open one.</param>
public sealed record Period(Operand? Start, Operand? End);

/// <summary>A list of texts: an attribute, or given ones.</summary>
public sealed record TextList(LayerColumn? Column, IReadOnlyList<string> Texts);

/// <summary>Comparisons.</summary>
public enum ComparisonOperator
{
    /// <summary>Equal.</summary>
    Equal,

    /// <summary>Not equal.</summary>
    NotEqual,

    /// <summary>Less.</summary>
    Less,

    /// <summary>Less or equal.</summary>
    LessOrEqual,

    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,
}

/// <summary>Operators of numbers.</summary>
public enum ArithmeticOperator
{
    /// <summary>Sum.</summary>
    Add,

    /// <summary>Difference.</summary>
    Subtract,

    /// <summary>Product.</summary>
    Multiply,

    /// <summary>Quotient.</summary>
    Divide,

    /// <summary>Whole quotient, towards zero.</summary>
    WholeDivide,

    /// <summary>Remainder of that.</summary>
    Remainder,

    /// <summary>Power.</summary>
    Power,
}

/// <summary>Relations of shapes (OGC 06-103r4, section 6.1.15).</summary>
public enum SpatialRelation
{
    /// <summary>They share a point.</summary>
    Intersects,

    /// <summary>They share none.</summary>
    Disjoint,

    /// <summary>They are the same set of points.</summary>
    Equals,

    /// <summary>They share only points of their borders.</summary>
    Touches,

    /// <summary>They cross.</summary>
    Crosses,

    /// <summary>The first lies in the second.</summary>
    Within,

    /// <summary>The second lies in the first.</summary>
    Contains,

    /// <summary>They overlap.</summary>
    Overlaps,
}

/// <summary>Relations of times (Allen, 1983).</summary>
public enum TemporalRelation
{
    /// <summary>The first begins after the second has ended.</summary>
    After,

    /// <summary>The first ends before the second begins.</summary>
    Before,

    /// <summary>The second lies within the first, touching neither end.</summary>
    Contains,

    /// <summary>They share no moment.</summary>
    Disjoint,

    /// <summary>The first lies within the second, touching neither end.</summary>
    During,

    /// <summary>They begin and end together.</summary>
    Equals,

    /// <summary>They end together, and the second begins later.</summary>
    FinishedBy,

    /// <summary>They end together, and the first begins later.</summary>
    Finishes,

    /// <summary>They share a moment.</summary>
    Intersects,

    /// <summary>The second begins when the first ends.</summary>
    Meets,

    /// <summary>The first begins when the second ends.</summary>
    MetBy,

    /// <summary>The second begins first, and ends within the first.</summary>
    OverlappedBy,

    /// <summary>The first begins first, and ends within the second.</summary>
    Overlaps,

    /// <summary>They begin together, and the first ends later.</summary>
    StartedBy,

    /// <summary>They begin together, and the second ends later.</summary>
    Starts,
}

/// <summary>Relations of lists.</summary>
public enum ListRelation
{
    /// <summary>The first has everything that the second has.</summary>
    Contains,

    /// <summary>The second has everything that the first has.</summary>
    ContainedBy,

    /// <summary>They have the same.</summary>
    Equals,

    /// <summary>They share something.</summary>
    Overlaps,
}
