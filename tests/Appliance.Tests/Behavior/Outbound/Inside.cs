using System.Buffers.Binary;
using System.Text;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;

namespace Blackwall.Tests.Behavior.Outbound;

/// <summary>Flows that hosts inside open, onto <see cref="Traffic"/>.</summary>
internal static class Inside
{
    public static void CheckIn(this Traffic traffic, string inside, string outside, int port = 443, ulong bytesOut = 400, ulong bytesIn = 600, int insidePort = 50_000, double seconds = 0)
    {
        traffic.Send(EventKind.FlowOpen, outside, insidePort, inside, Traffic.Tcp, port, flags: 2, direction: FlowDirection.Outbound);
        traffic.Send(EventKind.FlowEstablished, outside, insidePort, inside, Traffic.Tcp, port, flags: 0x12, direction: FlowDirection.Outbound);
        traffic.Send(EventKind.FlowClosed, outside, insidePort, inside, Traffic.Tcp, port, flags: 0x11, bytesIn: bytesIn, bytesOut: bytesOut, direction: FlowDirection.Outbound, seconds: seconds);
    }

    /// <summary>A datagram on a flow that was silent for some seconds.</summary>
    public static void Wake(this Traffic traffic, string inside, string outside, byte protocol, int port, ulong bytesOut) =>
        traffic.Send(EventKind.FlowWakes, outside, protocol == Traffic.Udp ? 40_001 : 0, inside, protocol, port, bytesOut: bytesOut, bytesIn: bytesOut / 2, direction: FlowDirection.Outbound);

    public static void TryOutside(this Traffic traffic, string inside, string outside, int port, bool refused = false)
    {
        traffic.Send(EventKind.FlowOpen, outside, 50_000, inside, Traffic.Tcp, port, flags: 2, direction: FlowDirection.Outbound);
        if (refused)
        {
            traffic.Send(EventKind.FlowEstablished, outside, 50_000, inside, Traffic.Tcp, port, flags: 0x14, direction: FlowDirection.Outbound);
        }
    }

    public static void Ask(this Traffic traffic, string asking, string name, int type = 1, FlowDirection direction = FlowDirection.Outbound)
    {
        byte[] data = new byte[12 + name.Length + 2 + 4];
        data[5] = 1;
        int at = 12;
        foreach (string label in name.Split('.'))
        {
            data[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, data.AsSpan(at));
        }

        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(at + 1), (ushort)type);
        Leave(traffic, asking, data, 40_000, direction);
    }

    /// <summary>A datagram to port 53, or from it where somebody outside asks.</summary>
    public static void Leave(this Traffic traffic, string asking, byte[] data, int askingPort, FlowDirection direction = FlowDirection.Outbound)
    {
        RawAddress asker = RawAddress.From(Address.Parse(asking)), other = RawAddress.From(Address.Parse("9.9.9.9"));
        ushort from = BinaryPrimitives.ReverseEndianness((ushort)askingPort), to = BinaryPrimitives.ReverseEndianness((ushort)53);
        var header = new SampleHeader
        {
            TimeNanoseconds = traffic.Now,
            Local = direction == FlowDirection.Outbound ? asker : other,
            Remote = direction == FlowDirection.Outbound ? other : asker,
            LocalPortNetwork = direction == FlowDirection.Outbound ? from : to,
            RemotePortNetwork = direction == FlowDirection.Outbound ? to : from,
            Protocol = Traffic.Udp,
            Kind = SampleKind.Dns,
            Direction = direction,
            DataLength = (ushort)data.Length,
        };
        traffic.Stage.Observe(in header, data, traffic);
    }

    /// <summary>What was told of what hosts inside do.</summary>
    public static IEnumerable<Evidence> Told(this Traffic traffic, string kind) => traffic.Recorded.Where(e => string.Equals(e.Kind, kind, StringComparison.Ordinal));
}
