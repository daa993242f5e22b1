using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Mesh.Libp2p.Mdns.Wire;

/// <summary>Reads mDNS packets (RFC 1035 §4, RFC 6762). What is over a limit makes the packet unreadable, so that its cost is bounded by its bytes.</summary>
internal static class MdnsReader
{
    /// <summary>The longest packet (RFC 6762 §17), in bytes.</summary>
    public const int MaxLength = 9000;

    /// <summary>Questions and records of a packet.</summary>
    public const int MaxEntries = 64;

    /// <summary>Strings of a TXT record.</summary>
    public const int MaxTexts = 32;

    private const int Header = 12;
    private const int MaxName = 255;
    private const int MaxPointers = 16;
    private const ushort Response = 0x8000;
    private const ushort TopBit = 0x8000;

    /// <summary>Null: no packet, or one over a limit.</summary>
    public static MdnsPacket? TryRead(ReadOnlySpan<byte> packet)
    {
        if (packet.Length is < Header or > MaxLength)
        {
            return null;
        }

        int questions = Number(packet, 4);
        int records = Number(packet, 6) + Number(packet, 8) + Number(packet, 10);
        if (questions + records > MaxEntries)
        {
            return null;
        }

        int at = Header;
        List<MdnsQuestion> asked = [];
        for (int i = 0; i < questions; i++)
        {
            if (!TryName(packet, ref at, out string name) || packet.Length - at < 4)
            {
                return null;
            }

            asked.Add(new MdnsQuestion(name, Number(packet, at), (Number(packet, at + 2) & TopBit) != 0));
            at += 4;
        }

        List<MdnsRecord> told = [];
        for (int i = 0; i < records; i++)
        {
            if (!TryRecord(packet, ref at, told))
            {
                return null;
            }
        }

        return new MdnsPacket(Number(packet, 0), (Number(packet, 2) & Response) != 0, asked, told);
    }

    private static bool TryRecord(ReadOnlySpan<byte> packet, ref int at, List<MdnsRecord> told)
    {
        if (!TryName(packet, ref at, out string name) || packet.Length - at < 10)
        {
            return false;
        }

        ushort type = Number(packet, at);
        int length = Number(packet, at + 8);
        at += 10;
        if (length > packet.Length - at)
        {
            return false;
        }

        int end = at + length;
        switch (type)
        {
            case MdnsPacket.Ptr:
                int from = at;
                if (!TryName(packet[..end], ref from, out string target) || from != end)
                {
                    return false;
                }

                told.Add(new MdnsRecord(name, type, target, []));
                break;
            case MdnsPacket.Txt:
                if (Texts(packet[at..end]) is not { } texts)
                {
                    return false;
                }

                told.Add(new MdnsRecord(name, type, "", texts));
                break;
        }

        at = end;
        return true;
    }

    private static List<string>? Texts(ReadOnlySpan<byte> data)
    {
        List<string> texts = [];
        while (data.Length > 0)
        {
            int length = data[0];
            if (length >= data.Length || texts.Count == MaxTexts)
            {
                return null;
            }

            texts.Add(Encoding.UTF8.GetString(data.Slice(1, length)));
            data = data[(1 + length)..];
        }

        return texts;
    }

    // A pointer must lead to before where its name began: so none can lead in a circle.
    private static bool TryName(ReadOnlySpan<byte> packet, ref int at, out string name)
    {
        name = "";
        Span<byte> text = stackalloc byte[MaxName + 1];
        int written = 0;
        int next = at;
        int limit = at;
        bool jumped = false;
        for (int pointers = 0; next < packet.Length;)
        {
            byte length = packet[next];
            if (length == 0)
            {
                at = jumped ? at : next + 1;
                name = Encoding.UTF8.GetString(text[..Math.Max(0, written - 1)]).ToLowerInvariant();
                return true;
            }

            if ((length & 0xc0) == 0xc0)
            {
                if (next + 1 >= packet.Length || ++pointers > MaxPointers)
                {
                    return false;
                }

                int target = ((length & 0x3f) << 8) | packet[next + 1];
                if (target >= limit)
                {
                    return false;
                }

                at = jumped ? at : next + 2;
                jumped = true;
                next = limit = target;
                continue;
            }

            if (length > 63 || next + 1 + length > packet.Length || written + length + 1 > MaxName)
            {
                return false;
            }

            packet.Slice(next + 1, length).CopyTo(text[written..]);
            written += length;
            text[written++] = (byte)'.';
            next += 1 + length;
        }

        return false;
    }

    private static ushort Number(ReadOnlySpan<byte> packet, int at) => BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
}
