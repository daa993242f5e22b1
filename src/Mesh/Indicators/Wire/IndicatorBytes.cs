using System.Net;
using System.Text;

namespace Blackwall.Mesh.Indicators.Wire;

/// <summary>The bytes of a value: addresses and hashes raw, in network order, a prefix after its length; all else is ASCII.</summary>
internal static class IndicatorBytes
{
    public static byte[] Write(IndicatorValue value) => value.Kind switch
    {
        IndicatorKind.Ipv4 or IndicatorKind.Ipv6 => IPAddress.Parse(value.Text).GetAddressBytes(),
        IndicatorKind.Prefix4 or IndicatorKind.Prefix6 => value.TryGetNetwork(out IPAddress? network, out int bits) ? [(byte)bits, .. network.GetAddressBytes()] : [],
        IndicatorKind.Hassh or IndicatorKind.Sha256 => Convert.FromHexString(value.Text),
        _ => Encoding.ASCII.GetBytes(value.Text),
    };

    /// <summary>False: not the one form that <see cref="Write"/> gives.</summary>
    public static bool TryRead(IndicatorKind kind, ReadOnlySpan<byte> bytes, out IndicatorValue value)
    {
        value = default;
        switch (kind)
        {
            case IndicatorKind.Ipv4 or IndicatorKind.Ipv6:
                if (bytes.Length != (kind is IndicatorKind.Ipv4 ? 4 : 16))
                {
                    return false;
                }

                value = IndicatorValue.From(new IPAddress(bytes));
                return value.Kind == kind;
            case IndicatorKind.Prefix4 or IndicatorKind.Prefix6:
                return bytes.Length == (kind is IndicatorKind.Prefix4 ? 5 : 17) && IndicatorValue.TryFrom(new IPAddress(bytes[1..]), bytes[0], out value) && value.Kind == kind;
            case IndicatorKind.Hassh or IndicatorKind.Sha256:
                return IndicatorValue.TryParse(kind, Convert.ToHexStringLower(bytes), out value);
            default:
                // Whoever sends another form than the canonical one could have one indicator count as two.
                return Ascii.IsValid(bytes) && Encoding.ASCII.GetString(bytes) is var text && IndicatorValue.TryParse(kind, text, out value) && string.Equals(value.Text, text, StringComparison.Ordinal);
        }
    }
}
