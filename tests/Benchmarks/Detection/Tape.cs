using System.Buffers.Binary;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Model;

namespace Blackwall.Benchmarks.Detection;

/// <summary>Generated traffic as a capture, and who of it is an attacker. Times in seconds from its beginning.</summary>
internal sealed class Tape(int seed)
{
    /// <summary>What stands for the protected network; everything else is outside.</summary>
    public static readonly Prefix Inside = Prefix.Parse("10.20.0.0/16");

    private const int LargestSegment = 3000;
    /// <summary>When every tape begins, seconds since 1970.</summary>
    public const double Origin = 1_750_000_000;

    private readonly List<(double Time, byte[] Frame)> _frames = [];
    private ushort _port = 20_000;

    public Random Dice { get; } = new(seed);

    public List<Truth> Truths { get; } = [];

    public double Hours => _frames.Count == 0 ? 0 : (_frames.Max(f => f.Time) - _frames.Min(f => f.Time)) / 3600;

    public int Packets => _frames.Count;

    /// <summary>Says that a subject attacks from a time on; what it does is told by one of the kinds.</summary>
    public void Guilty(string subject, double from, params string[] kinds) => Truths.Add(new Truth(subject, Origin + from, kinds));

    /// <summary>A handshake, bytes up and down, and an orderly end.</summary>
    public void Talk(double time, string client, string server, int port, int up, int down, double seconds, ushort sourcePort = 0, byte[]? first = null)
    {
        ushort from = sourcePort != 0 ? sourcePort : NextPort();
        const double trip = 0.02;
        uint seq = (uint)Dice.Next(), ack = (uint)Dice.Next();
        Segment(time, client, server, from, port, Frame.Syn, seq, 0, 0);
        Segment(time + trip, server, client, (ushort)port, from, Frame.Syn | Frame.Ack, ack, seq + 1, 0);
        Segment(time + (1.5 * trip), client, server, from, port, Frame.Ack, ++seq, ++ack, 0);
        double at = time + (2 * trip);
        double step = Math.Max(0.0001, (seconds - (3 * trip)) / Math.Max(1, (up + down) / LargestSegment + 2));
        if (first is not null)
        {
            Add(at, Frame.From(client, server).TcpSegment(from, (ushort)port, Frame.Psh | Frame.Ack, seq, ack, first));
            seq += (uint)first.Length;
            at += step;
        }

        for (int sent = 0; sent < up; sent += LargestSegment, at += step)
        {
            int length = Math.Min(LargestSegment, up - sent);
            Segment(at, client, server, from, port, Frame.Psh | Frame.Ack, seq, ack, length);
            seq += (uint)length;
        }

        for (int sent = 0; sent < down; sent += LargestSegment, at += step)
        {
            int length = Math.Min(LargestSegment, down - sent);
            Segment(at, server, client, (ushort)port, from, Frame.Psh | Frame.Ack, ack, seq, length);
            ack += (uint)length;
        }

        Segment(at, client, server, from, port, Frame.Fin | Frame.Ack, seq++, ack, 0);
        Segment(at + trip, server, client, (ushort)port, from, Frame.Fin | Frame.Ack, ack++, seq, 0);
        Segment(at + (1.5 * trip), client, server, from, port, Frame.Ack, seq, ack, 0);
    }

