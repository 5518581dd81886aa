using System.Globalization;
using GeoSanitation.Coordinates;
using GeoSanitation.Server.Parameters;
using GeoSanitation.Store.Layers;
using GeoSanitation.Store.Predicates;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace GeoSanitation.Server.Filters;

/// <summary>Puts conditions together for every filter language, and refuses what does not fit: names that there are not, values of two kinds, shapes that are none.</summary>
/// <param name="layer">The layer that the condition is about.</param>
/// <param name="crs">System of the coordinates in the filter.</param>
internal sealed class PredicateBuilder(Layer layer, Crs crs)
{
    /// <summary>Names of the shape of a feature.</summary>
    internal static readonly string[] ShapeNames = ["geometry", "geom"];

    /// <summary>Finds attributes whose names are written in capitals or not; otherwise only as they are.</summary>
    internal bool IgnoresCase { get; init; }

    /// <summary>The attribute that stands for a feature's number, where the language has one.</summary>
    internal string? NumberName { get; init; }

    /// <summary>Whether attributes that only some may see can be named.</summary>
    internal bool SeesPrivate { get; init; }

    /// <summary>The attribute of a name.</summary>
    internal LayerColumn Column(string name)
    {
        if (NumberName is not null && name.Equals(NumberName, StringComparison.OrdinalIgnoreCase))
        {
            return layer.NumberColumn;
        }
        var column = layer.Find(IgnoresCase ? name.ToLowerInvariant() : name);
        return column is { IsQueryable: true } || (SeesPrivate && column is { IsPrivate: true }) ? column
            : throw new FilterException($"{Shortened(name)} is no attribute of {layer.Name}; there are {string.Join(", ", layer.Columns.Where(c => c.IsQueryable).Select(c => c.Name))} and {ShapeNames[0]}");
    }

    /// <summary>The value of an attribute.</summary>
    internal Operand Value(string name) => Column(name) is { Kind: not ColumnKind.Texts } column ? new ColumnValue(column) : throw new FilterException($"{name} is a list; only A_CONTAINS and its like take it");

    internal static Predicate Condition(object node) => node switch
    {
        Predicate predicate => predicate,
        Operand { Kind: ColumnKind.Flag } flag => new Holds(flag),
        Operand => throw new FilterException("a value stands where a condition must: compare it with another"),
        _ => throw new FilterException("a condition is missing"),
    };

    internal static Operand ValueOf(object node) => node as Operand ?? throw new FilterException("a condition stands where a value must");

    internal static Predicate Compare(Operand left, ComparisonOperator sign, Operand right)
    {
        (left, right) = Alike(left, right);
        return left.Kind == ColumnKind.Flag && sign is not (ComparisonOperator.Equal or ComparisonOperator.NotEqual)
            ? throw new FilterException("true and false are equal or not; neither is less")
            : new Comparison(left, sign, right);
    }

    internal static Predicate Like(Operand text, Operand pattern)
    {
        if (text.Kind != ColumnKind.Text || pattern.Kind != ColumnKind.Text)
        {
            throw new FilterException("LIKE takes texts");
        }
        // A backslash stands before what is meant literally; one with nothing behind it is an error to the database.
        var given = pattern is CaseInsensitive { Text: Literal inner } ? inner : pattern is Cased { Text: Literal cased } ? cased : pattern;
        if (given is not Literal { Value: string words })
        {
            throw new FilterException("LIKE takes a given pattern, no attribute");
        }
        return (words.Length - words.TrimEnd('\\').Length) % 2 == 1 ? throw new FilterException("the pattern of LIKE ends with a backslash; there must be a character behind it") : new Like(text, pattern);
    }

    internal static Predicate Between(Operand value, Operand lowest, Operand highest)
    {
        (value, lowest) = Alike(value, lowest);
        (value, highest) = Alike(value, highest);
        return value.Kind == ColumnKind.Flag ? throw new FilterException("BETWEEN takes numbers, texts or times") : new Between(value, lowest, highest);
    }

    internal static Predicate OneOf(Operand value, IReadOnlyList<Operand> values)
        => values.Count == 0 ? throw new FilterException("IN takes at least one value") : new OneOf(value, [.. values.Select(v => Alike(value, v).Right)]);

    internal static Operand Number(Operand left, ArithmeticOperator sign, Operand right)
        => IsNumber(left) && IsNumber(right) ? new Arithmetic(left, sign, right) : throw new FilterException("arithmetic takes numbers");

    internal static Operand Folded(Operand text) => text.Kind == ColumnKind.Text ? new CaseInsensitive(text) : throw new FilterException("CASEI takes a text");

    internal static Operand Cased(Operand text, bool upper) => text.Kind == ColumnKind.Text ? new Cased(text, upper) : throw new FilterException("UPPER and LOWER take a text");

    internal static Literal Text(string text) => text.Contains('\0') ? throw new FilterException("a text must not hold a NUL character") : Literal.Of(text);

