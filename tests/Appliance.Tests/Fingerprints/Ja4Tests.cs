using Blackwall.Fingerprints;
using Blackwall.Fingerprints.Wire;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

public sealed class Ja4Tests
{
    private static Ja4Forms Forms(byte[] body, char transport = 't', bool datagram = false)
    {
        Assert.True(ClientHello.TryRead(body, datagram, out ClientHello hello));
        return Ja4.Forms(in hello, transport);
    }

    private static string Head(byte[] body, char transport = 't', bool datagram = false) => Forms(body, transport, datagram).Sorted[..10];

    [Fact]
    public void The_published_example_has_its_published_fingerprint()
    {
        Ja4Forms forms = Forms(Hellos.Browser());
        Assert.Equal(Hellos.BrowserJa4, forms.Sorted);
        Assert.Equal(
            "t13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9_0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01_0403,0804,0401,0503,0805,0501,0806,0601",
            forms.SortedRaw);
        Assert.StartsWith("t13d1516h2_1301,1302,1303,c02b,", forms.OriginalRaw, StringComparison.Ordinal);
        Assert.Contains("_0000,0017,ff01,000a,000b,0023,0010,", forms.OriginalRaw, StringComparison.Ordinal);
    }

    [Fact]
    public void Made_up_values_count_nowhere()
    {
        ushort[] grease = [.. Enumerable.Range(0, 16).Select(i => (ushort)((i << 12) | 0x0a00 | (i << 4) | 0x0a))];
        Assert.All(grease, value => Assert.True(Ja4.IsGrease(value)));
        Assert.False(Ja4.IsGrease(0x0a1a));
        Assert.Equal("t12i010000", Head(Hellos.Body([.. grease, 0x1301], [.. grease.Select(type => (type, Array.Empty<byte>()))])));
    }

    [Fact]
    public void A_hello_without_ciphers_and_extensions_has_zeros()
    {
        Assert.Equal("t12i000000_000000000000_000000000000", Forms(Hellos.Body([], null)).Sorted);
        Assert.Equal("t12i000000_000000000000_000000000000", Forms(Hellos.Body([], [])).Sorted);
        Assert.Equal("t12d000100_000000000000_000000000000", Forms(Hellos.Body([], [(0, Hellos.ServerName("a"))])).Sorted);
    }

    [Fact]
    public void Counts_end_at_ninety_nine() => Assert.Equal(
        "t12i999900", Head(Hellos.Body([.. Enumerable.Range(0x2000, 150).Select(c => (ushort)c)], [.. Enumerable.Range(0x3000, 120).Select(t => ((ushort)t, Array.Empty<byte>()))])));

    [Theory]
    [InlineData("6832", "h2")]
    [InlineData("687474702f312e31", "h1")]
    [InlineData("68", "hh")]
    [InlineData("ab", "ab")]
    [InlineData("2061", "21")]
    [InlineData("6120", "60")]
    [InlineData("3031abcd", "3d")]
    [InlineData("baad", "bd")]
    [InlineData("", "00")]
    public void The_first_protocol_is_told_by_its_ends(string name, string told) => Assert.EndsWith(
        told, Head(Hellos.Body([0x1301], [(0x0010, Hellos.Alpn(Convert.FromHexString(name), "zz"u8.ToArray()))])), StringComparison.Ordinal);

    [Fact]
    public void An_empty_list_of_protocols_is_none() => Assert.EndsWith("00", Head(Hellos.Body([0x1301], [(0x0010, [0, 0])])), StringComparison.Ordinal);

    [Theory]
    [InlineData(0x0304, "13")]
    [InlineData(0x0302, "11")]
    [InlineData(0x0300, "s3")]
    [InlineData(0x0002, "s2")]
    [InlineData(0xfefc, "d3")]
    [InlineData(0x7f1c, "00")]
    public void The_version_is_the_highest_that_is_offered_and_else_the_old_field(int version, string told)
    {
        Assert.Equal(told, Head(Hellos.Body([0x1301], null, (ushort)version))[1..3]);
        Assert.Equal(told, Head(Hellos.Body([0x1301], [(0x002b, [4, 0x9a, 0x9a, (byte)(version >> 8), (byte)version])]))[1..3]);
    }

    [Fact]
    public void Of_dtls_the_lowest_number_is_the_newest_version() => Assert.Equal(
        "dd2i010100", Head(Hellos.Body([0x1301], [(0x002b, [4, 0xfe, 0xff, 0xfe, 0xfd])], 0xfefd, datagram: true), 'd', datagram: true));

    [Fact]
    public void Algorithms_are_taken_from_their_own_extension_alone()
    {
        string with = Forms(Hellos.Body([0x1301], [(0x000d, Hellos.List16(0x0403)), (0x0022, Hellos.List16(0x0503))])).SortedRaw;
        Assert.EndsWith("_000d,0022_0403", with, StringComparison.Ordinal);
        Assert.EndsWith("_0022", Forms(Hellos.Body([0x1301], [(0x0022, Hellos.List16(0x0503))])).SortedRaw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("curl", "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6")]
    [InlineData("node", "t13d5911h1_a33745022dd6_1f22a2ca17c4")]
    [InlineData("nmap-ssl-enum", "t12i640300_e7b476f9520b_c54f48fd7c65")]
    public void Hellos_of_real_programs_have_the_fingerprint_that_another_implementation_gave(string name, string expected)
    {
        Prints prints = new();
        prints.Tls(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fingerprints", "Real", name + ".bin")));
        Assert.Equal([expected], prints.Of());
    }

    [Fact]
    public void A_cut_hello_is_none()
    {
        byte[] body = Hellos.Browser();
        for (int length = 0; length < body.Length; length++)
        {
            // Before the extensions a hello of old may end.
            Assert.Equal(length == 34 + 1 + 2 + 32 + 2, ClientHello.TryRead(body.AsSpan(0, length), datagram: false, out _));
        }
    }
}
