using System.Globalization;

namespace Blackwall.Pipeline.Model;

/// <summary>A CIDR block (RFC 4632, RFC 4291 §2.3). <paramref name="Length"/> counts bits of the family: 0..32 or 0..128; bits after it are zero.</summary>
public readonly record struct Prefix(Address Network, byte Length) : IComparable<Prefix>
{
    public bool IsV4 => Network.IsV4;

    /// <summary>One address: /32 or /128.</summary>
    public bool IsHost => Length == Network.Bits;

    public static Prefix Host(Address address) => new(address, (byte)address.Bits);

    /// <summary>The block of this length around an address; host bits are cleared.</summary>
    public static Prefix Around(Address address, int length) => new(new Address(address.Value & Mask(address, length)), (byte)length);

    public bool Contains(Address address) => address.IsV4 == IsV4 && (address.Value & Mask(Network, Length)) == Network.Value;

    public bool Contains(Prefix other) => other.Length >= Length && Contains(other.Network);

    public bool Overlaps(Prefix other) => Contains(other) || other.Contains(this);

    /// <summary>The last address of the block.</summary>
    public Address Last => new(Network.Value | ~Mask(Network, Length));

    /// <summary>"a.b.c.d", "a.b.c.d/n", "v6" or "v6/n". Host bits that are set are an error: <paramref name="error"/> says what was probably meant.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Prefix prefix, out string? error)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> addressText = slash < 0 ? text : text[..slash];
        if (!Address.TryParse(addressText, out Address address))
        {
            error = $"'{Shorten(text)}' is not an IP address or prefix.";
            return false;
        }

        int length = address.Bits;
        if (slash >= 0)
        {
            ReadOnlySpan<char> lengthText = text[(slash + 1)..];
            if (lengthText.Length is 0 or > 3 || lengthText.ContainsAnyExceptInRange('0', '9') || (lengthText.Length > 1 && lengthText[0] == '0')
                || !int.TryParse(lengthText, NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > WrittenBits(addressText, address))
            {
                error = $"'{Shorten(text)}': the prefix length is not within 0..{WrittenBits(addressText, address)}.";
                return false;
            }

            // "::ffff:10.0.0.0/104" is 10.0.0.0/8; shorter than /96 it would be more than the IPv4 space.
            if (address.IsV4 && WrittenBits(addressText, address) == 128)
            {
                length -= 96;
                if (length < 0)
                {
                    error = $"'{Shorten(text)}': a v4-mapped prefix is at least /96.";
                    return false;
                }
            }
        }

        prefix = Around(address, length);
        if (prefix.Network != address)
        {
            error = $"'{Shorten(text)}' has host bits set; write {prefix} for the block or {address} for the one address.";
            prefix = default;
            return false;
        }

        error = null;
        return true;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out Prefix prefix) => TryParse(text, out prefix, out _);

    public static Prefix Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Prefix prefix, out string? error) ? prefix : throw new FormatException(error);

    public int CompareTo(Prefix other)
    {
        int byNetwork = Network.CompareTo(other.Network);
        return byNetwork != 0 ? byNetwork : Length.CompareTo(other.Length);
    }

    /// <summary>Hosts print without a length.</summary>
    public override string ToString() => IsHost ? Network.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Network}/{Length}");

    public static bool operator <(Prefix left, Prefix right) => left.CompareTo(right) < 0;

    public static bool operator >(Prefix left, Prefix right) => left.CompareTo(right) > 0;

    public static bool operator <=(Prefix left, Prefix right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Prefix left, Prefix right) => left.CompareTo(right) >= 0;

    private static UInt128 Mask(Address family, int length)
    {
        int bits = length + 128 - family.Bits;
        return bits == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - bits);
    }

    private static int WrittenBits(ReadOnlySpan<char> text, Address address) => address.IsV4 && !text.Contains(':') ? 32 : 128;

    private static string Shorten(ReadOnlySpan<char> text) => text.Length <= 64 ? text.ToString() : string.Concat(text[..61], "...");
}
