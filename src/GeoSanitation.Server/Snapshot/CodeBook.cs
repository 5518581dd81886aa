namespace GeoSanitation.Server.Snapshot;

/// <summary>Values that many rows share, as numbers: 0 for none. A number never comes to mean another value, so readers need no lock.</summary>
/// <typeparam name="T">What is compared by its value: texts, or records of them.</typeparam>
internal sealed class CodeBook<T>
    where T : class
{
    private readonly Dictionary<T, int> _numbers = [];
    private readonly List<T?> _values = [null];

    /// <summary>The number of a value, a new one where it has none; for the one thread that writes.</summary>
    internal int Number(T? value)
    {
        if (value is null)
        {
            return 0;
        }
        lock (_values)
        {
            if (!_numbers.TryGetValue(value, out var number))
            {
                number = _values.Count;
                _numbers.Add(value, number);
                _values.Add(value);
            }
            return number;
        }
    }

    /// <summary>Every value by its number.</summary>
    internal T?[] Values()
    {
        lock (_values)
        {
            return [.. _values];
        }
    }
}
