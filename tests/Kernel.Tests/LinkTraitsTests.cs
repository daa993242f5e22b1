using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Links;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>What the interface means for checksums and for the way that challenges take.</summary>
public sealed class LinkTraitsTests
{
    private const string Client = "203.0.113.7", Server = "198.51.100.1";

    [Theory]
    [InlineData("", "ixgbe", "Whole", "Xdp")]
    [InlineData("", "virtio_net", "Partial", "Xdp")]
    [InlineData("", null, "Partial", "Xdp")]
    [InlineData("veth", null, "Partial", "Tc")]
    [InlineData("bridge", null, "Partial", "Xdp")]
    public void Only_a_card_of_its_own_has_whole_checksums_and_only_a_veth_answers_by_tc(string kind, string? driver, string checksums, string answers)
    {
        LinkInfo link = new(2, "x0", 1, kind, 0, 0);
        Assert.Equal((checksums, answers), ($"{LinkTraits.ChecksumsOf(link, driver)}", $"{LinkTraits.AnswersOf(link, XdpMode.Auto)}"));
    }

    [Theory]
    [InlineData("Whole", true, 0)]
    [InlineData("Whole", false, 1)]
    [InlineData("Partial", true, 1)]
    [InlineData("Partial", false, 1)]
    [InlineData("Any", true, 1)]
    public void A_checksum_that_a_local_sender_left_unfinished_is_right_on_a_virtual_link_only(string checksums, bool isUnfinished, int samples)
    {
        using KernelHarness kernel = new(null, checksums: Enum.Parse<Checksums>(checksums));
        kernel.Handshake(Client, Server, 4000, 80);
        Frame request = Frame.From(Client, Server).TcpSegment(4000, 80, Frame.Ack | Frame.Psh, 1001, 5001, "GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        kernel.Ingress(isUnfinished ? request.UnfinishedChecksum() : request);
        Assert.Equal(samples, kernel.Samples.Count);
    }

    [Theory]
    [InlineData("Whole", 0)]
    [InlineData("Partial", 0)]
    [InlineData("Any", 1)]
    public void A_checksum_that_is_neither_is_wrong_wherever_it_is_looked_at(string checksums, int samples)
    {
        using KernelHarness kernel = new(null, checksums: Enum.Parse<Checksums>(checksums));
        kernel.Handshake(Client, Server, 4000, 80);
        byte[] request = Frame.From(Client, Server).TcpSegment(4000, 80, Frame.Ack | Frame.Psh, 1001, 5001, "GET / HTTP/1.1\r\n\r\n"u8.ToArray()).Build();
        request[14 + 20 + 16] ^= 0x5a;
        kernel.Ingress(request);
        Assert.Equal(samples, kernel.Samples.Count);
    }
}
