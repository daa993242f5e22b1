namespace Blackwall.Storage;

internal static partial class StorageLog
{
    [LoggerMessage(2800, LogLevel.Information, "Restored {Decisions} decisions from {Path} in {Milliseconds} ms")]
    public static partial void Restored(ILogger log, int decisions, string path, long milliseconds);

    [LoggerMessage(2801, LogLevel.Error, "The database was corrupt and is kept as {Name} ({Why}); {Consequence}")]
    public static partial void PutAside(ILogger log, string name, string why, string consequence);

    [LoggerMessage(2802, LogLevel.Error, "Decisions cannot be stored ({Why}); the appliance goes on deciding and will store them when it can")]
    public static partial void CannotWrite(ILogger log, string why);

    [LoggerMessage(2803, LogLevel.Information, "Decisions are stored again after {Failures} failed attempts")]
    public static partial void WritesAgain(ILogger log, long failures);

    [LoggerMessage(2804, LogLevel.Warning, "Skipped {Rows} stored decisions that make no sense or are too many")]
    public static partial void Skipped(ILogger log, int rows);
}
