using System.Buffers.Binary;
using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;

namespace Blackwall.Tests.Fingerprints;

/// <summary>A SYN as a stack would send it, to be changed field by field.</summary>
internal sealed record SynBytes
{
    public bool V6 { get; init; }

    public byte HopLimit { get; init; } = 64;

    public ushort Id { get; init; } = 77;

    /// <summary>Reserved bit, DF, MF and offset.</summary>
    public ushort Fragment { get; init; } = 0x4000;

    public uint FlowLabel { get; init; }

    public uint Sequence { get; init; } = 1000;

    public uint Acknowledgement { get; init; }

    public ushort Flags { get; init; } = 2;

    public ushort Window { get; init; } = 64_240;

    public ushort Urgent { get; init; }

    public byte IpOptionWords { get; init; }

    public int Payload { get; init; }

    /// <summary>MSS 1460, SACK permitted, timestamps, one no-operation, a window scale of 7.</summary>
    public byte[] Options { get; init; } = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7];

    public byte[] Ip()
    {
        byte[] ip = new byte[V6 ? 40 : 20];
        if (V6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(ip, 0x60000000 | FlowLabel);
            (ip[6], ip[7]) = (IpOptionWords > 0 ? (byte)60 : (byte)6, HopLimit);
            return ip;
        }

        ip[0] = (byte)(0x45 + IpOptionWords);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(4), Id);
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(6), Fragment);
        (ip[8], ip[9]) = (HopLimit, 6);
        return ip;
    }

    public byte[] Tcp()
    {
        byte[] tcp = new byte[20 + Options.Length];
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(8), Acknowledgement);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(12), (ushort)(tcp.Length / 4 << 12 | Flags));
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(14), Window);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(18), Urgent);
        Options.CopyTo(tcp, 20);
        return tcp;
    }

    /// <summary>What the kernel samples: both headers at their places.</summary>
    public byte[] Sample() => [.. Ip(), .. new byte[40 - Ip().Length], .. Tcp()];

    /// <summary>Null: it is no SYN that opens.</summary>
    public string? Print() => TcpSyn.TryRead(Ip(), Tcp(), Payload, out TcpSyn syn) ? SynPrint.Compute(in syn) : null;

    public int Distance() => TcpSyn.TryRead(Ip(), Tcp(), Payload, out TcpSyn syn) ? SynPrint.Distance(in syn) : -1;
}
