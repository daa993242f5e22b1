using Blackwall.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace Blackwall.Logging;

/// <summary>What every format shows of an entry.</summary>
internal static class LogEntryText
{
    /// <summary>"warning".</summary>
    public static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    /// <summary>The feature that speaks: "kernel" for Blackwall.Kernel.KernelService. What is not ours keeps its whole name.</summary>
    public static string Feature(string category)
    {
        string[] parts = category.Split('.');
        return parts is ["Blackwall", var feature, ..] ? feature.ToLowerInvariant() : category;
    }

    /// <summary>The message on one line, with the exception behind it.</summary>
    public static string Message<TState>(in LogEntry<TState> entry)
    {
        string message = entry.Formatter(entry.State, entry.Exception);
        return OneLine.Clean(entry.Exception is null ? message : $"{message}: {entry.Exception}");
    }

    /// <summary>The values of the message by name.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Fields<TState>(TState state) =>
        state is IReadOnlyList<KeyValuePair<string, object?>> values ? values.Where(value => value.Key is not "{OriginalFormat}") : [];
}
