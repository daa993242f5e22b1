using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Tarpit.Visiting;

/// <summary>How a visitor is found again: by address (of version 6: by network), by a password that he set, by a key that he left.</summary>
internal static class VisitorKey
{
    private const int NetworkBytes = 8;

    public static byte[] OfAddress(IPAddress address) => Hash("address", Network(address));

    public static byte[] OfPassword(string user, string password) => Hash("password", Encoding.UTF8.GetBytes($"{user}\0{password}"));

    /// <param name="key">As it travels.</param>
    public static byte[] OfPublicKey(string user, ReadOnlySpan<byte> key) => Hash("key", [.. Encoding.UTF8.GetBytes(user + "\0"), .. key]);

    /// <summary>A password that was right for whoever guessed it.</summary>
    public static byte[] OfFoundPassword(string service, string user, string password) => Hash("found " + service, Encoding.UTF8.GetBytes($"{user}\0{password}"));

    /// <summary>An address that found a password of a user.</summary>
    public static byte[] OfFinder(string service, IPAddress source, string user) => Hash("finder " + service, [.. Network(source), .. Encoding.UTF8.GetBytes(user)]);

    private static byte[] Network(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        byte[] bytes = plain.GetAddressBytes();
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? bytes[..NetworkBytes] : bytes;
    }

    private static byte[] Hash(string kind, ReadOnlySpan<byte> value) => SHA256.HashData([.. Encoding.UTF8.GetBytes(kind), 0, .. value]);
}
