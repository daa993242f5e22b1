using System.Buffers.Binary;
using Blackwall.Kernel.Tests.Packets;

namespace Blackwall.Kernel.Tests.Replay;

/// <summary>A classic pcap of frames, a millisecond apart.</summary>
internal sealed class Capture(uint linkType = 1, int snap = int.MaxValue)
{
    private const uint Start = 1_700_000_000;

    private readonly MemoryStream _bytes = Header(linkType);
    private uint _milliseconds;

    public byte[] ToArray() => _bytes.ToArray();

    public Capture Add(params Frame[] frames)
    {
        Span<byte> head = stackalloc byte[16];
        foreach (Frame frame in frames)
        {
            byte[] packet = linkType == 1 ? frame.Build() : frame.Datagram();
            int captured = Math.Min(packet.Length, snap);
            BinaryPrimitives.WriteUInt32LittleEndian(head, Start + (_milliseconds / 1000));
            BinaryPrimitives.WriteUInt32LittleEndian(head[4..], _milliseconds % 1000 * 1000);
            BinaryPrimitives.WriteUInt32LittleEndian(head[8..], (uint)captured);
            BinaryPrimitives.WriteUInt32LittleEndian(head[12..], (uint)packet.Length);
            _bytes.Write(head);
            _bytes.Write(packet.AsSpan(0, captured));
            _milliseconds++;
        }

        return this;
    }

    /// <summary>A frame as it is.</summary>
    public Capture AddRaw(byte[] packet)
    {
        Span<byte> head = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Start + (_milliseconds / 1000));
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], _milliseconds % 1000 * 1000);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], (uint)packet.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], (uint)packet.Length);
        _bytes.Write(head);
        _bytes.Write(packet);
        _milliseconds++;
        return this;
    }

    /// <summary>Asks for ports; the server refuses each but every tenth, where the client shakes hands and goes away.</summary>
    public Capture Scan(string client, string server, int ports)
    {
        for (ushort port = 1; port <= ports; port++)
        {
            const ushort from = 40_000;
            Frame syn = Frame.From(client, server).TcpSegment(from, port, Frame.Syn, 1000);
            if (port % 10 != 0)
            {
                Add(syn, Frame.From(server, client).TcpSegment(port, from, Frame.Rst | Frame.Ack, 0, 1001));
                continue;
            }

            Add(
                syn,
                Frame.From(server, client).TcpSegment(port, from, Frame.Syn | Frame.Ack, 5000, 1001),
                Frame.From(client, server).TcpSegment(from, port, Frame.Ack, 1001, 5001),
                Frame.From(client, server).TcpSegment(from, port, Frame.Rst | Frame.Ack, 1001, 5001));
        }

        return this;
    }

    /// <summary>A connection with an answer, and its end.</summary>
    public Capture Visit(string client, string server, ushort from) => Add(
        Frame.From(client, server).TcpSegment(from, 443, Frame.Syn, 1000),
        Frame.From(server, client).TcpSegment(443, from, Frame.Syn | Frame.Ack, 5000, 1001),
        Frame.From(client, server).TcpSegment(from, 443, Frame.Ack, 1001, 5001),
        Frame.From(client, server).TcpSegment(from, 443, Frame.Ack | Frame.Psh, 1001, 5001, new byte[200]),
        Frame.From(server, client).TcpSegment(443, from, Frame.Ack | Frame.Psh, 5001, 1201, new byte[900]),
        Frame.From(client, server).TcpSegment(from, 443, Frame.Fin | Frame.Ack, 1201, 5901),
        Frame.From(server, client).TcpSegment(443, from, Frame.Fin | Frame.Ack, 5901, 1202),
        Frame.From(client, server).TcpSegment(from, 443, Frame.Ack, 1202, 5902));

    /// <summary>A connection in which each side says one thing, and its end.</summary>
    public Capture Say(string client, string server, ushort from, ushort to, string says, string answer)
    {
        byte[] asked = System.Text.Encoding.ASCII.GetBytes(says), told = System.Text.Encoding.ASCII.GetBytes(answer);
        (uint ours, uint theirs) = (1001 + (uint)asked.Length, 5001 + (uint)told.Length);
        return Add(
            Frame.From(client, server).TcpSegment(from, to, Frame.Syn, 1000),
            Frame.From(server, client).TcpSegment(to, from, Frame.Syn | Frame.Ack, 5000, 1001),
            Frame.From(client, server).TcpSegment(from, to, Frame.Ack, 1001, 5001),
            Frame.From(client, server).TcpSegment(from, to, Frame.Ack | Frame.Psh, 1001, 5001, asked),
            Frame.From(server, client).TcpSegment(to, from, Frame.Ack | Frame.Psh, 5001, ours, told),
            Frame.From(client, server).TcpSegment(from, to, Frame.Fin | Frame.Ack, ours, theirs),
            Frame.From(server, client).TcpSegment(to, from, Frame.Fin | Frame.Ack, theirs, ours + 1),
            Frame.From(client, server).TcpSegment(from, to, Frame.Ack, ours + 1, theirs + 1));
    }

    /// <summary>The clock of the machine that captures is set, or one packet stamped wrong and the next one right again.</summary>
    public Capture SetClock(long milliseconds)
    {
        _milliseconds = (uint)(_milliseconds + milliseconds);
        return this;
    }

    /// <summary>Lets time pass.</summary>
    public Capture Wait(uint milliseconds)
    {
        _milliseconds += milliseconds;
        return this;
    }

    private static MemoryStream Header(uint linkType)
    {
        MemoryStream bytes = new();
        Span<byte> header = stackalloc byte[24];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2c3d4);
        header[4] = 2;
        header[6] = 4;
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 65_535);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], linkType);
        bytes.Write(header);
        return bytes;
    }
}
