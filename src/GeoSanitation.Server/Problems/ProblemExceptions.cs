namespace GeoSanitation.Server.Problems;

/// <summary>A parameter or a member of a body is not what it must be (400).</summary>
/// <param name="parameter">Name of the parameter, as the caller wrote it.</param>
/// <param name="value">The value seen.</param>
/// <param name="allowed">What is allowed, in words: "a number &gt; 0 (meters)".</param>
public sealed class BadParameterException(string parameter, string? value, string allowed)
    : Exception(value is null ? $"{parameter} is missing; it must be {allowed}" : $"{parameter} was {Shortened(value)}; it must be {allowed}")
{
    /// <summary>Name of the parameter.</summary>
    public string Parameter { get; } = parameter;

    /// <summary>The value seen, or null when there was none.</summary>
    public string? Value { get; } = value;

    /// <summary>What is allowed.</summary>
    public string Allowed { get; } = allowed;

    private static string Shortened(string value) => value.Length <= 100 ? value : value[..100] + "…";
}

/// <summary>There is no such thing (404).</summary>
/// <param name="kind">"issue", "ward" ...</param>
/// <param name="id">The name asked for.</param>
public sealed class NotFoundException(string kind, string id) : Exception($"there is no {kind} {id}")
{
    /// <summary>The address by which a protocol names this kind of refusal; null where none does.</summary>
    public string? Type { get; init; }
}

/// <summary>A key is needed, and there is none that works (401).</summary>
/// <param name="message">What for.</param>
public sealed class NoKeyException(string message) : Exception(message);

/// <summary>The key is of a role that may not do this (403).</summary>
/// <param name="message">What, and who may.</param>
public sealed class WrongRoleException(string message) : Exception(message);

/// <summary>What is asked for contradicts what is there (409).</summary>
/// <param name="message">What, and why.</param>
/// <param name="allowed">What is possible instead; null where there is no such list.</param>
public sealed class ConflictException(string message, IReadOnlyList<string>? allowed = null) : Exception(message)
{
    /// <summary>What is possible instead.</summary>
    public IReadOnlyList<string>? Allowed { get; } = allowed;
}

/// <summary>The thing was changed since the caller read it (412).</summary>
/// <param name="message">Which, and what to do.</param>
public sealed class StaleException(string message) : Exception(message);

/// <summary>The write does not say which version it is a change of (428).</summary>
public sealed class NoVersionException() : Exception("If-Match is missing; it must be the ETag of the version that is changed, as its last answer gave it");

/// <summary>There is more to do than can be done now (503, with the time after which to try again).</summary>
/// <param name="message">What there is too much of.</param>
public sealed class BusyException(string message) : Exception(message)
{
    /// <summary>Seconds after which to try again.</summary>
    public const int RetryAfterSeconds = 30;
}
