
namespace Blackwall.Api.Auditing;

internal static partial class AuditMessages
{
    [LoggerMessage(2700, LogLevel.Error, "The audit log cannot be stored ({Why}); its entries wait in memory")]
    public static partial void CannotWrite(ILogger log, string why);

    [LoggerMessage(2701, LogLevel.Information, "The audit log is stored again")]
    public static partial void WritesAgain(ILogger log);
}
