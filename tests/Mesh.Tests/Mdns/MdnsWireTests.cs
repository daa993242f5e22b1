using System.Text;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Mdns;
using Blackwall.Mesh.Libp2p.Mdns.Wire;
using Blackwall.Tests.Mesh.Gossip;
using Xunit;

namespace Blackwall.Tests.Mesh.Mdns;

/// <summary>Packets of mDNS as they are written, and as others write them.</summary>
public sealed class MdnsWireTests
{
    private static readonly System.Net.IPAddress s_sender = System.Net.IPAddress.Parse("192.0.2.7");
    private const string Service = "_p2p._udp.local";

    private static readonly string s_address = $"/ip4/192.0.2.1/tcp/4001/p2p/{TestPeers.Id(1)}";

    [Fact]
    public void Our_question_and_answer_read_as_they_were_meant()
    {
        MdnsPacket question = MdnsReader.TryRead(MdnsWriter.Question(Service))!;
        Assert.False(question.IsResponse);
        Assert.Equal([new MdnsQuestion(Service, MdnsPacket.Ptr, Unicast: false)], question.Questions);

        MdnsPacket answer = MdnsReader.TryRead(MdnsWriter.Answer(7, Service, "label", [s_address, s_address + "x"]))!;
        Assert.True(answer.IsResponse);
        Assert.Equal(7, answer.Id);
        Assert.Equal("label._p2p._udp.local", answer.Records[0].Target);
        Assert.Equal(["dnsaddr=" + s_address, "dnsaddr=" + s_address + "x"], answer.Records[1].Texts);
        Assert.Equal("label._p2p._udp.local", answer.Records[1].Name);
    }

    [Fact]
    public void The_txt_record_is_additional_and_the_ptr_record_the_answer()
    {
        byte[] packet = MdnsWriter.Answer(0, Service, "label", [s_address]);
        Assert.Equal([0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 1], packet[..12]);
    }

    [Fact]
    public void Names_with_pointers_and_records_in_any_section_are_read()
    {
        // Question and answer in one packet, the names of the answer by pointers, TXT among the answers as js-libp2p has it.
        byte[] text = Encoding.UTF8.GetBytes("dnsaddr=" + s_address);
        byte[] packet =
        [
            0, 0, 0x84, 0, 0, 1, 0, 2, 0, 0, 0, 0,
            4, .. "_P2P"u8, 4, .. "_udp"u8, 5, .. "local"u8, 0, 0, 12, 0x80, 1,
            0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 4, 1, (byte)'x', 0xc0, 12,
            0xc0, 45, 0, 16, 0x80, 1, 0, 0, 0, 9, 0, (byte)(text.Length + 1), (byte)text.Length, .. text,
        ];
        MdnsPacket read = MdnsReader.TryRead(packet)!;
        Assert.Equal([new MdnsQuestion(Service, MdnsPacket.Ptr, Unicast: true)], read.Questions);
        Assert.Equal("x." + Service, read.Records[0].Target);
        Assert.Equal("x." + Service, read.Records[1].Name);
        Assert.Equal(TestPeers.Id(1), Assert.Single(new MdnsPeers(TestPeers.Id(9), new MdnsOptions(), TimeProvider.System).Add(read, s_sender)).Id);
    }

    [Fact]
    public void Pointers_in_a_circle_or_forwards_and_lengths_beyond_the_packet_are_refused()
    {
        byte[] header = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        Assert.Null(MdnsReader.TryRead([.. header, 0xc0, 12, 0, 12, 0, 1]));
        Assert.Null(MdnsReader.TryRead([.. header, 0xc0, 14, 0, 0, 12, 0, 1]));
        Assert.Null(MdnsReader.TryRead([.. header, 1, (byte)'a', 0xc0, 12, 0, 12, 0, 1]));
        Assert.Null(MdnsReader.TryRead([.. header, 63, (byte)'a', 0, 0, 12, 0, 1]));
        Assert.Null(MdnsReader.TryRead(header));
        Assert.Null(MdnsReader.TryRead([0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0]));
        Assert.Null(MdnsReader.TryRead(new byte[MdnsReader.MaxLength + 1]));
        Assert.NotNull(MdnsReader.TryRead([.. header, 1, (byte)'a', 0, 0, 12, 0, 1]));
    }

    [Fact]
    public void A_name_is_at_most_255_bytes_however_it_is_put_together()
    {
        byte[] label = [63, .. Encoding.ASCII.GetBytes(new string('a', 63))];
        byte[] header = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        Assert.Null(MdnsReader.TryRead([.. header, .. label, .. label, .. label, .. label, 0, 0, 12, 0, 1]));
        Assert.NotNull(MdnsReader.TryRead([.. header, .. label, .. label, .. label, 0, 0, 12, 0, 1]));
    }

    [Fact]
    public void An_answer_keeps_strings_of_255_bytes_and_packets_of_a_frame()
    {
        string tooLong = "/dns4/" + new string('a', 300);
        MdnsPacket read = MdnsReader.TryRead(MdnsWriter.Answer(0, Service, "label", [tooLong, .. Enumerable.Range(0, 100).Select(n => s_address + n)]))!;
        Assert.InRange(read.Records[1].Texts.Count, 5, 20);
        Assert.InRange(MdnsWriter.Answer(0, Service, "label", [.. Enumerable.Range(0, 100).Select(n => s_address + n)]).Length, 500, MdnsWriter.MaxLength);
    }

    [Fact]
    public void Peers_are_told_of_once_and_again_when_an_address_is_new()
    {
        MdnsPeers peers = new(TestPeers.Id(9), new MdnsOptions { Peers = 3 }, TimeProvider.System);
        Assert.Single(Take(peers, s_address));
        Assert.Empty(Take(peers, s_address));
        Assert.Single(Take(peers, s_address, $"/ip4/192.0.2.2/tcp/4001/p2p/{TestPeers.Id(1)}"));
        Assert.Empty(Take(peers, $"/ip4/192.0.2.1/tcp/4001/p2p/{TestPeers.Id(9)}"));
        Assert.Empty(Take(peers, "/ip4/192.0.2.1/tcp/4001", "nonsense"));
        for (int n = 100; n < 150; n++)
        {
            Take(peers, $"/ip4/192.0.2.1/tcp/4001/p2p/{TestPeers.Id(n)}");
            Assert.InRange(peers.Count, 0, 3);
        }

        // Another network's peers are not ours.
        Assert.Empty(new MdnsPeers(TestPeers.Id(9), new MdnsOptions { Service = MdnsOptions.PrivateService("abc") }, TimeProvider.System)
            .Add(MdnsReader.TryRead(MdnsWriter.Answer(0, Service, "label", [s_address]))!, s_sender));
    }

    private static List<PeerAddresses> Take(MdnsPeers peers, params string[] addresses) =>
        peers.Add(MdnsReader.TryRead(MdnsWriter.Answer(0, Service, "label", addresses))!, s_sender);
}
