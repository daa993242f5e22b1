using System.Buffers.Binary;

namespace Blackwall.Fingerprints.Wire;

/// <summary>The headers of a SYN, read in place: IPv4 (RFC 791) or IPv6 (RFC 8200), and TCP (RFC 9293 §3.1). Numbers in host order.</summary>
public readonly ref struct TcpSyn
{
    private const int TcpHeader = 20;

    private readonly ReadOnlySpan<byte> _ip;
    private readonly ReadOnlySpan<byte> _tcp;

    private TcpSyn(ReadOnlySpan<byte> ip, ReadOnlySpan<byte> tcp, int payloadBytes)
    {
        _ip = ip;
        _tcp = tcp;
        PayloadBytes = payloadBytes;
    }

    public bool IsV6 => _ip[0] >> 4 == 6;

    /// <summary>Time to live, or hop limit, as it arrived.</summary>
    public byte HopLimit => _ip[IsV6 ? 7 : 8];

    /// <summary>IPv4 only, like the two that follow.</summary>
    public bool DontFragment => !IsV6 && (_ip[6] & 0x40) != 0;

    /// <summary>The bit in front of DF, which has no meaning.</summary>
    public bool ReservedIpBit => !IsV6 && (_ip[6] & 0x80) != 0;

    public ushort Identification => IsV6 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(_ip[4..]);

    /// <summary>IPv6 only; RFC 6437.</summary>
    public uint FlowLabel => IsV6 ? BinaryPrimitives.ReadUInt32BigEndian(_ip) & 0xfffff : 0;

    /// <summary>IPv4 options, or IPv6 extension headers.</summary>
    public bool HasIpOptions => IsV6 ? _ip[6] != 6 : (_ip[0] & 15) > 5;

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_tcp[4..]);

    public uint Acknowledgement => BinaryPrimitives.ReadUInt32BigEndian(_tcp[8..]);

    /// <summary>The 12 bits behind the data offset: three reserved ones, AE, CWR, ECE, URG, ACK, PSH, RST, SYN, FIN.</summary>
    public int Flags => BinaryPrimitives.ReadUInt16BigEndian(_tcp[12..]) & 0xfff;

    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(_tcp[14..]);

    public ushort UrgentPointer => BinaryPrimitives.ReadUInt16BigEndian(_tcp[18..]);

    public ReadOnlySpan<byte> Options => _tcp[TcpHeader..];

    public int PayloadBytes { get; }

    /// <summary>False: it is not all there, or no SYN that opens.</summary>
    /// <param name="ip">From the first byte of the IP header; its fixed part is enough.</param>
    /// <param name="tcp">From the first byte of the TCP header, with its options.</param>
    /// <param name="payloadBytes">Bytes behind the TCP header.</param>
    /// <param name="syn">Valid as long as the spans.</param>
    public static bool TryRead(ReadOnlySpan<byte> ip, ReadOnlySpan<byte> tcp, int payloadBytes, out TcpSyn syn)
    {
        const int synAndAck = 0x12;
        const int justSyn = 0x02;
        syn = default;
        int least = ip.IsEmpty ? 0 : (ip[0] >> 4) switch { 4 => 20, 6 => 40, _ => 0 };
        if (least == 0 || ip.Length < least || tcp.Length < TcpHeader || (tcp[13] & synAndAck) != justSyn)
        {
            return false;
        }

        int header = (tcp[12] >> 4) * 4;
        if (header < TcpHeader || header > tcp.Length)
        {
            return false;
        }

        syn = new TcpSyn(ip[..least], tcp[..header], payloadBytes);
        return true;
    }
}
