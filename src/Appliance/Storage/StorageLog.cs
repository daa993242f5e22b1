namespace Blackwall.Storage;

/// <summary>Ids 2000..2099.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(2000, LogLevel.Information, "Restored {Decisions} decisions from {Path} in {Milliseconds} ms")]
    public static partial void Restored(ILogger log, int decisions, string path, long milliseconds);

    [LoggerMessage(2001, LogLevel.Error, "The database was corrupt and is kept as {Name} ({Why}); {Consequence}")]
    public static partial void PutAside(ILogger log, string name, string why, string consequence);

    [LoggerMessage(2002, LogLevel.Error, "Decisions cannot be stored ({Why}); the appliance goes on deciding and will store them when it can")]
    public static partial void CannotWrite(ILogger log, string why);

    [LoggerMessage(2003, LogLevel.Information, "Decisions are stored again after {Failures} failed attempts")]
    public static partial void WritesAgain(ILogger log, long failures);

    [LoggerMessage(2004, LogLevel.Warning, "Skipped {Rows} stored decisions that make no sense or are too many")]
    public static partial void Skipped(ILogger log, int rows);
}
