namespace Blackwall.Events;

internal static partial class EventMessages
{
    [LoggerMessage(2900, LogLevel.Warning, "The event reader '{Name}' failed and gets the same events again after a pause: {Why}")]
    public static partial void ReaderFailed(ILogger log, Exception? failure, string name, string why);
}
