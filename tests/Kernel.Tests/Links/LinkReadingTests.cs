using System.Buffers.Binary;
using Blackwall.Kernel.Links;
using Blackwall.Kernel.Loading;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests.Links;

/// <summary>What the kernel tells of routes, links and mounts.</summary>
public sealed class LinkReadingTests
{
    private const int RouteGateway = 5, RouteMultipath = 9, RouteVia = 18, LinkName = 3, LinkLower = 5, LinkMaster = 10, LinkInformation = 18;

    [Fact]
    public void Every_next_hop_of_a_route_is_found()
    {
        byte[] multipath =
        [
            .. Hop(Attribute(RouteGateway, [192, 0, 2, 1])),
            .. Hop(Attribute(RouteGateway, [192, 0, 2, 2])),
            .. Hop(Attribute(RouteVia, [10, 0, .. Bytes("2001:db8::9")])),
        ];
        HashSet<Address> hops = [];
        RouteMessage.ReadRoute([.. new byte[12], .. Attribute(RouteGateway, [198, 51, 100, 1]), .. Attribute(RouteMultipath | 0x8000, multipath)], hops);
        RouteMessage.ReadNextHop([.. new byte[8], .. Attribute(6, Bytes("2001:db8::7"))], hops);
        Assert.Equal(
            ["192.0.2.1", "192.0.2.2", "198.51.100.1", "2001:db8::7", "2001:db8::9"],
            hops.Select(hop => $"{hop}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Mutated_messages_are_read_without_an_exception()
    {
        Random random = new(7);
        byte[] whole = [.. new byte[16], .. Attribute(RouteMultipath, Hop(Attribute(RouteGateway, [192, 0, 2, 1]))), .. Attribute(LinkInformation, Attribute(1, [.. "veth"u8]))];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] message = whole[..random.Next(whole.Length + 1)];
            for (int n = random.Next(4); n > 0 && message.Length > 0; n--)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            List<Address> hops = [];
            RouteMessage.ReadRoute(message, hops);
            RouteMessage.ReadNextHop(message, hops);
            LinkMessage.Read(message);
            Assert.InRange(hops.Count, 0, 32);
        }
    }

    [Fact]
    public void A_link_is_read_with_its_kind_and_what_is_below_it()
    {
        byte[] message = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), 1);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), 9);
        LinkInfo? link = LinkMessage.Read([.. message, .. Attribute(LinkName, [.. "eth0.5\0"u8]), .. Attribute(LinkLower, [2, 0, 0, 0]), .. Attribute(LinkMaster, [4, 0, 0, 0]), .. Attribute(LinkInformation, Attribute(1, [.. "vlan\0"u8]))]);
        Assert.Equal(new LinkInfo(9, "eth0.5", 1, "vlan", 2, 4), link);
    }

    [Theory]
    [InlineData("eth0", null, LinkLayer.Ethernet)]
    [InlineData("br0", null, LinkLayer.Ethernet)]
    [InlineData("port0", null, LinkLayer.Ethernet)]
    [InlineData("bond0", null, LinkLayer.Ethernet)]
    [InlineData("tun0", null, LinkLayer.None)]
    [InlineData("ppp0", null, LinkLayer.None)]
    [InlineData("gone", null, LinkLayer.Ethernet)]
    [InlineData("lo", "loopback", LinkLayer.None)]
    [InlineData("eth0.5", "set network.interface to eth0", LinkLayer.Ethernet)]
    [InlineData("mac0", "set network.interface to eth0", LinkLayer.Ethernet)]
    [InlineData("eth1", "set network.interface to bond0", LinkLayer.Ethernet)]
    [InlineData("gre0", "hardware type 778, gre", LinkLayer.None)]
    public void An_interface_is_judged_or_refused_with_the_one_to_use(string name, string? refusal, object layer)
    {
        LinkInfo[] links =
        [
            new(1, "lo", 772, "", 0, 0), new(2, "eth0", 1, "", 0, 0), new(3, "eth1", 1, "", 0, 4), new(4, "bond0", 1, "bond", 0, 0), new(5, "br0", 1, "bridge", 0, 0),
            new(6, "port0", 1, "veth", 0, 5), new(7, "eth0.5", 1, "vlan", 2, 0), new(8, "mac0", 1, "macvlan", 2, 0), new(9, "tun0", 65534, "tun", 0, 0),
            new(10, "ppp0", 512, "ppp", 0, 0), new(11, "gre0", 778, "gre", 0, 0),
        ];
        (LinkLayer actual, string? sentence) = LinkChoice.Choose(name, links);
        if (refusal is null)
        {
            Assert.Null(sentence);
            Assert.Equal(layer, actual);
        }
        else
        {
            Assert.Contains(refusal, sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_last_mount_at_a_path_is_the_one_that_is_seen()
    {
        const string text = "24 30 0:22 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n35 24 0:31 / /sys/fs/bpf rw shared:9 - bpf bpf rw,mode=700\n99 24 0:77 / /sys/fs/bpf rw - bpf none rw\nnonsense\n";
        Assert.Equal(("0:77", "bpf"), MountTable.Find(text, "/sys/fs/bpf"));
        Assert.Equal(("0:22", "sysfs"), MountTable.Find(text, "/sys"));
        Assert.True(MountTable.HasBpf(text, "0:77"));
        Assert.False(MountTable.HasBpf(text, "0:22"));
        Assert.Null(MountTable.Find(text, "/sys/fs"));
    }

    private static byte[] Attribute(int type, byte[] value)
    {
        byte[] bytes = new byte[(4 + value.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(4 + value.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)type);
        value.CopyTo(bytes, 4);
        return bytes;
    }

    private static byte[] Bytes(string address)
    {
        byte[] bytes = new byte[16];
        Address.Parse(address).WriteBytes(bytes);
        return bytes;
    }

    private static byte[] Hop(byte[] attributes)
    {
        byte[] bytes = [.. new byte[8], .. attributes];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)bytes.Length);
        return bytes;
    }
}
