
namespace Blackwall.Kernel;

/// <summary>What the wall tells the log; ids 2000..2099.</summary>
internal static partial class KernelLog
{
    [LoggerMessage(2000, LogLevel.Information, "The wall stands on {Interface}: {Mode}, {AttachMode} XDP, {Egress} egress, generation {Generation}, {Entries} entries")]
    public static partial void Standing(ILogger logger, string @interface, string mode, string attachMode, string egress, ulong generation, int entries);

    [LoggerMessage(2001, LogLevel.Warning, "Fallback: {Reason}")]
    public static partial void Fallback(ILogger logger, string reason);

    [LoggerMessage(2002, LogLevel.Information, "A standing wall on {Interface} was taken over; no packet passed unguarded")]
    public static partial void Adopted(ILogger logger, string @interface);

    [LoggerMessage(2003, LogLevel.Error, "{Reason}")]
    public static partial void Gone(ILogger logger, string reason);

    [LoggerMessage(2004, LogLevel.Information, "The wall is back on {Interface}")]
    public static partial void Back(ILogger logger, string @interface);

    [LoggerMessage(2005, LogLevel.Information, "The wall was taken down from {Interface}")]
    public static partial void TakenDown(ILogger logger, string @interface);

    [LoggerMessage(2006, LogLevel.Information, "The wall on {Interface} is left standing for the next process")]
    public static partial void HandedOver(ILogger logger, string @interface);

    [LoggerMessage(2008, LogLevel.Warning, "The store was lost; {Count} decisions were taken back from the standing wall")]
    public static partial void Recovered(ILogger logger, int count);

    [LoggerMessage(2007, LogLevel.Error, "A policy change did not reach the kernel; the policy in force goes on, the change is tried again")]
    public static partial void PolicyFailed(ILogger logger, Exception exception);

    [LoggerMessage(2010, LogLevel.Information, "{Note}")]
    public static partial void Pinned(ILogger logger, string note);

    [LoggerMessage(2009, LogLevel.Error, "Packets cannot be tapped: {Why}")]
    public static partial void CannotTap(ILogger logger, string why);
}
