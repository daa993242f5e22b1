using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>Texts of the shell are bytes, one a character (Latin-1); here they become the characters that UTF-8 means, and bytes again.</summary>
internal static class Characters
{
    // Low surrogates: 0xDC80 to 0xDCFF.
    private const int Half = 0xDC00;

    /// <summary>Whether bytes and characters are the same.</summary>
    public static bool AreBytes(string text) => text.AsSpan().IndexOfAnyInRange('\x80', '\xFF') < 0;

    /// <summary>The characters; a byte that is no UTF-8 becomes half of a pair, as it stands nowhere else.</summary>
    public static string Of(string bytes)
    {
        if (AreBytes(bytes))
        {
            return bytes;
        }

        byte[] raw = Encoding.Latin1.GetBytes(bytes);
        if (System.Text.Unicode.Utf8.IsValid(raw))
        {
            return Encoding.UTF8.GetString(raw);
        }

        StringBuilder characters = new(raw.Length);
        for (int at = 0; at < raw.Length;)
        {
            bool isValid = Rune.DecodeFromUtf8(raw.AsSpan(at), out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            _ = isValid ? characters.Append(rune.ToString()) : characters.Append((char)(Half + raw[at]));
            at += isValid ? length : 1;
        }

        return characters.ToString();
    }

    /// <summary>Whether bytes are UTF-8.</summary>
    public static bool IsValid(string bytes) => AreBytes(bytes) || System.Text.Unicode.Utf8.IsValid(Encoding.Latin1.GetBytes(bytes));

    /// <summary>The bytes of characters.</summary>
    public static string ToBytes(string characters)
    {
        if (characters.AsSpan().IndexOfAnyExceptInRange('\0', '\x7F') < 0)
        {
            return characters;
        }

        StringBuilder bytes = new(characters.Length);
        for (int at = 0; at < characters.Length; at++)
        {
            char c = characters[at];
            if (char.IsLowSurrogate(c))
            {
                bytes.Append((char)(c & 0xFF));
                continue;
            }

            int length = char.IsHighSurrogate(c) && at + 1 < characters.Length ? 2 : 1;
            bytes.Append(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(characters, at, length)));
            at += length - 1;
        }

        return bytes.ToString();
    }

    /// <summary>The bytes of the first character; empty: there is none.</summary>
    public static string First(string bytes)
    {
        if (bytes.Length == 0 || bytes[0] < '\x80')
        {
            return bytes.Length > 0 ? bytes[..1] : "";
        }

        string characters = Of(bytes);
        return ToBytes(characters[..(char.IsHighSurrogate(characters[0]) && characters.Length > 1 ? 2 : 1)]);
    }

    public static int Count(string bytes) => AreBytes(bytes) ? bytes.Length : Of(bytes).EnumerateRunes().Count();

    public static string Upper(string bytes) => AreBytes(bytes) ? bytes.ToUpperInvariant() : ToBytes(Of(bytes).ToUpperInvariant());

    public static string Lower(string bytes) => AreBytes(bytes) ? bytes.ToLowerInvariant() : ToBytes(Of(bytes).ToLowerInvariant());
}
