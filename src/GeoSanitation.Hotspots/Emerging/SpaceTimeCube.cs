namespace GeoSanitation.Hotspots.Emerging;

/// <summary>One value for each location and time step; a bin without events holds zero.</summary>
public sealed class SpaceTimeCube
{
    private readonly double[] _values;

    /// <summary>Takes the values of L locations over T steps.</summary>
    /// <param name="locations">Number of locations, L, &gt;= 0.</param>
    /// <param name="steps">Number of steps, T, &gt;= 1; Esri asks for 10 or more.</param>
    /// <param name="values">Value of location l at step t, oldest step first, at l T + t; finite; kept, not copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">locations or steps is outside its interval.</exception>
    /// <exception cref="ArgumentException">values has not length L T.</exception>
    public SpaceTimeCube(int locations, int steps, double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(locations);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (values.Length != (long)locations * steps)
        {
            throw new ArgumentException($"There are {values.Length} values for {locations} locations over {steps} steps.", nameof(values));
        }
        (Locations, Steps, _values) = (locations, steps, values);
    }

    /// <summary>Number of locations, L.</summary>
    public int Locations { get; }

    /// <summary>Number of time steps, T.</summary>
    public int Steps { get; }

    /// <summary>All bins, location by location, within a location oldest first.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>The series of one location, oldest first.</summary>
    public ReadOnlySpan<double> SeriesOf(int location) => _values.AsSpan(location * Steps, Steps);

    /// <summary>The same values per unit of something that each location has, in every step: rates.</summary>
    /// <param name="exposures">For each location by what its values are divided, &gt; 0.</param>
    /// <exception cref="ArgumentException">There is not one for each location, or one is not a positive number.</exception>
    public SpaceTimeCube Per(ReadOnlySpan<double> exposures)
    {
        if (exposures.Length != Locations)
        {
            throw new ArgumentException($"There are {exposures.Length} exposures for {Locations} locations.", nameof(exposures));
        }
        var rates = new double[_values.Length];
        for (var i = 0; i < rates.Length; i++)
        {
            var exposure = exposures[i / Steps];
            rates[i] = exposure > 0 && double.IsFinite(exposure) ? _values[i] / exposure : throw new ArgumentException($"exposures holds {exposure}; it must be a positive number.", nameof(exposures));
        }
        return new SpaceTimeCube(Locations, Steps, rates);
    }

    /// <summary>Adds up points, by weight, in the bins they fall into.</summary>
    /// <param name="points">Points with times.</param>
    /// <param name="locationOfPoint">Location of each point, or -1 for one that counts nowhere.</param>
    /// <param name="locations">Number of locations.</param>
    /// <param name="stepEdgesDays">T + 1 ascending instants in days; step t is [edge t, edge t + 1). Points before the first or from the last on are left
    /// out, so choose edges that leave no step partly filled.</param>
    /// <exception cref="ArgumentException">The points have no times, lengths differ, the edges do not ascend, or a location does not exist.</exception>
    public static SpaceTimeCube Count(Points points, ReadOnlySpan<int> locationOfPoint, int locations, ReadOnlySpan<double> stepEdgesDays)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (!points.HasTime)
        {
            throw new ArgumentException("The points have no times.", nameof(points));
        }
        if (locationOfPoint.Length != points.Count)
        {
            throw new ArgumentException($"There are {locationOfPoint.Length} locations for {points.Count} points.", nameof(locationOfPoint));
        }
        if (stepEdgesDays.Length < 2)
        {
            throw new ArgumentException("There must be at least two edges.", nameof(stepEdgesDays));
        }
        for (var t = 1; t < stepEdgesDays.Length; t++)
        {
            if (!(stepEdgesDays[t] > stepEdgesDays[t - 1]))
            {
                throw new ArgumentException($"Edges must ascend; {stepEdgesDays[t]} follows {stepEdgesDays[t - 1]}.", nameof(stepEdgesDays));
            }
        }
        var steps = stepEdgesDays.Length - 1;
        var values = new double[checked(locations * steps)];
        for (var i = 0; i < points.Count; i++)
        {
            if (locationOfPoint[i] >= locations)
            {
                throw new ArgumentException($"Point {i} is at location {locationOfPoint[i]}; there are {locations}.", nameof(locationOfPoint));
            }
            var found = stepEdgesDays.BinarySearch(points.TimeDays[i]);
            var step = found >= 0 ? found : ~found - 1;
            if (locationOfPoint[i] >= 0 && step >= 0 && step < steps)
            {
                values[locationOfPoint[i] * steps + step] += points.WeightOf(i);
            }
        }
        return new SpaceTimeCube(locations, steps, values);
    }
}
