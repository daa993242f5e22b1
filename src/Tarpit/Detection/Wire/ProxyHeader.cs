using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Blackwall.Tarpit.Detection.Wire;

/// <summary>The header that a proxy puts before a connection (PROXY protocol, versions 1 and 2).</summary>
internal static class ProxyHeader
{
    private const int LongestLine = 107;
    private const int FixedLength = 16;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Bytes of the header; 0: there is none; -1: more are needed.</summary>
    /// <param name="source">Who connected to the proxy; null: the proxy itself did, or it does not say.</param>
    public static int Measure(ReadOnlySpan<byte> bytes, out IPEndPoint? source)
    {
        source = null;
        if (bytes.Length < Signature.Length ? Signature.StartsWith(bytes) : bytes.StartsWith(Signature))
        {
            return Binary(bytes, ref source);
        }

        ReadOnlySpan<byte> word = "PROXY "u8;
        if (bytes.Length < word.Length ? !word.StartsWith(bytes) : !bytes.StartsWith(word))
        {
            return 0;
        }

        int end = bytes.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return bytes.Length <= LongestLine ? -1 : 0;
        }

        string[] parts = Encoding.ASCII.GetString(bytes[..end]).Split(' ');
        if (parts is [_, "TCP4" or "TCP6", var from, _, var port, _] && IPAddress.TryParse(from, out IPAddress? address)
            && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
        {
            source = new IPEndPoint(address, number);
        }
        else if (parts is not [_, "UNKNOWN", ..])
        {
            return 0;
        }

        return end + 2;
    }

    private static int Binary(ReadOnlySpan<byte> bytes, ref IPEndPoint? source)
    {
        if (bytes.Length < FixedLength)
        {
            return -1;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (bytes[12] >> 4 != 2 || length > 1024)
        {
            return 0;
        }

        if (bytes.Length < FixedLength + length)
        {
            return -1;
        }

        ReadOnlySpan<byte> addresses = bytes.Slice(FixedLength, length);
        bool isProxied = (bytes[12] & 0xF) == 1;
        if (isProxied && bytes[13] == 0x11 && length >= 12)
        {
            source = new IPEndPoint(new IPAddress(addresses[..4]), BinaryPrimitives.ReadUInt16BigEndian(addresses[8..]));
        }
        else if (isProxied && bytes[13] == 0x21 && length >= 36)
        {
            source = new IPEndPoint(new IPAddress(addresses[..16]), BinaryPrimitives.ReadUInt16BigEndian(addresses[32..]));
        }

        return FixedLength + length;
    }
}
