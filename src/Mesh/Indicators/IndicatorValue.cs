using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Blackwall.Mesh.Indicators;

/// <summary>What an indicator names, in its one canonical form: two that mean the same are equal.</summary>
public readonly record struct IndicatorValue
{
    /// <summary>Characters of the longest value.</summary>
    public const int MaxLength = 1024;

    private const int Widest4 = 24;
    private const int Widest6 = 48;

    private IndicatorValue(IndicatorKind kind, string text) => (Kind, Text) = (kind, text);

    public IndicatorKind Kind { get; }

    /// <summary>ASCII: "1.2.3.4", "2001:db8::/48", a JA4, lower case hexadecimal, a name.</summary>
    public string Text { get; }

    /// <summary>Reads a value of a kind and makes it canonical: mapped addresses are IPv4, names and hexadecimal are lower case, host bits are refused.</summary>
    public static bool TryParse(IndicatorKind kind, string text, out IndicatorValue value)
    {
        value = default;
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        switch (kind)
        {
            case IndicatorKind.Ipv4 or IndicatorKind.Ipv6:
                return TryAddress(text, out value) && value.Kind == kind;
            case IndicatorKind.Prefix4 or IndicatorKind.Prefix6:
                return text.Contains('/', StringComparison.Ordinal) && TryParseScope(text, out value) && value.Kind == kind;
            case IndicatorKind.Ja4:
                return IsJa4(text) && Is(kind, text, out value);
            case IndicatorKind.Hassh:
                return IsHex(text, 32) && Is(kind, text.ToLowerInvariant(), out value);
            case IndicatorKind.Sha256:
                return IsHex(text, 64) && Is(kind, text.ToLowerInvariant(), out value);
            case IndicatorKind.Domain:
                return TryDomain(text, out string? domain) && Is(kind, domain, out value);
            case IndicatorKind.Url:
                return TryUrl(text, out string? url) && Is(kind, url, out value);
            default:
                return false;
        }
    }

    /// <summary>An address or a prefix in text form.</summary>
    public static bool TryParseScope(string text, out IndicatorValue value)
    {
        value = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? TryParse(IndicatorKind.Ipv4, text, out value) || TryParse(IndicatorKind.Ipv6, text, out value)
            : IPAddress.TryParse(text.AsSpan(0, slash), out IPAddress? address)
                && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
                && TryFrom(address, bits, out value);
    }

    /// <summary>The value of an address.</summary>
    public static IndicatorValue From(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily is AddressFamily.InterNetwork ? new IndicatorValue(IndicatorKind.Ipv4, address.ToString()) : new IndicatorValue(IndicatorKind.Ipv6, address.ToString());
    }

    /// <summary>The value of a prefix; one of full length is an address. False: wider than /24 or /48, or bits beyond it are set.</summary>
    public static bool TryFrom(IPAddress network, int bits, out IndicatorValue value)
    {
        value = default;
        if (network.IsIPv4MappedToIPv6)
        {
            network = network.MapToIPv4();
            bits -= 96;
        }

        bool isV4 = network.AddressFamily is AddressFamily.InterNetwork;
        int full = isV4 ? 32 : 128;
        if (bits == full)
        {
            value = From(network);
            return true;
        }

        if (bits < (isV4 ? Widest4 : Widest6) || bits > full || !HasHostBitsClear(network, bits))
        {
            return false;
        }

        value = new IndicatorValue(isV4 ? IndicatorKind.Prefix4 : IndicatorKind.Prefix6, string.Create(CultureInfo.InvariantCulture, $"{network}/{bits}"));
        return true;
    }

    /// <summary>The addresses that it names; false: it names none.</summary>
    public bool TryGetNetwork([NotNullWhen(true)] out IPAddress? network, out int bits)
    {
        network = null;
        bits = 0;
        if (Kind is IndicatorKind.Ipv4 or IndicatorKind.Ipv6)
        {
            network = IPAddress.Parse(Text);
            bits = Kind is IndicatorKind.Ipv4 ? 32 : 128;
            return true;
        }

        if (Kind is not (IndicatorKind.Prefix4 or IndicatorKind.Prefix6))
        {
            return false;
        }

        int slash = Text.IndexOf('/', StringComparison.Ordinal);
        network = IPAddress.Parse(Text.AsSpan(0, slash));
        bits = int.Parse(Text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>The pattern of STIX 2.1 that matches it.</summary>
    public string ToStixPattern() => Kind switch
    {
        IndicatorKind.Ipv4 or IndicatorKind.Prefix4 => $"[ipv4-addr:value = '{Text}']",
        IndicatorKind.Ipv6 or IndicatorKind.Prefix6 => $"[ipv6-addr:value = '{Text}']",
        IndicatorKind.Domain => $"[domain-name:value = '{Text}']",
        IndicatorKind.Url => $"[url:value = '{Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']",
        IndicatorKind.Sha256 => $"[file:hashes.'SHA-256' = '{Text}']",
        IndicatorKind.Hassh => $"[x-blackwall-fingerprint:hassh = '{Text}']",
        _ => $"[x-blackwall-fingerprint:ja4 = '{Text}']",
    };

    public override string ToString() => Text;

    private static bool Is(IndicatorKind kind, string text, out IndicatorValue value)
    {
        value = new IndicatorValue(kind, text);
        return true;
    }

    // "1.2" and "010.0.0.1" mean different addresses to different readers: an IPv4 address has its one form.
    private static bool TryAddress(string text, out IndicatorValue value)
    {
        value = default;
        if (text.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(text, out IPAddress? address))
        {
            return false;
        }

        value = From(address);
        return text.Contains(':', StringComparison.Ordinal) || string.Equals(value.Text, text, StringComparison.Ordinal);
    }

    private static bool HasHostBitsClear(IPAddress network, int bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        network.TryWriteBytes(bytes, out int length);
        for (int bit = bits; bit < length * 8; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigit);

    // "t13d1516h2_8daaf6152771_e5627efa2ab1": ten characters, and two times twelve of hexadecimal.
    private static bool IsJa4(string text) =>
        text.Length == 36 && text[0] is 't' or 'q' or 'd' && text[10] == '_' && text[23] == '_'
        && text.AsSpan(1, 9).IndexOfAnyExcept(AlphaNumeric) < 0
        && text.AsSpan(11, 12).IndexOfAnyExcept(LowerHex) < 0
        && text.AsSpan(24, 12).IndexOfAnyExcept(LowerHex) < 0;

    private static readonly System.Buffers.SearchValues<char> AlphaNumeric = System.Buffers.SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");
    private static readonly System.Buffers.SearchValues<char> LowerHex = System.Buffers.SearchValues.Create("0123456789abcdef");

    private static bool TryDomain(string text, [NotNullWhen(true)] out string? domain)
    {
        domain = null;
        try
        {
            string ascii = new IdnMapping { UseStd3AsciiRules = false, AllowUnassigned = false }.GetAscii(text.TrimEnd('.')).ToLowerInvariant();
            string[] labels = ascii.Split('.');
            bool valid = ascii.Length is > 3 and <= 253 && labels.Length > 1 && !labels[^1].All(char.IsAsciiDigit)
                && Array.TrueForAll(labels, label => label.Length is > 0 and <= 63 && label.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_'));
            domain = valid ? ascii : null;
            return valid;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool TryUrl(string text, [NotNullWhen(true)] out string? url)
    {
        url = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? parsed) || parsed.Scheme is not ("http" or "https") || parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0)
        {
            return false;
        }

        string canonical = parsed.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped);
        url = canonical.Length <= MaxLength && canonical.All(char.IsAscii) ? canonical : null;
        return url is not null;
    }
}
