using Blackwall.Capture.Wire;
using Blackwall.Tests.Replay;
using Xunit;

namespace Blackwall.Tests.Capture;

public sealed class PcapngWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(61)]
    [InlineData(1514)]
    [InlineData(65_535)]
    public void What_is_written_is_read_back_to_the_nanosecond_whatever_its_length(int length)
    {
        byte[] frame = new byte[length];
        new Random(length).NextBytes(frame);
        byte[] file = new byte[PcapngWriter.MaxHead + PcapngWriter.PacketOverhead + PcapngWriter.MaxComment + length];
        int at = PcapngWriter.Head(file, "a capture", "eth0", 65_535);
        at += PcapngWriter.Packet(file.AsSpan(at), 1_893_456_000_123_456_789, length + 7, outgoing: true, frame, "seen"u8);
        ReadCapture read = ReadCapture.Of(file[..at]);
        Assert.True(read.Whole, read.Fault);
        ReadCapture.Packet packet = Assert.Single(read.Packets);
        Assert.Equal((1_893_456_000_123_456_789ul, 1u, length + 7L, Convert.ToHexString(frame)), (packet.Nanoseconds, packet.LinkType, packet.OriginalLength, packet.Data));
    }

    [Fact]
    public void A_comment_that_is_too_long_is_cut_and_the_file_stays_whole()
    {
        byte[] file = new byte[PcapngWriter.MaxHead + PcapngWriter.PacketOverhead + PcapngWriter.MaxComment + 64];
        int at = PcapngWriter.Head(file, new string('x', 9000), new string('i', 500), 100);
        at += PcapngWriter.Packet(file.AsSpan(at), 1, 64, outgoing: false, new byte[64], new byte[9000]);
        Assert.True(ReadCapture.Of(file[..at]).Whole);
    }

    [Fact]
    public void No_bytes_make_the_reader_of_addresses_fail()
    {
        Random random = new(7);
        byte[] frame = CaptureFixture.Frame("203.0.113.7", "10.0.0.5", 53, 40);
        for (int i = 0; i < 200_000; i++)
        {
            byte[] hostile = (byte[])frame.Clone();
            hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
            hostile[12 + random.Next(10)] = (byte)random.Next(256);
            FrameEnds.TryRead(hostile.AsSpan(0, random.Next(hostile.Length + 1)), out _);
        }

        Assert.True(FrameEnds.TryRead(frame, out FrameEnds ends));
        Assert.Equal(("203.0.113.7", "10.0.0.5", (ushort)53), ($"{ends.Source}", $"{ends.Destination}", ends.DestinationPort!.Value));
    }
}
