using Blackwall.Events;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;

namespace Blackwall.Logging;

/// <summary>Entries of one category, as journal messages with each value as a field.</summary>
internal sealed class JournalLogger(JournalProvider journal, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        LogEntry<TState> entry = new(logLevel, category, eventId, state, exception, formatter);
        JournalMessage message = new JournalMessage()
            .Add("MESSAGE", LogEntryText.Message(in entry))
            .Add("PRIORITY", Priority(logLevel))
            .Add("SYSLOG_IDENTIFIER", "blackwall")
            .Add("BLACKWALL_FEATURE", LogEntryText.Feature(category))
            .Add("BLACKWALL_LOG_ID", eventId.Id.ToString(CultureInfo.InvariantCulture));
        foreach ((string name, object? value) in LogEntryText.Fields(state))
        {
            message.Add(JournalMessage.FieldName(name), OneLine.Clean(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        }

        journal.Send(message);
    }

    // syslog(3).
    private static string Priority(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "7",
        LogLevel.Information => "6",
        LogLevel.Warning => "4",
        LogLevel.Error => "3",
        _ => "2",
    };
}
