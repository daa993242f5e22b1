
namespace Blackwall.Api.Auditing;

/// <summary>Ids 2400..2499.</summary>
internal static partial class AuditMessages
{
    [LoggerMessage(2400, LogLevel.Error, "The audit log cannot be stored ({Why}); its entries wait in memory")]
    public static partial void CannotWrite(ILogger log, string why);

    [LoggerMessage(2401, LogLevel.Information, "The audit log is stored again")]
    public static partial void WritesAgain(ILogger log);
}
