namespace Blackwall.Logging;

/// <summary>Decisions in the log; ids 3400..3499.</summary>
internal static partial class LogLines
{
    [LoggerMessage(3400, LogLevel.Information, "{Change} {Verdict} {Address}{Others} {Until}: {Reason}, {Evidence} (decision {Id}, {Origin}, by {By})")]
    public static partial void Decided(ILogger logger, string change, string verdict, string address, string until, string reason, string evidence, long id, string origin, string by, string others);

    [LoggerMessage(3401, LogLevel.Information, "{Change} {Verdict} {Address}{Others}: {Reason} (decision {Id}, {Origin}, by {By})")]
    public static partial void Ended(ILogger logger, string change, string verdict, string address, string reason, long id, string origin, string by, string others);

    [LoggerMessage(3404, LogLevel.Warning, "{Count} events came faster than they could be written here; 'blackwall decisions' has what is in force")]
    public static partial void Missed(ILogger logger, long count);
}
