namespace Blackwall.Bridges.Tarpit;

internal static partial class TarpitLog
{
    [LoggerMessage(3101, LogLevel.Information, "The tarpit serves at {Where}, process {Process}.")]
    public static partial void Serves(ILogger logger, string where, int process);

    [LoggerMessage(3102, LogLevel.Warning, "The tarpit's process ended with {Code}; it is started again in {Seconds} s.")]
    public static partial void Ended(ILogger logger, int code, double seconds);

    [LoggerMessage(3103, LogLevel.Warning, "The tarpit cannot start: {Reason}")]
    public static partial void NotStarted(ILogger logger, string reason);

    [LoggerMessage(3104, LogLevel.Warning, "The tarpit's process sent something that is no message; it is ended.")]
    public static partial void NoMessage(ILogger logger);
}
