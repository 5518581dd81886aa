using Xunit;

namespace GeoSanitation.Testing;

/// <summary>Programs of the system that some tests compare against or drive: cs2cs, ogrinfo, chromium ...</summary>
public static class SystemPrograms
{
    /// <summary>Where a program is, or null when it is not installed; a whole path stands for itself.</summary>
    public static string? PathOf(string program) => Path.IsPathRooted(program) ? File.Exists(program) ? program : null : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Why a test that needs this program cannot run here, or null when it can, or must: CI sets
    /// GEOSAN_REQUIRE_PROGRAMS, so that there a missing program fails the test.</summary>
    public static string? MissingReason(string program)
        => PathOf(program) is null && Environment.GetEnvironmentVariable("GEOSAN_REQUIRE_PROGRAMS") is null or ""
            ? $"needs the program {program}, which ./geosan test installs"
            : null;
}

/// <summary>A test that needs a program of the system; skipped by name where it is missing, but for CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program) => Skip = SystemPrograms.MissingReason(program);
}

/// <summary>A theory that needs a program of the system; skipped by name where it is missing, but for CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(string program) => Skip = SystemPrograms.MissingReason(program);
}
