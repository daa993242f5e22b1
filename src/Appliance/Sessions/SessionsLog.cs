namespace Blackwall.Sessions;

internal static partial class SessionsLog
{
    [LoggerMessage(3001, LogLevel.Warning, "Sessions of the tarpit are not recorded: {Reason}")]
    public static partial void NotWritten(ILogger logger, string reason);
}
