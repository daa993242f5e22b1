namespace Blackwall.Service;

internal static partial class ServiceLog
{
    [LoggerMessage(3200, LogLevel.Error, "The thread '{Thread}' does not go round; systemd is not told that the service lives until it does, and restarts it in the end")]
    public static partial void Hangs(ILogger log, string thread);
}
