using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Blackwall.Cli.Words;

/// <summary>Addresses and prefixes as text: "203.0.113.7" and "203.0.113.7/32" are one scope, and so are two ways to write one IPv6 address.</summary>
internal static class ScopeText
{
    public static bool Same(string left, string right) => TryParse(left, out IPAddress? one, out int length) && TryParse(right, out IPAddress? other, out int same) && length == same && one.Equals(other);

    /// <summary>Whether it is an address, or an address and the length of a prefix.</summary>
    public static bool IsScope(string text) => TryParse(text, out _, out _);

    private static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address, out int length)
    {
        string[] parts = text.Split('/');
        length = 0;
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out address))
        {
            address = null;
            return false;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        length = bits;
        return parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= bits);
    }
}
