using NetTopologySuite.Geometries;

namespace GeoSanitation.Store.Layers;

/// <summary>A feature as it is read: its shape, and its attributes by their position among the columns that were asked for. Good until the next one is read.</summary>
public abstract class FeatureRow
{
    /// <summary>Its number: 64 bits, positive, the same as long as the feature is.</summary>
    public abstract long Number { get; }

    /// <summary>What tells it from the others of its layer.</summary>
    public abstract string Id { get; }

    /// <summary>Whether <see cref="Id"/> is a whole number.</summary>
    public abstract bool HasWholeId { get; }

    /// <summary>Its place, degrees, where it is a point and shapes were asked for; otherwise null.</summary>
    public abstract (double LonDegrees, double LatDegrees)? Place { get; }

    /// <summary>Its shape, longitude and latitude, where it is no point; null where there is none or it was not asked for.</summary>
    public abstract Geometry? Shape { get; }

    /// <summary>Whether there is no value.</summary>
    public abstract bool IsNull(int column);

    /// <summary>A text, or the text of JSON.</summary>
    public abstract string Text(int column);

    /// <summary>A whole number, whatever its width in the database.</summary>
    public abstract long Whole(int column);

    /// <summary>A number.</summary>
    public abstract double Real(int column);

    /// <summary>True or false.</summary>
    public abstract bool Flag(int column);

    /// <summary>An instant, UTC.</summary>
    public abstract DateTime Time(int column);

    /// <summary>A list of texts.</summary>
    public abstract string[] Texts(int column);
}
