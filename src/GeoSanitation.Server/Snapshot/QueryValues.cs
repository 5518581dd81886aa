using System.Globalization;
using GeoSanitation.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace GeoSanitation.Server.Snapshot;

/// <summary>Reads single values of a query string, each against its limits.</summary>
internal static class QueryValues
{
    /// <summary>A number within limits, or null when the parameter is not there.</summary>
    /// <exception cref="BadParameterException">It is no number, outside its limits, or there twice.</exception>
    internal static double? Number(IQueryCollection query, string name, double least, double most, string unit)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new BadParameterException(name, text, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most} ({unit})"));
    }

    /// <summary>A whole number within limits, or null when the parameter is not there.</summary>
    /// <exception cref="BadParameterException">It is no whole number, outside its limits, or there twice.</exception>
    internal static int? Whole(IQueryCollection query, string name, int least, int most)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new BadParameterException(name, text, $"a whole number from {least} to {most}");
    }

    /// <summary>One of some words; the first of them when the parameter is not there.</summary>
    /// <exception cref="BadParameterException">It is none of them, or there twice.</exception>
    internal static string Word(IQueryCollection query, string name, params string[] words)
    {
        var text = Text(query, name) ?? words[0];
        return words.Contains(text) ? text : throw new BadParameterException(name, text, "one of " + string.Join(", ", words));
    }

    /// <summary>true or false; false when the parameter is not there.</summary>
    /// <exception cref="BadParameterException">It is neither, or there twice.</exception>
    internal static bool Flag(IQueryCollection query, string name) => Word(query, name, "false", "true") == "true";

    /// <summary>Refuses parameters that mean nothing here: a slip of the pen must not read as "no filter".</summary>
    /// <exception cref="BadParameterException">There is one.</exception>
    internal static void RefuseUnknown(IQueryCollection query, params IReadOnlyList<string> known)
    {
        if (query.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new BadParameterException(unknown, query[unknown].ToString(), $"left out: there is no such parameter here, only {string.Join(", ", known)}");
        }
    }

    /// <summary>The text, or null when the parameter is not there.</summary>
    /// <exception cref="BadParameterException">It is there twice.</exception>
    internal static string? Text(IQueryCollection query, string name) => query[name] switch
    {
        [] => null,
        [var text] => text ?? "",
        var several => throw new BadParameterException(name, several.ToString(), "given once"),
    };
}
