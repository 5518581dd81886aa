using Npgsql;
using NpgsqlTypes;

namespace GeoSanitation.Store.Layers;

/// <summary>What a <see cref="Statistic"/> says of values.</summary>
public enum StatisticKind
{
    /// <summary>How many there are.</summary>
    Count,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The least.</summary>
    Least,

    /// <summary>The greatest.</summary>
    Greatest,

    /// <summary>Their mean.</summary>
    Average,

    /// <summary>Their standard deviation, of a sample; none for a single value.</summary>
    Deviation,

    /// <summary>Their variance, of a sample; none for a single value.</summary>
    Variance,

    /// <summary>The value below which a part of them lies, between two of them where need be.</summary>
    Percentile,

    /// <summary>The first of them that a part of them does not exceed.</summary>
    DiscretePercentile,
}

/// <summary>A number about the values that an attribute has in some features; features without a value do not count.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Column">The attribute: a number where sums, means and percentiles are asked for, else no list and no JSON.</param>
/// <param name="Part">The part of a percentile, 0 to 1.</param>
/// <param name="Descending">Percentiles are counted from the greatest value down.</param>
public sealed record Statistic(StatisticKind Kind, LayerColumn Column, double Part = 0, bool Descending = false)
{
    /// <summary>What it is itself.</summary>
    public ColumnKind ResultKind => Kind switch
    {
        StatisticKind.Count => ColumnKind.Whole,
        StatisticKind.Least or StatisticKind.Greatest or StatisticKind.DiscretePercentile => Column.Kind,
        _ => ColumnKind.Number,
    };

    /// <summary>Whether there is such a thing of the attribute.</summary>
    public bool IsPossible => Kind switch
    {
        StatisticKind.Count => true,
        StatisticKind.Least or StatisticKind.Greatest => Column.Kind is ColumnKind.Text or ColumnKind.Whole or ColumnKind.Number or ColumnKind.Time,
        _ => Column.Kind is ColumnKind.Whole or ColumnKind.Number,
    };

    internal string Sql(NpgsqlParameterCollection parameters)
    {
        var (value, order) = (Column.Sql, Descending ? " DESC" : "");
        return Kind switch
        {
            StatisticKind.Count => $"count({value})",
            StatisticKind.Sum => $"sum({value})::double precision",
            StatisticKind.Least => Extreme("min"),
            StatisticKind.Greatest => Extreme("max"),
            StatisticKind.Average => $"avg({value})::double precision",
            StatisticKind.Deviation => $"stddev_samp({value})::double precision",
            StatisticKind.Variance => $"var_samp({value})::double precision",
            StatisticKind.Percentile => $"percentile_cont({PartValue()}) WITHIN GROUP (ORDER BY ({value})::double precision{order})",
            _ => $"percentile_disc({PartValue()}) WITHIN GROUP (ORDER BY {value}{order})",
        };

        string Extreme(string function) => Column.Kind == ColumnKind.Text ? $"{function}(({value}) COLLATE \"C\")" : $"{function}({value})";

        string PartValue()
        {
            var name = $"part{parameters.Count}";
            parameters.Add(new(name, NpgsqlDbType.Double) { Value = Part });
            return "@" + name;
        }
    }
}
