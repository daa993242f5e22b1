namespace Blackwall.Api.Tls;

/// <summary>What the certificate of the API tells the log; ids 2380..2389 of the API's.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(2380, LogLevel.Information, "The API shows the certificate {Subject}, which ends at {End:yyyy-MM-ddTHH:mm:ssZ}")]
    public static partial void Taken(ILogger logger, string subject, DateTime end);
}
