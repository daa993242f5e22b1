using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tarpit.Banners.Wire;

/// <summary>The first packet of a remote desktop client (MS-RDPBCGR 2.2.1.1) and the answer to it.</summary>
/// <param name="Cookie">The user's name, "mstshash"; null: it says none.</param>
/// <param name="Protocols">What it can do: 1 TLS, 2 CredSSP, 8 RDSTLS; null: it is from before negotiation.</param>
internal sealed record RdpRequest(string? Cookie, uint? Protocols)
{
    private const int HeadLength = 11;
    private const int Largest = 1024;
    private const int NegotiationLength = 8;

    /// <summary>Bytes of the packet that begins here; 0: more are needed; -1: it is none.</summary>
    public static int Measure(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
        {
            return bytes.IsEmpty || bytes[0] == 3 ? 0 : -1;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return bytes[0] != 3 || length is < HeadLength or > Largest ? -1 : bytes.Length < length ? 0 : length;
    }

    /// <summary>Null: it is no connection request.</summary>
    public static RdpRequest? TryRead(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < HeadLength || packet[5] != 0xE0)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = packet[HeadLength..];
        string? cookie = null;
        int end = rest.IndexOf("\r\n"u8);
        if (end >= 0)
        {
            string line = Encoding.UTF8.GetString(rest[..end]);
            const string mark = "mstshash=";
            int at = line.IndexOf(mark, StringComparison.Ordinal);
            cookie = at < 0 ? line : line[(at + mark.Length)..];
            rest = rest[(end + 2)..];
        }

        return new RdpRequest(cookie, rest.Length >= NegotiationLength && rest[0] == 1 ? BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]) : null);
    }

    /// <summary>Connection confirm of xrdp: TLS where the client can, else its own security.</summary>
    public byte[] Answer() => Protocols is { } protocols
        ? [3, 0, 0, 19, 14, 0xD0, 0, 0, 0, 0, 0, 2, 0, 8, 0, (byte)(protocols & 1), 0, 0, 0]
        : [3, 0, 0, 11, 6, 0xD0, 0, 0, 0, 0, 0];
}
