namespace Blackwall.Guard;

internal static partial class GuardLog
{
    [LoggerMessage(2100, LogLevel.Information, "The guard set changed: {Entries} entries beside the fixed ones")]
    public static partial void Changed(ILogger log, int entries);

    [LoggerMessage(2102, LogLevel.Information, "Guarded, never to be blocked: {Scope}, {Why}")]
    public static partial void Added(ILogger log, string scope, string why);

    [LoggerMessage(2103, LogLevel.Warning, "Who administered this machine before is forgotten: {Damage}")]
    public static partial void Forgotten(ILogger log, string damage);

    [LoggerMessage(2101, LogLevel.Warning, "Part of the guard set cannot be read, what was known stays guarded: {Why}")]
    public static partial void Unreadable(ILogger log, string why);
}
