using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Events;

/// <summary>
/// Signs what is posted to somebody: X-Blackwall-Timestamp is the time in seconds since 1970, X-Blackwall-Signature "v1=" and the HMAC-SHA256 (RFC 2104),
/// in hexadecimal, of timestamp, a dot and the body.
/// </summary>
internal static class WebhookSignature
{
    public static void Add(HttpRequestMessage request, string secret, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        string stamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(stamp + "."));
        hmac.AppendData(body);
        request.Headers.TryAddWithoutValidation("X-Blackwall-Timestamp", stamp);
        request.Headers.TryAddWithoutValidation("X-Blackwall-Signature", $"v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}");
    }
}
