using System.Reflection;
using Xunit;

namespace GeoSanitation.Testing;

/// <summary>Where the repository and the real data beside it are.</summary>
public static class SharedData
{
    public static string RepositoryRoot { get; } = typeof(SharedData).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!.TrimEnd('/');

    public static string Path(string relative) => System.IO.Path.Combine(RepositoryRoot, "..", "shared", relative);

    /// <summary>Why a test that needs this file cannot run here, or null when it can.</summary>
    public static string? MissingReason(string relative)
        => File.Exists(Path(relative)) || Directory.Exists(Path(relative)) ? null : $"needs ../shared/{relative} beside the checkout";
}

/// <summary>A test over a file of ../shared; skipped by name where that file is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string relative) => Skip = SharedData.MissingReason(relative);
}

/// <summary>A theory over a file of ../shared; skipped by name where that file is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(string relative) => Skip = SharedData.MissingReason(relative);
}
