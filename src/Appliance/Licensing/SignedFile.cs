using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NSec.Cryptography;

namespace Blackwall.Licensing;

/// <summary>
/// A payload and its signature: base64url(JSON) '.' base64url(Ed25519 over a prefix and exactly these bytes of JSON). The prefix says what kind of file
/// it is, so that no signature counts for another kind. Pure.
/// </summary>
internal static class SignedFile
{
    public const string LicensePrefix = "blackwall-license-v1\n";
    public const string RevocationPrefix = "blackwall-revocation-v1\n";

    /// <summary>Most bytes of a file.</summary>
    public const int MaxBytes = 64 * 1024;

    public static string Sign(ReadOnlySpan<byte> payload, string prefix, Key key) =>
        $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(SignatureAlgorithm.Ed25519.Sign(key, Signed(payload, prefix)))}\n";

    /// <summary>The payload; null: <paramref name="wrong"/> says why it does not count.</summary>
    /// <param name="text">The file.</param>
    /// <param name="prefix">Of its kind.</param>
    /// <param name="json">Its payload.</param>
    /// <param name="keyOf">Name of the key in the payload.</param>
    /// <param name="keys">Public keys by name.</param>
    /// <param name="wrong">One sentence.</param>
    public static T? Read<T>(string text, string prefix, JsonTypeInfo<T> json, Func<T, string> keyOf, IReadOnlyDictionary<string, PublicKey> keys, out string? wrong)
        where T : class
    {
        string[] parts = text.Length > MaxBytes ? [] : text.Trim().Split('.');
        if (parts.Length != 2 || !TryDecode(parts[0], out byte[] payload) || !TryDecode(parts[1], out byte[] signature))
        {
            wrong = "It is not of the form PAYLOAD.SIGNATURE in base64url.";
            return null;
        }

        // Which key it is for stands inside; nothing else of it is believed before the signature is.
        T? read;
        try
        {
            read = JsonSerializer.Deserialize(payload, json);
        }
        catch (JsonException)
        {
            wrong = "Its payload is damaged, or of a newer version.";
            return null;
        }

        if (read is null || !keys.TryGetValue(keyOf(read), out PublicKey? key))
        {
            wrong = "It is signed with a key that this version does not know.";
            return null;
        }

        wrong = SignatureAlgorithm.Ed25519.Verify(key, Signed(payload, prefix), signature) ? null : "Its signature does not fit: it was changed after it was signed, or is of another kind.";
        return wrong is null ? read : null;
    }

    private static byte[] Signed(ReadOnlySpan<byte> payload, string prefix) => [.. Encoding.ASCII.GetBytes(prefix), .. payload];

    // One text for one payload: bits that a decoder ignores could be flipped otherwise.
    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal);
    }
}
