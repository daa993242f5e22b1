namespace Blackwall.Notifications;

/// <summary>What notifications tell the log; ids 3600..3699.</summary>
internal static partial class NotifyLog
{
    [LoggerMessage(3600, LogLevel.Error, "A notification by {Channel} was given up: {Why}")]
    public static partial void GivenUp(ILogger logger, string channel, string why);
}
