namespace Blackwall.Inspection.Wire;

/// <summary>Undoes the encodings by which attackers evade filters. All methods write lower case, never more than they read, and never throw.</summary>
public static class RequestDecoder
{
    /// <summary>Bytes as characters, in lower case.</summary>
    public static int Lower(ReadOnlySpan<byte> source, Span<char> into)
    {
        int length = Math.Min(source.Length, into.Length);
        for (int i = 0; i < length; i++)
        {
            into[i] = Lower((char)source[i]);
        }

        return length;
    }

    /// <summary>
    /// Undoes one layer of %xx and %u00xx. Source and destination may be the same.
    /// </summary>
    public static int Unescape(ReadOnlySpan<char> source, Span<char> into)
    {
        int written = 0;
        for (int i = 0; i < source.Length && written < into.Length; i++)
        {
            char c = source[i];
            if (c == '%' && TryHex(source, i + 1, 2, out int value))
            {
                (c, i) = ((char)value, i + 2);
            }
            else if (c == '%' && i + 1 < source.Length && source[i + 1] is 'u' or 'U' && TryHex(source, i + 2, 4, out value))
            {
                (c, i) = ((char)value, i + 5);
            }

            into[written++] = Lower(c);
        }

        return written;
    }

    /// <summary>
    /// What a server makes of unescaped text: overlong UTF-8 (RFC 3629 §3 forbids it, decoders of old took it), '\' and '+', comments and
    /// runs of blanks in SQL, doubled slashes and "/./". In place; returns the new length.
    /// </summary>
    public static int Normalize(Span<char> text)
    {
        int written = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '\u00c0' or '\u00c1' && i + 1 < text.Length && IsContinuation(text[i + 1]))
            {
                c = Lower((char)(((c & 0x1f) << 6) | (text[++i] & 0x3f)));
            }
            else if (c == '\u00e0' && i + 2 < text.Length && text[i + 1] is >= '\u0080' and < '\u00a0' && IsContinuation(text[i + 2]) && (text[i + 1] & 0x3f) < 2)
            {
                c = Lower((char)(((text[i + 1] & 0x3f) << 6) | (text[i + 2] & 0x3f)));
                i += 2;
            }
            else if (c == '/' && i + 1 < text.Length && text[i + 1] == '*' && text[(i + 2)..].IndexOf("*/") is var end and >= 0)
            {
                (c, i) = (' ', i + 2 + end + 1);
            }

            c = c switch
            {
                '\\' => '/',
                '+' or '\t' or '\r' or '\n' or '\v' or '\f' or '\u00a0' => ' ',
                _ => c,
            };
            if (c == ' ' && written > 0 && text[written - 1] == ' ')
            {
                continue;
            }

            // "http://" keeps its two slashes.
            if (c == '/' && written > 0 && text[written - 1] == '/' && !(written > 1 && text[written - 2] == ':'))
            {
                continue;
            }

            if (c == '/' && written > 1 && text[written - 1] == '.' && text[written - 2] == '/')
            {
                written--;
                continue;
            }

            text[written++] = c;
        }

        return written;
    }

    private static bool IsContinuation(char c) => c is >= '\u0080' and < '\u00c0';

    private static bool TryHex(ReadOnlySpan<char> text, int at, int count, out int value)
    {
        value = 0;
        if (at + count > text.Length)
        {
            return false;
        }

        foreach (char c in text.Slice(at, count))
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }

            value = (value << 4) | (char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }

        return true;
    }

    private static char Lower(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
}
