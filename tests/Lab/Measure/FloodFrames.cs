using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;

namespace Blackwall.Lab.Measure;

/// <summary>
/// Frames of a flood over IPv6 (which hping3 does not speak), as a capture for tcpreplay: one packet of the kind from each port of one source, or
/// from each of ever new invented sources.
/// </summary>
/// <param name="Protocol">6: SYNs to port 80; 17: datagrams to port 9; 58: pings.</param>
/// <param name="Source">Null: invented ones, below 2600::/8.</param>
public sealed record FloodFrames(byte Protocol, IPAddress? Source, IPAddress Target)
{
    private const int Ethernet = 14;
    private const int Header = 40;
    private const int Payload = 24;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    /// <summary>Writes so many of them, all at one time.</summary>
    public async Task WriteAsync(string file, PhysicalAddress router, int count, CancellationToken cancellation)
    {
        Random random = new(5);
        await using var to = File.Create(file);
        await to.WriteAsync(PcapFile.Header(), cancellation);
        var frame = new byte[Ethernet + Header + Payload];
        for (var i = 0; i < count; i++)
        {
            Fill(frame, router, random, (ushort)(1024 + (i % 60_000)));
            await to.WriteAsync(PcapFile.Record(DateTimeOffset.UnixEpoch, frame.Length), cancellation);
            await to.WriteAsync(frame, cancellation);
        }
    }

    private void Fill(Span<byte> frame, PhysicalAddress router, Random random, ushort port)
    {
        frame.Clear();
        router.GetAddressBytes().CopyTo(frame);
        frame[6] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], 0x86dd);
        var packet = frame[Ethernet..];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], Payload);
        packet[6] = Protocol;
        packet[7] = 64;
        if (Source is null)
        {
            random.NextBytes(packet[8..24]);
            packet[8] = 0x26;
        }
        else
        {
            Source.GetAddressBytes().CopyTo(packet[8..]);
        }

        Target.GetAddressBytes().CopyTo(packet[24..]);
        var checksum = Transport(packet[Header..], port, random);
        BinaryPrimitives.WriteUInt16BigEndian(packet[(Header + checksum)..], Checksum(packet));
    }

    /// <returns>Where in it its checksum belongs.</returns>
    private int Transport(Span<byte> transport, ushort port, Random random)
    {
        switch (Protocol)
        {
            case Tcp:
                BinaryPrimitives.WriteUInt16BigEndian(transport, port);
                BinaryPrimitives.WriteUInt16BigEndian(transport[2..], 80);
                BinaryPrimitives.WriteInt32BigEndian(transport[4..], random.Next());
                transport[12] = Payload / 4 << 4;
                transport[13] = 2;
                BinaryPrimitives.WriteUInt16BigEndian(transport[14..], 64_240);

                // Maximum segment size, 1440.
                BinaryPrimitives.WriteUInt32BigEndian(transport[20..], 0x02_04_05_a0);
                return 16;
            case Udp:
                BinaryPrimitives.WriteUInt16BigEndian(transport, port);
                BinaryPrimitives.WriteUInt16BigEndian(transport[2..], 9);
                BinaryPrimitives.WriteUInt16BigEndian(transport[4..], Payload);
                return 6;
            default:
                transport[0] = 128;
                BinaryPrimitives.WriteUInt16BigEndian(transport[4..], port);
                return 2;
        }
    }

    // RFC 8200 §8.1: over addresses, length, next header and the message. The length of 24 bytes and the protocol are added as they are.
    private static ushort Checksum(ReadOnlySpan<byte> packet)
    {
        uint sum = Payload + (uint)packet[6];
        for (var i = 8; i < packet.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
