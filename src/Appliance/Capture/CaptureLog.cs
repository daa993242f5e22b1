namespace Blackwall.Capture;

internal static partial class CaptureLog
{
    [LoggerMessage(2500, LogLevel.Information, "Captures {Scope} as capture {Id}, asked for by {Actor}")]
    public static partial void Started(ILogger log, string scope, long id, string actor);

    [LoggerMessage(2501, LogLevel.Information, "Capture {Id} of {Scope} ended with {Packets} packets: {Outcome}")]
    public static partial void Ended(ILogger log, long id, string scope, long packets, string outcome);

    [LoggerMessage(2502, LogLevel.Error, "Captures cannot be written ({Why}); the appliance goes on without them")]
    public static partial void CannotWrite(ILogger log, string why);

    [LoggerMessage(2503, LogLevel.Information, "Captures are written again")]
    public static partial void WritesAgain(ILogger log);
}
