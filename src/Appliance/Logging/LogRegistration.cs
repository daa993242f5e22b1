using Microsoft.Extensions.Logging.Console;

namespace Blackwall.Logging;

internal static class LogRegistration
{
    private const int Waiting = 4096;

    /// <summary>Has the host write its log in our format. A reader of standard output that does not read makes entries fall out, never the appliance wait.</summary>
    public static void UseFormat(this ILoggingBuilder logging, LogOptions options)
    {
        logging.ClearProviders();
        logging.AddFilter((_, level) => level >= options.Level);
        JournalProvider? journal = options.Format == LogFormat.Journald ? JournalProvider.TryOpen() : null;
        if (journal is not null)
        {
            logging.AddProvider(journal);
            return;
        }

        if (options.Format == LogFormat.Journald)
        {
            Console.Error.WriteLine($"There is no journal of systemd at {JournalProvider.DefaultPath}; the log goes to standard output.");
        }

        logging.AddConsole(console =>
        {
            console.FormatterName = options.Format == LogFormat.Json ? JsonFormatter.FormatterName : LineFormatter.FormatterName;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            console.MaxQueueLength = Waiting;
        });
        logging.Services.AddSingleton<ConsoleFormatter, LineFormatter>();
        logging.Services.AddSingleton<ConsoleFormatter, JsonFormatter>();
    }
}
