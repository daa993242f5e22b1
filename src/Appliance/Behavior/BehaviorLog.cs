using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior;

/// <summary>Log catalogue of this feature: ids 2400 to 2499.</summary>
internal static partial class BehaviorLog
{
    [LoggerMessage(2400, LogLevel.Debug, "The board refused to {Verdict} {Scope} for {Reason}: {Refusal}")]
    public static partial void Refused(ILogger logger, Verdict verdict, Prefix scope, string reason, string refusal);

    [LoggerMessage(2401, LogLevel.Error, "A finding of the detection was lost because publishing it failed")]
    public static partial void PublishFailed(ILogger logger, Exception exception);

    [LoggerMessage(2402, LogLevel.Warning, "The state of detection cannot be stored in {File}: {Why}")]
    public static partial void NotKept(ILogger logger, string file, string why);

    [LoggerMessage(2403, LogLevel.Warning, "The stored state of detection is not used: {Why}")]
    public static partial void Damaged(ILogger logger, string why);
}
