namespace Blackwall.Changes;

/// <summary>Ids 2400..2499.</summary>
internal static partial class ChangesLog
{
    [LoggerMessage(2400, LogLevel.Information, "Change {Id} of {Actor} is counted against live traffic: {Put} rules made, {Removed} removed")]
    public static partial void Proposed(ILogger log, long id, string actor, int put, int removed);

    [LoggerMessage(2401, LogLevel.Warning, "Change {Id} is in force on trial until {Deadline}; without a confirmation the kernel takes it back")]
    public static partial void OnTrial(ILogger log, long id, DateTimeOffset deadline);

    [LoggerMessage(2402, LogLevel.Information, "Change {Id} ended: {State}. {Outcome}")]
    public static partial void Ended(ILogger log, long id, ChangeState state, string outcome);

    [LoggerMessage(2403, LogLevel.Error, "Change {Id} could not be taken back at once and is tried again: {Why}")]
    public static partial void NotReverted(ILogger log, long id, string why);

    [LoggerMessage(2405, LogLevel.Information, "Observed for {Time}: {Sentence}; {Decisions} sources are judged now. './blackwall ctl decisions' lists them, './blackwall ctl enforce' lets the wall act")]
    public static partial void Observed(ILogger log, TimeSpan time, string sentence, int decisions);

    [LoggerMessage(2404, LogLevel.Error, "The state of change {Id} cannot be stored: {Why}")]
    public static partial void NotStored(ILogger log, long id, string why);
}