    /// <summary>A number as it is written: whole where it can be.</summary>
    internal static Literal Number(string text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? Literal.Of(whole)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Literal.Of(number)
            : throw new FilterException($"{Shortened(text)} is no number");

    /// <summary>An instant: RFC 3339, or a day, which starts at midnight UTC.</summary>
    internal static Literal Instant(string text)
        => InstantOrNull(text) is { } time ? Literal.Of(time) : throw new FilterException($"{Shortened(text)} is no time such as 2025-03-01T08:15:00Z, and no day such as 2025-03-01");

    /// <summary>A whole day, an instant, or a value of a feature, as a period.</summary>
    internal static Period Moment(object node, bool isDay) => ValueOf(node) switch
    {
        Literal { Value: DateTime start } day when isDay => new Period(day, Literal.Of(start.AddDays(1).AddMicroseconds(-1))),
        { Kind: ColumnKind.Time } time => new Period(time, time),
        _ => throw new FilterException("a time stands in T_ functions, or an attribute that is one"),
    };

    /// <summary>A shape as well-known text, in the filter's system.</summary>
    internal Geometry Shape(string wkt)
    {
        try
        {
            return Shape(new WKTReader { IsOldNtsCoordinateSyntaxAllowed = false }.Read(wkt));
        }
        catch (Exception problem) when (problem is ParseException or ArgumentException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new FilterException($"{Shortened(wkt)} is no shape in well-known text");
        }
    }

    /// <summary>A shape of the filter's system and axis order, in longitude and latitude.</summary>
    internal Geometry Shape(Geometry shape)
    {
        if (shape.IsEmpty)
        {
            throw new FilterException("a shape must have a position");
        }
        var moved = shape.Copy();
        moved.Apply(new ToLonLat(crs));
        return moved.IsValid ? moved : throw new FilterException("the shape is not valid (OGC 06-103r4): its rings must be closed and must not cross");
    }

    /// <summary>A box of the filter's system: x and y of two corners, in its axis order; heights are passed over.</summary>
    internal Geometry Box(IReadOnlyList<double> numbers)
    {
        var (x1, y1, x2, y2) = Corners(numbers);
        var ((west, south), (east, north)) = (crs.AxisOrder.FromWire(x1, y1), crs.AxisOrder.FromWire(x2, y2));
        if (south > north)
        {
            throw new FilterException("the south of a box is above its north");
        }
        var factory = GeometryFactory.Default;
        if (west > east && crs.IsGeographic)
        {
            return Shape(factory.BuildGeometry([Rectangle(west, 180), Rectangle(-180, east)]));
        }
        return west <= east ? Shape(Rectangle(west, east)) : throw new FilterException("the west of a box lies east of its east");

        // A box may be as narrow as a line, or a point.
        Geometry Rectangle(double from, double to) => (from == to, south == north) switch
        {
            (true, true) => factory.CreatePoint(Corner(from, south)),
            (false, false) => factory.CreatePolygon([Corner(from, south), Corner(to, south), Corner(to, north), Corner(from, north), Corner(from, south)]),
            _ => factory.CreateLineString([Corner(from, south), Corner(to, north)]),
        };

        Coordinate Corner(double x, double y)
        {
            var (first, second) = crs.AxisOrder.ToWire(x, y);
            return new Coordinate(first, second);
        }
    }

    /// <summary>The two corners of a box as they are written; heights are passed over.</summary>
    internal static (double X1, double Y1, double X2, double Y2) Corners(IReadOnlyList<double> numbers) => numbers switch
    {
        [var a, var b, var c, var d] => (a, b, c, d),
        [var a, var b, _, var c, var d, _] => (a, b, c, d),
        _ => throw new FilterException("a box is four numbers, or six with heights"),
    };

    internal static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";

    /// <summary>Two values of one kind: a text beside a time is read as one.</summary>
    private static (Operand Left, Operand Right) Alike(Operand left, Operand right)
    {
        if (left.Kind == ColumnKind.Time && right is Literal { Value: string end })
        {
            right = Instant(end);
        }
        if (right.Kind == ColumnKind.Time && left is Literal { Value: string start })
        {
            left = Instant(start);
        }
        return left.Kind == right.Kind || (IsNumber(left) && IsNumber(right)) ? (left, right)
            : throw new FilterException($"{NameOf(left)} and {NameOf(right)} cannot be compared");
    }

    private static bool IsNumber(Operand value) => value.Kind is ColumnKind.Whole or ColumnKind.Number;

    private static string NameOf(Operand value) => value switch
    {
        ColumnValue { Column: var column } => $"{column.Name} ({WordOf(column.Kind)})",
        _ => WordOf(value.Kind),
    };

    private static string WordOf(ColumnKind kind) => kind switch { ColumnKind.Text => "a text", ColumnKind.Flag => "true or false", ColumnKind.Time => "a time", _ => "a number" };

    private static DateTime? InstantOrNull(string text)
        => DateTimeOffset.TryParseExact(CommonParameters.WithPlus(text), ["yyyy-MM-dd", .. CommonParameters.TimeFormats], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year is > 1 and < 9999 ? time.UtcDateTime : null;

    private sealed class ToLonLat(Crs crs) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence sequence, int i)
        {
            var (x, y) = crs.AxisOrder.FromWire(sequence.GetX(i), sequence.GetY(i));
            var place = crs.IsGeographic && !new LonLat(x, y).IsValid ? new LonLat(double.NaN, double.NaN) : crs.ToLonLat(x, y);
            if (!place.IsValid)
            {
                throw new FilterException(FormattableString.Invariant($"{sequence.GetX(i)}, {sequence.GetY(i)} is no place in {crs.Name}"));
            }
            sequence.SetX(i, place.LonDegrees);
            sequence.SetY(i, place.LatDegrees);
        }
    }
}
