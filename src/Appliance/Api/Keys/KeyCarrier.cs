using System.Buffers.Text;
using System.Text;

namespace Blackwall.Api.Keys;

/// <summary>Endpoint metadata: where else than in "Authorization: Bearer" a request may carry its key, because the protocol that it speaks says so.</summary>
/// <param name="Status">Status of a refusal: 401, or 403 where the protocol has no challenge.</param>
/// <param name="Challenge">WWW-Authenticate of a refusal with 401.</param>
/// <param name="Read">The key; null: there is none.</param>
/// <param name="How">How the key is sent, for who sent none.</param>
internal sealed record KeyCarrier(int Status, string Challenge, Func<HttpRequest, string?> Read, string How)
{
    private const string Scheme = "Basic ";
    private const int MaxHeader = 2048;

    /// <summary>HTTP Basic (RFC 7617): the key is the password, or the name where the password is empty.</summary>
    public static KeyCarrier Basic { get; } = new(StatusCodes.Status401Unauthorized, "Basic realm=\"Blackwall\", charset=\"UTF-8\"", ReadBasic, "as the password of Basic, or as 'Authorization: Bearer KEY'");

    /// <summary>A header of its own: X-Api-Key.</summary>
    public static KeyCarrier Header { get; } = new(StatusCodes.Status403Forbidden, "Bearer", request => request.Headers["X-Api-Key"].ToString() is { Length: > 0 and < MaxHeader } key ? key : null, "as 'X-Api-Key: KEY'");

    private static string? ReadBasic(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        if (header.Length > MaxHeader || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxHeader];
        ReadOnlySpan<char> text = header.AsSpan(Scheme.Length).Trim();
        if (!Base64.IsValid(text) || !Convert.TryFromBase64Chars(text, bytes, out int length))
        {
            return null;
        }

        string credentials = Encoding.UTF8.GetString(bytes[..length]);
        int colon = credentials.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : colon == credentials.Length - 1 ? credentials[..colon] : credentials[(colon + 1)..];
    }
}
