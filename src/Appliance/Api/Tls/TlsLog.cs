namespace Blackwall.Api.Tls;

/// <summary>What the certificate of the API tells the log; ids 3500..3599.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(3500, LogLevel.Information, "The API shows the certificate {Subject}, which ends at {End:yyyy-MM-ddTHH:mm:ssZ}")]
    public static partial void Taken(ILogger logger, string subject, DateTime end);
}
