using System.Buffers.Text;
using System.Text;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds.Wire;

/// <summary>Reads addresses as feeds write them: with a port, in brackets, mapped, with host bits, as a range. Pure.</summary>
internal static class ScopeText
{
    /// <summary>Characters of an address or prefix, at most.</summary>
    public const int Longest = 64;

    /// <summary>A range is taken apart into prefixes; one that needs more is refused.</summary>
    private const int MostOfRange = 64;

    /// <summary>An address or prefix; a port is left out, and bits behind the prefix are cut off.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Prefix scope)
    {
        scope = default;
        text = text.Trim((byte)' ');
        if (TryReadQuad(text, out uint quad))
        {
            scope = Prefix.Host(Address.FromV4(quad));
            return true;
        }

        if (text.Length is < 2 or > Longest)
        {
            return false;
        }

        text = WithoutPort(text);
        int slash = text.IndexOf((byte)'/');
        if (!TryReadAddress(slash < 0 ? text : text[..slash], out Address address))
        {
            return false;
        }

        if (slash < 0)
        {
            scope = Prefix.Host(address);
            return true;
        }

        ReadOnlySpan<byte> digits = text[(slash + 1)..];
        if (digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        int length = 0;
        foreach (byte digit in digits)
        {
            length = (length * 10) + digit - '0';
        }

        // "::ffff:192.0.2.0/120" is a prefix of IPv4.
        if (address.IsV4 && text[..slash].Contains((byte)':'))
        {
            length -= 96;
        }

        if (length < 0 || length > address.Bits)
        {
            return false;
        }

        scope = Prefix.Around(address, length);
        return true;
    }

    /// <summary>The host of a URL, when it is an address.</summary>
    public static bool TryReadUrl(ReadOnlySpan<byte> url, out Prefix scope)
    {
        scope = default;
        int start = url.IndexOf("://"u8);
        ReadOnlySpan<byte> rest = start < 0 ? url : url[(start + 3)..];
        int end = rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        ReadOnlySpan<byte> authority = end < 0 ? rest : rest[..end];
        authority = authority[(authority.LastIndexOf((byte)'@') + 1)..];
        return TryRead(authority, out scope) && scope.IsHost;
    }

    /// <summary>Adds the prefixes that a range "FIRST-LAST" is made of.</summary>
    public static bool TryAddRange(ReadOnlySpan<byte> text, FeedReading reading, string? note)
    {
        int dash = text.IndexOf((byte)'-');
        return dash > 0 && text.Length <= 2 * Longest
            && TryReadAddress(text[..dash].Trim((byte)' '), out Address first) && TryReadAddress(text[(dash + 1)..].Trim((byte)' '), out Address last)
            && TryAddRange(first, last, reading, note);
    }

    public static bool TryAddRange(Address first, Address last, FeedReading reading, string? note)
    {
        if (first.IsV4 != last.IsV4 || last < first)
        {
            return false;
        }

        List<Prefix> prefixes = [];
        UInt128 next = first.Value;
        while (true)
        {
            // The widest prefix that begins here and ends within the range.
            int length = first.Bits;
            while (length > 0 && Prefix.Around(new Address(next), length - 1) is var wider && wider.Network.Value == next && wider.Last <= last && wider.IsV4 == first.IsV4)
            {
                length--;
            }

            Prefix taken = Prefix.Around(new Address(next), length);
            if (prefixes.Count == MostOfRange)
            {
                return false;
            }

            prefixes.Add(taken);
            if (taken.Last >= last)
            {
                break;
            }

            next = taken.Last.Value + 1;
        }

        foreach (Prefix prefix in prefixes)
        {
            reading.Add(prefix, note);
        }

        return true;
    }

    public static bool TryReadAddress(ReadOnlySpan<byte> text, out Address address)
    {
        if (TryReadQuad(text, out uint quad))
        {
            address = Address.FromV4(quad);
            return true;
        }

        address = default;
        Span<char> letters = stackalloc char[Longest];
        return text.Length is >= 2 and <= Longest && Ascii.ToUtf16(text, letters, out int written) is System.Buffers.OperationStatus.Done && Address.TryParse(letters[..written], out address);
    }

    /// <summary>Writes a scope as <see cref="Prefix.ToString"/> does, without memory of its own where it is of IPv4.</summary>
    /// <param name="scope">Which.</param>
    /// <param name="text">Of <see cref="Longest"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Prefix scope, Span<byte> text)
    {
        if (!scope.IsV4)
        {
            return Encoding.ASCII.GetBytes($"{scope}", text);
        }

        uint quad = scope.Network.V4;
        int length = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            Utf8Formatter.TryFormat((byte)(quad >> shift), text[length..], out int digits);
            length += digits;
            text[length++] = (byte)'.';
        }

        if (scope.IsHost)
        {
            return length - 1;
        }

        text[length - 1] = (byte)'/';
        Utf8Formatter.TryFormat(scope.Length, text[length..], out int written);
        return length + written;
    }

    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> text)
    {
        if (text[0] is (byte)'[')
        {
            int close = text.IndexOf((byte)']');
            return close > 0 && (close + 1 == text.Length || IsPort(text[(close + 1)..])) ? text[1..close] : text;
        }

        int colon = text.IndexOf((byte)':');
        return colon > 0 && text.IndexOf((byte)'.') is >= 0 and var dot && dot < colon && IsPort(text[colon..]) ? text[..colon] : text;
    }

    private static bool IsPort(ReadOnlySpan<byte> text) => text.Length is >= 2 and <= 6 && text[0] is (byte)':' && !text[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    // What nearly every line of nearly every feed is.
    private static bool TryReadQuad(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        if (text.Length is < 7 or > 15)
        {
            return false;
        }

        int octet = -1;
        int dots = 0;
        foreach (byte letter in text)
        {
            if (letter is >= (byte)'0' and <= (byte)'9')
            {
                // A leading zero may mean octal.
                if (octet == 0)
                {
                    return false;
                }

                octet = octet < 0 ? letter - '0' : (octet * 10) + letter - '0';
                if (octet > 255)
                {
                    return false;
                }
            }
            else if (letter is (byte)'.' && octet >= 0 && dots < 3)
            {
                value = (value << 8) | (uint)octet;
                (octet, dots) = (-1, dots + 1);
            }
            else
            {
                return false;
            }
        }

        value = (value << 8) | (uint)Math.Max(octet, 0);
        return dots == 3 && octet >= 0;
    }
}
