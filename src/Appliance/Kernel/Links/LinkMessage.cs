using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Kernel.Links;

/// <summary>Reads RTM_NEWLINK messages (rtnetlink(7), linux/if_link.h). Pure.</summary>
internal static class LinkMessage
{
    private const int Header = 16; // struct ifinfomsg
    private const int Name = 3;    // IFLA_IFNAME
    private const int Lower = 5;   // IFLA_LINK
    private const int Master = 10; // IFLA_MASTER
    private const int Info = 18;   // IFLA_LINKINFO
    private const int InfoKind = 1;

    public static LinkInfo? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < Header)
        {
            return null;
        }

        int type = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]);
        int index = BinaryPrimitives.ReadInt32LittleEndian(message[4..]);
        string name = "", kind = "";
        int lower = 0, master = 0;
        NetlinkAttributes attributes = new(message[Header..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case Name:
                    name = Text(attributes.Value);
                    break;
                case Lower when attributes.Value.Length >= 4:
                    lower = BinaryPrimitives.ReadInt32LittleEndian(attributes.Value);
                    break;
                case Master when attributes.Value.Length >= 4:
                    master = BinaryPrimitives.ReadInt32LittleEndian(attributes.Value);
                    break;
                case Info:
                    NetlinkAttributes inner = new(attributes.Value);
                    while (inner.MoveNext())
                    {
                        kind = inner.Type == InfoKind ? Text(inner.Value) : kind;
                    }

                    break;
            }
        }

        return new LinkInfo(index, name, type, kind, lower, master);
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value.TrimEnd((byte)0));
}
