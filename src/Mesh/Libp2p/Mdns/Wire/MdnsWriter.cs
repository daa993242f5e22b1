using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Mesh.Libp2p.Mdns.Wire;

/// <summary>Writes the two packets of libp2p's mDNS (libp2p/specs discovery/mdns): the question for peers, and a peer's answer.</summary>
internal static class MdnsWriter
{
    /// <summary>The longest packet that fits into an Ethernet frame, in bytes.</summary>
    public const int MaxLength = 1400;

    private const int MaxText = 255;
    private const ushort Internet = 1;
    private const ushort CacheFlush = 0x8000;
    private const ushort AuthoritativeResponse = 0x8400;
    private const uint LifetimeSeconds = 120;

    /// <summary>Asks who offers a service.</summary>
    public static byte[] Question(string service)
    {
        List<byte> packet = [];
        Header(packet, id: 0, flags: 0, questions: 1, answers: 0, additional: 0);
        Name(packet, service);
        Number(packet, MdnsPacket.Ptr);
        Number(packet, Internet);
        return [.. packet];
    }

    /// <summary>
    /// A peer's answer: PTR from the service to a name that says nothing of the peer, and a TXT record of that name with its addresses as
    /// additional record. Addresses that do not fit into a string, or into the packet, are left out.
    /// </summary>
    /// <param name="id">Of the question, for an asker that is not on port 5353 (RFC 6762 §6.7); 0 otherwise.</param>
    public static byte[] Answer(ushort id, string service, string label, IReadOnlyList<string> addresses)
    {
        string name = $"{label}.{service}";
        List<byte> packet = [];
        Header(packet, id, AuthoritativeResponse, questions: 0, answers: 1, additional: 1);
        Name(packet, service);
        Number(packet, MdnsPacket.Ptr);
        Number(packet, Internet);
        Lifetime(packet);
        List<byte> target = [];
        Name(target, name);
        Data(packet, target);

        List<byte> texts = [];
        foreach (string address in addresses)
        {
            byte[] text = Encoding.UTF8.GetBytes("dnsaddr=" + address);
            if (text.Length <= MaxText && packet.Count + target.Count + texts.Count + text.Length + 16 < MaxLength)
            {
                texts.Add((byte)text.Length);
                texts.AddRange(text);
            }
        }

        Name(packet, name);
        Number(packet, MdnsPacket.Txt);
        Number(packet, Internet | CacheFlush);
        Lifetime(packet);
        Data(packet, texts);
        return [.. packet];
    }

    private static void Header(List<byte> packet, ushort id, ushort flags, ushort questions, ushort answers, ushort additional)
    {
        foreach (ushort number in (ReadOnlySpan<ushort>)[id, flags, questions, answers, 0, additional])
        {
            Number(packet, number);
        }
    }

    private static void Name(List<byte> packet, string name)
    {
        foreach (string label in name.Split('.'))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(label);
            packet.Add((byte)bytes.Length);
            packet.AddRange(bytes);
        }

        packet.Add(0);
    }

    private static void Lifetime(List<byte> packet)
    {
        Span<byte> seconds = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(seconds, LifetimeSeconds);
        packet.AddRange(seconds);
    }

    private static void Data(List<byte> packet, List<byte> data)
    {
        Number(packet, (ushort)data.Count);
        packet.AddRange(data);
    }

    private static void Number(List<byte> packet, ushort number)
    {
        packet.Add((byte)(number >> 8));
        packet.Add((byte)number);
    }
}
