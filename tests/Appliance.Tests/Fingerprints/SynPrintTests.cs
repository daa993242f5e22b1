using System.Buffers.Binary;
using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

public sealed class SynPrintTests
{
    private static readonly SynBytes s_linux = new();

    private static byte[] Mss(int mss, byte[] options)
    {
        byte[] changed = [.. options];
        BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(2), (ushort)mss);
        return changed;
    }

    // First SYNs of captures of the tools that the database names, from the IP header on.
    [Theory]
    [InlineData("4500003ca52d40004006118bc0000201c0000202c24a00505320630600000000a002faf084320000020405b40402080a28ab78c9000000000103030a", "4_64_mstnw_di_mm_e_10", "Linux")]
    [InlineData("6005c77e0028064020010db800070000000000000000000120010db800070000000000000000000289720050e2f20baf00000000a002fd205bb10000020405a00402080aee1314bb000000000103030a", "6_64_mstnw_f_mm_e_10", "Linux")]
    [InlineData("4500003c84c64000400631f2c0000201c000020284ee00507177ed3f00000000a0c2faf084320000020405b40402080a593e34b4000000000103030a", "4_64_mstnw_die_mm_e_10", "Linux with ECN")]
    [InlineData("45000040833640004006337ec0000201c0000202a118005080cfa92800000000b002faf084360000020405b40402080a77e9ff17000000000103030a1e040101", "4_64_mstnwp_di_mm_e_10", "Linux with Multipath TCP")]
    [InlineData("4500002c5c9700002d06ad31c0000201c0000202ddb40015f1a3e4d900000000600204005bdb0000020405b4", "4_64_m_0_1024_e_x", "nmap SYN scan")]
    [InlineData("60000000001806ff20010db800070000000000000000000120010db80007000000000000000000028e4900162e36503900000000600204002bd50000020405b4", "6_255_m_0_1024_j_x", "nmap SYN scan")]
    [InlineData("4500002812210000ff062549c0000263c0000202a7c10005d1d8102600000000500204009db70000", "4_255_0_0_1024_0_x", "masscan")]
    [InlineData("60000000001406ff20010db800070000000000000000009920010db8000700000000000000000002a7c50017b7e1c19b00000000500204002e6e0000", "6_255_0_0_1024_0_x", "masscan")]
    [InlineData("4500002854f100004006a1dbc0000201c0000202065200502d87d4696d1282925002020031a70000", "4_64_0_k_512_0_x", "hping3")]
    [InlineData("45000028d4310000ff066339c0000262c0000202ec4b005011769027000000005002ffff9d440000", "4_255_0_0_65535_0_x", "zmap")]
    [InlineData("45000028000100004006f6cbc0000201c0000202001400500000000000000000500220000b7b0000", "4_64_0_q_8192_0_x", "scapy with its defaults")]
    [InlineData("45000028acf80000400649d4c0000201c0000202f6500050b5c972cb00000000500205c806e10000", "4_64_0_0_1480_0_x", "nping")]
    public void What_was_measured_has_the_print_and_the_name_that_were_agreed_on(string packet, string print, string label)
    {
        byte[] bytes = Convert.FromHexString(packet);
        Assert.True(TcpSyn.TryRead(bytes, bytes.AsSpan(bytes[0] >> 4 == 6 ? 40 : 20), 0, out TcpSyn syn));
        Assert.Equal(print, SynPrint.Compute(in syn));
        Assert.Equal(label, Shipped(print));
    }

    [Fact]
    public void What_differs_from_one_connection_to_the_next_is_not_in_it()
    {
        Random random = new(3);
        for (int i = 0; i < 1000; i++)
        {
            byte[] options = [.. s_linux.Options];
            random.NextBytes(options.AsSpan(9, 3));
            options[9] |= 1;
            Assert.Equal(
                "4_64_mstnw_di_mm_e_7",
                (s_linux with { Id = (ushort)random.Next(1, 65_536), Sequence = (uint)random.Next(1, int.MaxValue), Options = options }).Print());
        }
    }

    [Fact]
    public void The_distance_is_not_in_it_and_is_told_beside_it()
    {
        for (int hops = 0; hops < 64; hops++)
        {
            SynBytes far = s_linux with { HopLimit = (byte)(64 - hops) };
            Assert.Equal(("4_64_mstnw_di_mm_e_7", hops), (far.Print(), far.Distance()));
        }

        Assert.Equal(("4_128_mstnw_di_mm_e_7", 63), ((s_linux with { HopLimit = 65 }).Print(), (s_linux with { HopLimit = 65 }).Distance()));
        Assert.Equal(("4_255_mstnw_di_mm_e_7", 0), ((s_linux with { HopLimit = 255 }).Print(), (s_linux with { HopLimit = 255 }).Distance()));
    }

    [Theory]
    [InlineData(1460, 64_240, "mm_e")]
    [InlineData(1452, 65_340, "mm_p")]
    [InlineData(1340, 64_320, "mm_p")]
    [InlineData(8960, 62_720, "mm_j")]
    [InlineData(1380, 64_240, "mm_p")]
    [InlineData(1460, 29_200, "m20_e")]
    [InlineData(1400, 29_200, "m20_p")]
    [InlineData(1460, 4_500, "u3_e")]
    [InlineData(1360, 6_000, "u4_p")]
    [InlineData(1460, 65_535, "65535_e")]
    [InlineData(536, 8_192, "8192_s")]
    [InlineData(1, 8_192, "8192_s")]
    [InlineData(0, 8_192, "8192_s")]
    [InlineData(1460, 0, "0_e")]
    public void A_window_is_told_by_what_fits_into_a_segment_also_where_a_router_has_lowered_that(int mss, int window, string told) =>
        Assert.Equal($"4_64_mstnw_di_{told}_7", (s_linux with { Window = (ushort)window, Options = Mss(mss, s_linux.Options) }).Print());

    [Theory]
    [InlineData("", "0")]
    [InlineData("01010101", "nnnn")]
    [InlineData("020405b4", "m")]
    [InlineData("020405b400000000", "me3")]
    [InlineData("020405b400000001", "me3")]
    [InlineData("01010402", "nns")]
    [InlineData("22020101", "fnn")]
    [InlineData("fe04f989", "f")]
    [InlineData("fe04e2e4", "x254")]
    [InlineData("4c04000000000000", "x76e3")]
    [InlineData("0206000001010101", "x2nn")]
    [InlineData("03050700", "b")]
    [InlineData("02010000", "b")]
    [InlineData("01010102", "nnnb")]
    [InlineData("1e0400011d040001", "pa")]
    [InlineData("1312000000000000000000000000000000000101", "dnn")]
    public void Options_are_told_in_their_order_with_padding_and_what_is_broken(string options, string told) =>
        Assert.Equal(told, (s_linux with { Options = Convert.FromHexString(options) }).Print()!.Split('_')[2]);

    public static TheoryData<string, string> Oddities => new()
    {
        { "d", "df and no id" }, { "di", "df and id" }, { "z", "neither" }, { "0", "id alone" }, { "div", "reserved bit" }, { "dio", "ip options" }, { "die", "ecn" },
        { "dia", "accurate ecn" }, { "dic", "half of ecn" }, { "dir", "reserved flags" }, { "dih", "push" }, { "dig", "urgent" }, { "diu", "urgent pointer" }, { "dik", "acknowledgement" },
        { "diq", "no sequence number" }, { "dip", "payload" }, { "dit", "no time" }, { "diy", "echo" }, { "dil", "after the end" }, { "diw", "scale" }, { "f", "flow label" },
    };

    [Theory]
    [MemberData(nameof(Oddities))]
    public void Oddities_are_told_by_a_letter_each(string letters, string what)
    {
        byte[] time = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7];
        byte[] echo = [.. s_linux.Options];
        echo[15] = 1;
        SynBytes syn = what switch
        {
            "df and no id" => s_linux with { Id = 0 },
            "neither" => s_linux with { Id = 0, Fragment = 0 },
            "id alone" => s_linux with { Fragment = 0 },
            "reserved bit" => s_linux with { Fragment = 0xc000 },
            "ip options" => s_linux with { IpOptionWords = 2 },
            "ecn" => s_linux with { Flags = 0x0c2 },
            "accurate ecn" => s_linux with { Flags = 0x1c2 },
            "half of ecn" => s_linux with { Flags = 0x042 },
            "reserved flags" => s_linux with { Flags = 0x802 },
            "push" => s_linux with { Flags = 0x00a },
            "urgent" => s_linux with { Flags = 0x022, Urgent = 5 },
            "urgent pointer" => s_linux with { Urgent = 5 },
            "acknowledgement" => s_linux with { Acknowledgement = 1 },
            "no sequence number" => s_linux with { Sequence = 0 },
            "payload" => s_linux with { Payload = 1 },
            "no time" => s_linux with { Options = time },
            "echo" => s_linux with { Options = echo },
            "after the end" => s_linux with { Options = [2, 4, 5, 0xb4, 0, 0, 0, 1] },
            "scale" => s_linux with { Options = [2, 4, 5, 0xb4, 1, 3, 3, 15] },
            "flow label" => s_linux with { V6 = true, FlowLabel = 9 },
            _ => s_linux,
        };
        Assert.Equal(letters, syn.Print()!.Split('_')[3]);
    }

    [Theory]
    [InlineData(0x12)]
    [InlineData(0x10)]
    [InlineData(0x04)]
    [InlineData(0x00)]
    public void Only_a_syn_that_opens_has_one(ushort flags) => Assert.Null((s_linux with { Flags = flags }).Print());

    [Fact]
    public void What_is_cut_is_not_read()
    {
        (byte[] ip, byte[] tcp) = (s_linux.Ip(), s_linux.Tcp());
        for (int i = 0; i < ip.Length; i++)
        {
            Assert.False(TcpSyn.TryRead(ip.AsSpan(0, i), tcp, 0, out _));
        }

        for (int i = 0; i < tcp.Length; i++)
        {
            Assert.False(TcpSyn.TryRead(ip, tcp.AsSpan(0, i), 0, out _));
        }
    }

    [Fact]
    public void Whatever_the_headers_hold_the_print_is_short_plain_and_one_that_the_database_takes()
    {
        Random random = new(5);
        byte[] bytes = new byte[100];
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = i % 2 == 0 ? (byte)0x45 : (byte)0x60;
            bytes[53] = (byte)((bytes[53] | 2) & ~0x10);
            if (TcpSyn.TryRead(bytes.AsSpan(0, 40), bytes.AsSpan(40), i % 3, out TcpSyn syn))
            {
                string print = SynPrint.Compute(in syn);
                Assert.Null(FingerprintReader.WrongValue(FingerprintKind.TcpSyn, print));
                Assert.Equal(print, Uri.EscapeDataString(print));
            }
        }
    }

    private static string? Shipped(string print)
    {
        FingerprintDatabase database = new(store: null);
        database.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        return database.Find(FingerprintKind.TcpSyn, print)?.Label;
    }
}
