using Blackwall.Kernel.Abi;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

/// <summary>Hellos as networks bring them, through the stage.</summary>
public sealed class LiveHelloTests
{
    // With an X25519MLKEM768 share (1,216 bytes) a hello is larger than a segment.
    private static readonly byte[] s_large = Hellos.Records(Hellos.Browser(keyShare: 1300));

    private readonly Prints _prints = new();

    private static byte[][] Segments(byte[] stream, int size) => [.. stream.Chunk(size)];

    private void OnlyTheBrowser() => Assert.Equal([Hellos.BrowserJa4], _prints.Of());

    [Fact]
    public void A_hello_in_one_segment()
    {
        _prints.Tls(Hellos.Records(Hellos.Browser()));
        OnlyTheBrowser();
        Assert.Equal(0, _prints.Stage.Counters["hellosWaiting"]);
    }

    [Theory]
    [InlineData(1400)]
    [InlineData(700)]
    [InlineData(100)]
    [InlineData(61)]
    public void A_post_quantum_hello_cut_into_segments(int size)
    {
        Assert.InRange(s_large.Length, 1500, 1900);
        uint sequence = uint.MaxValue - 300;
        foreach (byte[] segment in Segments(s_large, size))
        {
            _prints.Tls(segment, sequence);
            sequence = unchecked(sequence + (uint)segment.Length);
        }

        OnlyTheBrowser();
    }

    [Fact]
    public void Segments_in_every_order_and_doubled()
    {
        byte[][] parts = Segments(s_large, 600);
        Assert.Equal(3, parts.Length);
        int port = 1;
        foreach (int[] order in (int[][])[[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0], [0, 0, 1, 1, 2], [2, 2, 1, 0]])
        {
            foreach (int part in order)
            {
                _prints.Tls(parts[part], (uint)(5000 + (600 * part)), port: 1000 + port);
            }

            Assert.Equal(port++, _prints.Book.Find(Blackwall.Pipeline.Model.Address.Parse(Prints.Client)).Single().Count);
        }

        OnlyTheBrowser();
    }

    [Fact]
    public void Segments_that_overlap()
    {
        _prints.Tls(s_large.AsSpan(0, 900), 100);
        _prints.Tls(s_large.AsSpan(500), 600);
        OnlyTheBrowser();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void A_hello_in_many_records(int records)
    {
        _prints.Tls(Hellos.Records(Hellos.Browser(), records));
        OnlyTheBrowser();
    }

    [Fact]
    public void The_second_hello_of_a_flow_counts_for_nothing()
    {
        _prints.Tls(Hellos.Records(Hellos.Browser()));
        _prints.Tls(Hellos.Records(Hellos.Body([0x1301], null)), 3000);
        OnlyTheBrowser();
        _prints.Tls(Hellos.Records(Hellos.Body([0x1301], null)), 3000, port: 40001);
        Assert.Equal(2, _prints.Of().Count());
    }

    [Fact]
    public void On_a_flow_that_we_opened_the_client_is_the_host_inside()
    {
        _prints.Tls(Hellos.Records(Hellos.Browser()), direction: FlowDirection.Outbound);
        Assert.Empty(_prints.Of());
        Assert.Equal([Hellos.BrowserJa4], _prints.Of("192.0.2.10"));
    }

    [Fact]
    public void Hellos_that_never_end_stay_bounded()
    {
        for (int port = 0; port < 20_000; port++)
        {
            _prints.Tls(s_large.AsSpan(0, 200), port: port);
        }

        Assert.Equal(4096, _prints.Stage.Counters["hellosWaiting"]);
        Assert.Equal(20_000 - 4096, _prints.Stage.Counters["hellosAbandoned"]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Dtls_fragments_in_either_order(int first, int second)
    {
        byte[] body = Hellos.Body([0xc02b], [(0x000d, Hellos.List16(0x0403))], 0xfefd, datagram: true);
        byte[][] datagrams = [Hellos.Dtls(body, 0, 30), Hellos.Dtls(body, 30, body.Length - 30)];
        _prints.Dtls(datagrams[first]);
        _prints.Dtls(datagrams[second]);
        Assert.StartsWith("dd2i010100_", Assert.Single(_prints.Of()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dtls_hello_after_a_cookie_is_the_same_client()
    {
        byte[] body = Hellos.Body([0xc02b], null, 0xfefd, datagram: true);
        _prints.Dtls(Hellos.Dtls(body, 0, body.Length));
        _prints.Dtls(Hellos.Dtls(body, 0, body.Length, message: 1));
        Assert.Equal(1, _prints.Book.Find(Blackwall.Pipeline.Model.Address.Parse(Prints.Client)).Single().Count);
    }
}
