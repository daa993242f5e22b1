using Blackwall.Kernel.Abi;

namespace Blackwall.Changes;

internal static partial class ChangesLog
{
    [LoggerMessage(2600, LogLevel.Information, "Change {Id} of {Actor} is counted against live traffic: {Put} rules made, {Removed} removed")]
    public static partial void Proposed(ILogger log, long id, string actor, int put, int removed);

    [LoggerMessage(2601, LogLevel.Warning, "Change {Id} ({What}) is in force on trial until {Deadline:yyyy-MM-ddTHH:mm:ssZ}; without a confirmation the kernel takes it back")]
    public static partial void OnTrial(ILogger log, long id, string what, DateTimeOffset deadline);

    [LoggerMessage(2602, LogLevel.Information, "Change {Id} ({What}) is {Outcome}")]
    public static partial void Ended(ILogger log, long id, string what, string outcome);

    [LoggerMessage(2603, LogLevel.Error, "Change {Id} could not be taken back at once and is tried again: {Why}")]
    public static partial void NotReverted(ILogger log, long id, string why);

    [LoggerMessage(2605, LogLevel.Information, "Observed for {Time}: {Sentence}; {Decisions} sources are judged now. 'blackwall decisions' lists them, 'blackwall enforce' lets the wall act")]
    public static partial void Observed(ILogger log, TimeSpan time, string sentence, int decisions);

    [LoggerMessage(2606, LogLevel.Warning, "The mode is {Confirmed}, as it was confirmed, and not {Configured}, as network.mode of the configuration says; a change of network.mode overrides what was confirmed")]
    public static partial void ConfirmedModeHolds(ILogger log, EnforcementMode confirmed, EnforcementMode configured);

    [LoggerMessage(2607, LogLevel.Warning, "The mode is {Configured}: network.mode of the configuration was changed since {Confirmed} was confirmed")]
    public static partial void ConfiguredModeHolds(ILogger log, EnforcementMode configured, EnforcementMode confirmed);

    [LoggerMessage(2604, LogLevel.Error, "The state of change {Id} cannot be stored: {Why}")]
    public static partial void NotStored(ILogger log, long id, string why);
}
