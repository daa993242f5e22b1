using Blackwall.Pipeline.Model;
using Blackwall.Replay.Wire;
using FsCheck.Xunit;
using Xunit;

namespace Blackwall.Tests.Replay;

public sealed class LinkLayerTests
{
    private static readonly byte[] V4 = Convert.FromHexString("450000280001000040060000CB00710AC000020504D2005000000001000000005002FFFF00000000");
    private static readonly byte[] V6 = Convert.FromHexString("6000000000081140" + "20010DB8000000000000000000000001" + "20010DB8000000000000000000000002" + "0035110000080000");

    [Theory]
    [InlineData(0, "02000000", false)]
    [InlineData(0, "00000002", false)]
    [InlineData(0, "1E000000", true)]
    [InlineData(0, "0000001C", true)]
    [InlineData(0, "18000000", true)]
    [InlineData(0, "0A000000", true)]
    [InlineData(1, "0200000000010200000000020800", false)]
    [InlineData(1, "02000000000102000000000286DD", true)]
    [InlineData(1, "02000000000102000000000288A800058100000686DD", true)]
    [InlineData(12, "", false)]
    [InlineData(14, "", true)]
    [InlineData(101, "", false)]
    [InlineData(101, "", true)]
    [InlineData(108, "00000002", false)]
    [InlineData(113, "00000001000600000000000000000800", false)]
    [InlineData(113, "000400010006000000000000000086DD", true)]
    [InlineData(228, "", false)]
    [InlineData(229, "", true)]
    [InlineData(276, "0800000000000001000100060000000000000000", false)]
    [InlineData(276, "86DD000000000001000104060000000000000000", true)]
    public void Every_link_type_leads_to_the_same_packet(uint linkType, string header, bool v6)
    {
        byte[] packet = [.. Convert.FromHexString(header), .. v6 ? V6 : V4];

        Assert.True(LinkLayer.TryLocate(linkType, packet, out int headerBytes, out ushort etherType));
        byte[] frame = packet;
        if (linkType != 1)
        {
            frame = [.. new byte[LinkLayer.EthernetBytes], .. packet[headerBytes..]];
            LinkLayer.WriteEthernet(frame, etherType);
        }

        Assert.True(FrameSketch.TryRead(frame, out FrameSketch sketch, out bool whole));
        Assert.True(whole);
        FrameSketch expected = v6
            ? new FrameSketch(Address.Parse("2001:db8::1"), Address.Parse("2001:db8::2"), 17, 53, 4352, 0) { HopLimit = packet[header.Length / 2 + 7] }
            : new FrameSketch(Address.Parse("203.0.113.10"), Address.Parse("192.0.2.5"), 6, 1234, 80, 2) { HopLimit = packet[header.Length / 2 + 8] };
        Assert.Equal(expected, sketch);
    }

    [Fact]
    public void A_frame_cut_anywhere_in_its_headers_is_not_whole()
    {
        byte[] frame = [.. Convert.FromHexString("0200000000010200000000020800"), .. V4];
        for (int length = 0; length < frame.Length; length++)
        {
            FrameSketch.TryRead(frame.AsSpan(0, length), out _, out bool whole);
            Assert.False(whole);
        }
    }

    [Fact]
    public void A_link_type_without_ip_is_not_read() => Assert.False(LinkLayer.TryLocate(105, V4, out _, out _));

    [Property(MaxTest = 500)]
    public void Noise_never_throws(uint linkType, byte[] noise)
    {
        if (LinkLayer.TryLocate(linkType % 300, noise, out int header, out _))
        {
            Assert.InRange(header, 0, noise.Length);
        }

        _ = FrameSketch.TryRead([.. Convert.FromHexString("0200000000010200000000020800"), .. noise], out _, out _);
        _ = FrameSketch.TryRead([.. Convert.FromHexString("02000000000102000000000286DD"), .. noise], out _, out _);
    }
}
