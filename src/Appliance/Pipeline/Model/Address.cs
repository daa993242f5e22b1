using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Blackwall.Pipeline.Model;

/// <summary>
/// An IPv4 or IPv6 address. One form inside: 128 bits, first octet most significant (network order read as a number);
/// IPv4 is <c>::ffff:a.b.c.d</c> (RFC 4291 §2.5.5.2), so that the mapped form of an address is that address.
/// </summary>
public readonly record struct Address(UInt128 Value) : IComparable<Address>, ISpanFormattable
{
    private const ulong MappedHigh = 0xffff;

    /// <summary>All zero: no address.</summary>
    public static Address None => default;

    public bool IsV4 => (Value >> 32) == MappedHigh;

    /// <summary>Bits of the family: 32 or 128.</summary>
    public int Bits => IsV4 ? 32 : 128;

    /// <summary>The IPv4 address as a number, first octet most significant. Meaningless for IPv6.</summary>
    public uint V4 => (uint)Value;

    public static Address FromV4(uint value) => new(((UInt128)MappedHigh << 32) | value);

    /// <summary>Reads 4 or 16 bytes in network order; any other length is a bug of the caller.</summary>
    public static Address FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new(BinaryPrimitives.ReadUInt128BigEndian(bytes)),
        _ => throw new ArgumentException("An address has 4 or 16 bytes.", nameof(bytes)),
    };

    public static Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        return FromBytes(bytes[..written]);
    }

    /// <summary>Writes 16 bytes in network order.</summary>
    public void WriteBytes(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <summary>Writes the address in its family's own size, network order; returns 4 or 16.</summary>
    public int WriteFamilyBytes(Span<byte> destination)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, V4);
            return 4;
        }

        WriteBytes(destination);
        return 16;
    }

    /// <summary>
    /// Dotted quad or RFC 4291 text; no zone, no port, no brackets, no leading zeros, no shortened quads ("1.2" is refused).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        if (text.Length is < 2 or > 45 || text.ContainsAny('%', '/', '[') || !IPAddress.TryParse(text, out IPAddress? parsed))
        {
            return false;
        }

        // The dotted end of an IPv6 address (RFC 4291 §2.2, form 3) is a quad as well: a leading zero may mean octal to who reads it next.
        ReadOnlySpan<char> dotted = text[(text.LastIndexOf(':') + 1)..];
        if ((parsed.AddressFamily == AddressFamily.InterNetwork || dotted.Contains('.')) && !IsDottedQuad(dotted))
        {
            return false;
        }

        address = From(parsed);
        return true;
    }

    public static Address Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Address address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteFamilyBytes(bytes)]);
    }

    public int CompareTo(Address other) => Value.CompareTo(other.Value);

    public override string ToString() => ToIPAddress().ToString();

    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        ToIPAddress().TryFormat(destination, out charsWritten);

    public static bool operator <(Address left, Address right) => left.Value < right.Value;

    public static bool operator >(Address left, Address right) => left.Value > right.Value;

    public static bool operator <=(Address left, Address right) => left.Value <= right.Value;

    public static bool operator >=(Address left, Address right) => left.Value >= right.Value;

    // IPAddress.TryParse reads "10.1" and "010.0.0.1" the way inet_aton does; a rule must say what it means.
    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        int parts = 0;
        foreach (Range part in text.Split('.'))
        {
            ReadOnlySpan<char> octet = text[part];
            if (octet.Length is 0 or > 3 || octet.ContainsAnyExceptInRange('0', '9') || (octet.Length > 1 && octet[0] == '0'))
            {
                return false;
            }

            parts++;
        }

        return parts == 4;
    }
}
