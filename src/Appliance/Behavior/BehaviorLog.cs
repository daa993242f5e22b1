namespace Blackwall.Behavior;

/// <summary>Log catalogue of this feature: ids 2000 to 2099.</summary>
internal static partial class BehaviorLog
{
    [LoggerMessage(2000, LogLevel.Debug, "The board refused to {Verdict} {Scope} for {Reason}: {Refusal}")]
    public static partial void Refused(ILogger logger, Pipeline.Verdict verdict, Pipeline.Prefix scope, string reason, string refusal);

    [LoggerMessage(2001, LogLevel.Error, "A finding of the detection was lost because publishing it failed")]
    public static partial void PublishFailed(ILogger logger, Exception exception);
}
