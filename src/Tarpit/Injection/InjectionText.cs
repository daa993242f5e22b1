using System.Buffers;
using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Injection;

/// <summary>The forms under which a text can hide words: look-alikes, invisible characters, digits for letters, backwards, base64, hexadecimal and percent escapes.</summary>
internal static class InjectionText
{
    /// <summary>Characters that are looked at; the rest of a longer text is not.</summary>
    public const int Most = 8 * 1024;

    private static readonly SearchValues<char> s_signs = SearchValues.Create("013457@$");
    private const int ShortestCode = 16;
    private const int MostCodes = 8;
    private const string Accents = "àaáaâaãaäaåaçcèeéeêeëeìiíiîiïiñnòoóoôoõoöoøoùuúuûuüuýyÿyāaăaąaćcčcďdđdēeėeęeěeğgīiįiıiłlńnňnōoőoœořrśsşsšsţtťtūuůuűužzźzżzßs";

    // Letters of other scripts that look like Latin ones.
    private const string Twins = "аaеeоoрpсcхxуyіiѕsјjԁdһhкkмmтtвbнhԛqԝwɡgαaοoνvρpιiτtυuκkеeհhոnсc";

    /// <summary>Lower case, without accents and invisible characters, one space where there is neither letter nor digit.</summary>
    public static string Plain(string text, bool asLatin = false)
    {
        StringBuilder plain = new(Math.Min(text.Length, Most));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (plain.Length >= Most)
            {
                break;
            }

            Append(plain, rune, asLatin);
        }

        return plain.ToString().Trim();
    }

    /// <summary>Whether it holds characters that nobody sees: tags, zero width, turning of direction.</summary>
    public static bool HasHidden(string text) => text.EnumerateRunes().Take(Most).Count(rune => rune.Value is (>= 0xE0020 and <= 0xE007F) or (>= 0x200B and <= 0x200D) or 0x2060 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)) > 3;

    /// <summary>Whether letters of several scripts are mixed within words.</summary>
    public static bool IsMixed(string text) => text.Any(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z') && text.Any(c => c is (>= '\u0370' and <= '\u052f') or (>= '\u0530' and <= '\u058f') or '\u0261');

    /// <summary>Text with the digits and signs that stand for letters as letters; null: there are none.</summary>
    public static string? Unleet(string plain) => plain.AsSpan().IndexOfAny(s_signs) < 0 ? null
        : plain.Replace('0', 'o').Replace('1', 'i').Replace('3', 'e').Replace('4', 'a').Replace('5', 's').Replace('7', 't').Replace('@', 'a').Replace('$', 's');

    public static string Reverse(string text)
    {
        char[] letters = text.ToCharArray();
        Array.Reverse(letters);
        return new string(letters);
    }

    /// <summary>What was written in base64, hexadecimal digits or escapes and reads as text.</summary>
    public static IEnumerable<string> Decode(string text)
    {
        text = text.Length > Most ? text[..Most] : text;
        if (text.Contains('%', StringComparison.Ordinal) && Uri.UnescapeDataString(text) is { } unescaped && !string.Equals(unescaped, text, StringComparison.Ordinal))
        {
            yield return unescaped;
        }

        if (text.Contains("\\x", StringComparison.Ordinal) || text.Contains("\\u", StringComparison.Ordinal))
        {
            yield return Unescape(text);
        }

        int found = 0;
        foreach (string word in text.Split([' ', '\t', '\n', '\r', '"', '\'', '(', ')', '|', ';', '<', '>', ',', '`', '?', '&'], StringSplitOptions.RemoveEmptyEntries).SelectMany(word => word.Contains('=', StringComparison.Ordinal) ? [word, word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]] : new[] { word }))
        {
            if (word.Length >= ShortestCode && found < MostCodes && (FromHexadecimal(word) ?? FromBase64(word)) is { } decoded)
            {
                found++;
                yield return decoded;
            }
        }
    }

    private static void Append(StringBuilder plain, Rune rune, bool asLatin)
    {
        int value = rune.Value;
        value = value switch
        {
            >= 0xFF01 and <= 0xFF5E => value - 0xFEE0,
            >= 0xE0020 and <= 0xE007E => value - 0xE0000,
            >= 0x1D400 and <= 0x1D6A3 => ((value - 0x1D400) % 52) is var at && at < 26 ? 'a' + at : 'a' + at - 26,
            >= 0x24B6 and <= 0x24CF => 'a' + value - 0x24B6,
            >= 0x24D0 and <= 0x24E9 => 'a' + value - 0x24D0,
            _ => value,
        };
        if (value is (>= 0x200B and <= 0x200F) or 0x2060 or 0xFEFF or 0xAD or (>= 0x0300 and <= 0x036F) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or (>= 0xFE00 and <= 0xFE0F))
        {
            return;
        }

        Rune read = Rune.ToLowerInvariant(new Rune(value));
        if (read.IsBmp && Accents.IndexOf((char)read.Value, StringComparison.Ordinal) is var accent && accent >= 0 && (accent & 1) == 0)
        {
            plain.Append(Accents[accent + 1]);
        }
        else if (asLatin && read.IsBmp && Twins.IndexOf((char)read.Value, StringComparison.Ordinal) is var twin && twin >= 0 && (twin & 1) == 0)
        {
            plain.Append(Twins[twin + 1]);
        }
        else if (Rune.IsLetterOrDigit(read) || Rune.GetUnicodeCategory(read) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
        {
            plain.Append(read.ToString());
        }
        else if (plain.Length > 0 && plain[^1] != ' ')
        {
            plain.Append(' ');
        }
    }

    private static string Unescape(string text)
    {
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            int digits = i + 1 < text.Length && text[i] == '\\' ? text[i + 1] switch { 'x' => 2, 'u' => 4, _ => 0 } : 0;
            if (digits > 0 && i + 2 + digits <= text.Length && int.TryParse(text.AsSpan(i + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
            {
                plain.Append((char)code);
                i += 1 + digits;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }

    private static string? FromHexadecimal(string word) =>
        (word.Length & 1) == 0 && word.All(char.IsAsciiHexDigit) ? Readable(Convert.FromHexString(word)) : null;

    private static string? FromBase64(string word)
    {
        string standard = word.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        byte[] decoded = new byte[standard.Length];
        return standard.Length % 4 != 1 && Convert.TryFromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='), decoded, out int length) ? Readable(decoded[..length]) : null;
    }

    private static string? Readable(byte[] bytes) =>
        bytes.Length > 0 && System.Text.Unicode.Utf8.IsValid(bytes) && !bytes.Any(b => b is < 0x20 and not (9 or 10 or 13)) ? Encoding.UTF8.GetString(bytes) : null;
}
