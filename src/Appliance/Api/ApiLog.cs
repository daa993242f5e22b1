
using Blackwall.Pipeline.Model;

namespace Blackwall.Api;

/// <summary>Ids 2300..2399. Keys are never logged.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(2300, LogLevel.Information, "The admin key was created; it is in {Path}")]
    public static partial void KeyCreated(ILogger log, string path);

    [LoggerMessage(2301, LogLevel.Warning, "{Client} sent a wrong key {Failures} times; it has to wait")]
    public static partial void LockedOut(ILogger log, string client, int failures);

    [LoggerMessage(2302, LogLevel.Error, "The request {Method} {Path} failed")]
    public static partial void Failed(ILogger log, Exception failure, string method, string path);

    [LoggerMessage(2303, LogLevel.Information, "{Actor} at {Client}: {Action} {Subject}")]
    public static partial void Changed(ILogger log, string actor, string client, string action, string subject);

    [LoggerMessage(2305, LogLevel.Warning, "Others could read {Path}; it is closed now, and its key should be made anew")]
    public static partial void KeyFileWasOpen(ILogger log, string path);

    [LoggerMessage(2304, LogLevel.Error, "Keys cannot be stored ({Why}); the key in {Path} is good nevertheless")]
    public static partial void KeysNotStored(ILogger log, string why, string path);

    [LoggerMessage(2306, LogLevel.Debug, "{Actor} at {Client}: {Action} (decision {Id})")]
    public static partial void Asked(ILogger logger, string actor, Address client, string action, long id);

    [LoggerMessage(2307, LogLevel.Information, "The API listens on {Addresses}")]
    public static partial void Listens(ILogger log, string addresses);
}
