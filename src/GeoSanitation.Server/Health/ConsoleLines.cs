using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace GeoSanitation.Server.Health;

/// <summary>The log on the console: one line an entry, UTC time first, then how grave, whose, what.</summary>
internal sealed class ConsoleLines() : ConsoleFormatter(nameof(ConsoleLines))
{
    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        var text = entry.Exception is null ? message : $"{message} {entry.Exception}";
        writer.WriteLine($"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ} {Word(entry.LogLevel)} {entry.Category}: {string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "debug",
    };
}

/// <summary>Sets the log up.</summary>
internal static class Logging
{
    /// <summary>Logs to the console in single lines; of the framework, only what is wrong.</summary>
    internal static void AddConsoleLines(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddConsole(console => console.FormatterName = nameof(ConsoleLines)).AddConsoleFormatter<ConsoleLines, ConsoleFormatterOptions>();
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("GeoSanitation", LogLevel.Information);
    }
}
