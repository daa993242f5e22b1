using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>Texts of the shell are bytes, one a character (Latin-1); here they become the characters that UTF-8 means, and bytes again.</summary>
internal static class Characters
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether bytes and characters are the same.</summary>
    public static bool AreBytes(string text) => text.AsSpan().IndexOfAnyInRange('\x80', '\xFF') < 0;

    /// <summary>The characters; bytes that are no UTF-8 stay as they are.</summary>
    public static string Of(string bytes)
    {
        if (AreBytes(bytes))
        {
            return bytes;
        }

        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            return bytes;
        }
    }

    /// <summary>Whether bytes are UTF-8.</summary>
    public static bool IsValid(string bytes) => AreBytes(bytes) || System.Text.Unicode.Utf8.IsValid(Encoding.Latin1.GetBytes(bytes));

    /// <summary>The bytes of characters.</summary>
    public static string ToBytes(string characters) => characters.AsSpan().IndexOfAnyExceptInRange('\0', '\x7F') < 0 ? characters : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(characters));

    public static int Count(string bytes) => AreBytes(bytes) ? bytes.Length : Of(bytes).EnumerateRunes().Count();

    public static string Upper(string bytes) => AreBytes(bytes) ? bytes.ToUpperInvariant() : ToBytes(Of(bytes).ToUpperInvariant());

    public static string Lower(string bytes) => AreBytes(bytes) ? bytes.ToLowerInvariant() : ToBytes(Of(bytes).ToLowerInvariant());
}
