using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Blackwall.Tests.Replay;

public sealed class CaptureParserTests
{
    private static readonly byte[] First = [1, 2, 3, 4, 5];
    private static readonly byte[] Second = [6, 7, 8];

    private static byte[] Pcap(bool big, bool nanoseconds = false) =>
        new CaptureBytes(big).PcapHeader(1, nanoseconds).PcapPacket(10, 20, First).PcapPacket(11, 21, Second, original: 900).ToArray();

    private static byte[] Pcapng(bool big) => new CaptureBytes(big)
        .Section().Interface(1).Interface(101, resolution: 9).Block(0x0bad, [1, 2, 3, 4])
        .Enhanced(0, 10_000_020, First).Enhanced(1, 11_000_000_021, Second, original: 900).Simple(First)
        .ToArray();

    [Theory]
    [InlineData(false, false, 20_000)]
    [InlineData(true, false, 20_000)]
    [InlineData(false, true, 20)]
    [InlineData(true, true, 20)]
    public void A_pcap_reads_the_same_in_either_byte_order_and_resolution(bool big, bool nanoseconds, ulong fraction)
    {
        ReadCapture read = ReadCapture.Of(Pcap(big, nanoseconds));

        Assert.True(read.Whole);
        Assert.Equal(new ReadCapture.Packet(10_000_000_000 + fraction, 1, 5, "0102030405"), read.Packets[0]);
        Assert.Equal((900L, "060708"), (read.Packets[1].OriginalLength, read.Packets[1].Data));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pcapng_reads_the_same_in_either_byte_order(bool big)
    {
        ReadCapture read = ReadCapture.Of(Pcapng(big));

        Assert.True(read.Whole, read.Fault);
        Assert.Equal(
            [
                new ReadCapture.Packet(10_000_020_000, 1, 5, "0102030405"),
                new ReadCapture.Packet(11_000_000_021, 101, 900, "060708"),
                new ReadCapture.Packet(11_000_000_021, 1, 5, "0102030405"),
            ],
            read.Packets);
    }

    [Fact]
    public void Each_section_has_its_own_byte_order_and_interfaces()
    {
        byte[] bytes = [.. Pcapng(big: false), .. new CaptureBytes(bigEndian: true).Section().Interface(113).Enhanced(0, 7, Second).ToArray()];

        Assert.Equal((113u, 7_000ul), ReadCapture.Of(bytes).Packets.Select(p => (p.LinkType, p.Nanoseconds)).Last());
    }

    [Theory]
    [InlineData(6, 5_000_000, 5_000_000_000)]
    [InlineData(0, 5, 5_000_000_000)]
    [InlineData(9, 5, 5)]
    [InlineData(12, 5_000, 5)]
    [InlineData(0x80 | 10, 512, 500_000_000)]
    [InlineData(0x80 | 127, ulong.MaxValue, 0)]
    [InlineData(127, ulong.MaxValue, 0)]
    [InlineData(0, ulong.MaxValue, ulong.MaxValue)]
    public void Every_time_resolution_is_understood_and_none_overflows(byte resolution, ulong units, ulong nanoseconds) =>
        Assert.Equal(nanoseconds, ReadCapture.Of(new CaptureBytes(false).Section().Interface(1, resolution).Enhanced(0, units, First).ToArray()).Packets.Single().Nanoseconds);

    [Fact]
    public void A_simple_packet_ends_at_the_snap_length_of_its_interface() =>
        Assert.Equal(
            (3L + 97, "010203"),
            ReadCapture.Of(new CaptureBytes(true).Section().Interface(1, snap: 3).Simple([1, 2, 3], original: 100).ToArray()).Packets.Select(p => (p.OriginalLength, p.Data)).Single());

    public static TheoryData<byte[]> Whole => [Pcap(false), Pcap(true), Pcapng(false), Pcapng(true)];

    [Theory]
    [MemberData(nameof(Whole))]
    public void A_capture_cut_at_any_byte_gives_the_packets_before_the_cut(byte[] bytes)
    {
        ReadCapture all = ReadCapture.Of(bytes);
        for (int length = 0; length < bytes.Length; length++)
        {
            ReadCapture cut = ReadCapture.Of(bytes[..length]);

            Assert.Null(cut.Fault);
            Assert.Equal(all.Packets.Take(cut.Packets.Count), cut.Packets);
            Assert.InRange(cut.Offset, 0, length);
            Assert.Equal(cut.Offset == length, cut.Whole);
        }
    }

    [Theory]
    [MemberData(nameof(Whole))]
    public void Bytes_that_come_one_by_one_give_the_same_packets(byte[] bytes) => Assert.Equal(ReadCapture.Of(bytes).Packets, ReadCapture.Of(bytes, chunk: 1).Packets);

    [Theory]
    [MemberData(nameof(Whole))]
    public void Any_one_wrong_byte_is_survived(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] wrong = [.. bytes];
                wrong[at] ^= (byte)(1 << bit);
                ReadCapture read = ReadCapture.Of(wrong);

                Assert.InRange(read.Offset, 0, bytes.Length);
                Assert.InRange(read.Packets.Count, 0, 4);
                Assert.All(read.Packets, p => Assert.True(p.OriginalLength >= p.Data.Length / 2));
            }
        }
    }

    [Property(MaxTest = 200)]
    public void What_was_written_is_read(bool big, bool classic, NonEmptyArray<byte[]> packets)
    {
        CaptureBytes bytes = classic ? new CaptureBytes(big).PcapHeader(1) : new CaptureBytes(big).Section().Interface(1);
        foreach (byte[] packet in packets.Get.Select(p => p ?? []))
        {
            _ = classic ? bytes.PcapPacket(1, 2, packet) : bytes.Enhanced(0, 1_000_002, packet);
        }

        ReadCapture read = ReadCapture.Of(bytes.ToArray());
        Assert.True(read.Whole);
        Assert.Equal(packets.Get.Select(p => Convert.ToHexString(p ?? [])), read.Packets.Select(p => p.Data));
    }

    [Property(MaxTest = 500)]
    public void Noise_is_refused_or_read_and_never_throws(byte[] noise, bool asPcapng)
    {
        byte[] bytes = asPcapng ? [.. new CaptureBytes(false).Section().ToArray(), .. noise] : [.. Pcap(false), .. noise];
        Assert.InRange(ReadCapture.Of(bytes).Offset, 0, bytes.Length);
    }

    public static TheoryData<byte[], long, string> Damaged => new()
    {
        { [0x1f, 0x8b, 8, 0], 0, "compressed" },
        { "GET / HTTP/1.1"u8.ToArray(), 0, "no capture" },
        { new CaptureBytes(false).PcapHeader(1).PcapPacket(1, 2, First).U32(1).U32(2).U32(300_000).U32(300_000).ToArray(), 24 + 16 + 5, "300000 bytes" },
        { new CaptureBytes(true).Section().Enhanced(0, 1, First).ToArray(), 28, "interface 0" },
        { new CaptureBytes(true).Section().U32(1).U32(13).U32(13).ToArray(), 28, "13 bytes" },
        { new CaptureBytes(true).Section().U32(1).U32(0x7ffffffc).U32(0).ToArray(), 28, "none longer" },
        { new CaptureBytes(true).Section().U32(77).U32(16).U32(0).U32(20).ToArray(), 28, "ends with 20" },
        { new CaptureBytes(false).Section().Interface(1).Block(6, new byte[8]).ToArray(), 28 + 20, "too short" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damage_is_named_with_its_place(byte[] bytes, long offset, string word)
    {
        ReadCapture read = ReadCapture.Of(bytes);

        Assert.Equal(offset, read.Offset);
        Assert.Contains(word, read.Fault, StringComparison.Ordinal);
    }
}