    /// <summary>A connection in which both sides say something in turn: who, what, after how many seconds. The server ends it, or the client.</summary>
    public double Converse(double time, string client, string server, int port, bool serverEnds, params (bool FromClient, byte[] Data, double Pause)[] lines)
    {
        ushort from = NextPort();
        double trip = 0.01 + (0.08 * Dice.NextDouble());
        uint seq = (uint)Dice.Next(), ack = (uint)Dice.Next();
        Segment(time, client, server, from, port, Frame.Syn, seq, 0, 0);
        Segment(time + trip, server, client, (ushort)port, from, Frame.Syn | Frame.Ack, ack, ++seq, 0);
        Segment(time += 2 * trip, client, server, from, port, Frame.Ack, seq, ++ack, 0);
        foreach ((bool fromClient, byte[] data, double pause) in lines)
        {
            time += pause + trip;
            for (int sent = 0; sent < data.Length; sent += LargestSegment, time += 0.0003)
            {
                byte[] part = data[sent..Math.Min(data.Length, sent + LargestSegment)];
                Frame frame = fromClient
                    ? Frame.From(client, server).TcpSegment(from, (ushort)port, Frame.Psh | Frame.Ack, seq, ack, part)
                    : Frame.From(server, client).TcpSegment((ushort)port, from, Frame.Psh | Frame.Ack, ack, seq, part);
                Add(time, frame);
                seq += fromClient ? (uint)part.Length : 0;
                ack += fromClient ? 0 : (uint)part.Length;
            }
        }

        time += trip;
        if (serverEnds)
        {
            Segment(time, server, client, (ushort)port, from, Frame.Fin | Frame.Ack, ack++, seq, 0);
            Segment(time + trip, client, server, from, port, Frame.Fin | Frame.Ack, seq++, ack, 0);
            Segment(time + (2 * trip), server, client, (ushort)port, from, Frame.Ack, ack, seq, 0);
        }
        else
        {
            Segment(time, client, server, from, port, Frame.Fin | Frame.Ack, seq++, ack, 0);
            Segment(time + trip, server, client, (ushort)port, from, Frame.Fin | Frame.Ack, ack++, seq, 0);
            Segment(time + (2 * trip), client, server, from, port, Frame.Ack, seq, ack, 0);
        }

        return time + (2 * trip);
    }

    /// <summary>A SYN that is reset, or never answered.</summary>
    public void Knock(double time, string client, string server, int port, bool refused)
    {
        ushort from = NextPort();
        uint seq = (uint)Dice.Next();
        Segment(time, client, server, from, port, Frame.Syn, seq, 0, 0);
        if (refused)
        {
            Segment(time + 0.01, server, client, (ushort)port, from, Frame.Rst | Frame.Ack, 0, seq + 1, 0);
        }
    }

    public void Segment(double time, string source, string destination, ushort from, int to, byte flags, uint seq, uint ack, int length) =>
        Add(time, Frame.From(source, destination).TcpSegment(from, (ushort)to, flags, seq, ack, length == 0 ? null : Noise(length)));

    public void Datagram(double time, string source, string destination, int from, int to, byte[] payload) =>
        Add(time, Frame.From(source, destination).UdpDatagram((ushort)from, (ushort)to, payload));

    public void Echo(double time, string source, string destination, byte type, byte[] rest) =>
        Add(time, Frame.From(source, destination).IcmpMessage(type, 0, rest));

    public ushort NextPort() => _port = (ushort)(_port >= 60_000 ? 20_000 : _port + 1);

    public byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];

        // One odd byte is enough: what is in it is looked at by nobody here.
        bytes[0] = (byte)Dice.Next(1, 20);
        return bytes;
    }

    /// <summary>A classic capture with nanoseconds, in the order of time.</summary>
    public MemoryStream ToCapture()
    {
        MemoryStream stream = new();
        Span<byte> head = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0xa1b23c4d);
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], 65_535);
        BinaryPrimitives.WriteUInt32LittleEndian(head[20..], 1);
        stream.Write(head);
        foreach ((double time, byte[] frame) in _frames.OrderBy(f => f.Time))
        {
            double at = Origin + time;
            BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)at);
            BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)((at - Math.Floor(at)) * 1e9));
            BinaryPrimitives.WriteUInt32LittleEndian(head[8..], (uint)frame.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(head[12..], (uint)frame.Length);
            stream.Write(head[..16]);
            stream.Write(frame);
        }

        stream.Position = 0;
        return stream;
    }

    private void Add(double time, Frame frame) => _frames.Add((time, frame.Build()));
}
