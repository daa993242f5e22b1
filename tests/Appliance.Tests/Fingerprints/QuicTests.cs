using Blackwall.Fingerprints.Wire;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

public sealed class QuicTests
{
    private const string BrowserOverQuic = "q13d1516h2_8daaf6152771_e5627efa2ab1";
    private static readonly byte[] s_destination = Convert.FromHexString("8394c8f03e515708");
    private static readonly byte[] s_small = Hellos.Handshake(Hellos.Browser());
    private static readonly byte[] s_large = Hellos.Handshake(Hellos.Browser(keyShare: 1300));

    private readonly Prints _prints = new();

    public static TheoryData<uint> Versions => [QuicClient.Version1, QuicClient.Version2, QuicClient.Draft29, 0xff000022, 0xff00001b, 0xfaceb001];

    // RFC 9001 A.1 and RFC 9369 A.1.
    [Theory]
    [InlineData(QuicClient.Version1, "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c", "9f50449e04a0e810283a1e9933adedd2")]
    [InlineData(QuicClient.Version2, "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9")]
    public void The_client_of_these_tests_has_the_keys_of_the_rfcs(uint version, string key, string iv, string mask)
    {
        QuicClient client = new(version, s_destination);
        Assert.Equal((key, iv, mask), (Convert.ToHexStringLower(client.Key), Convert.ToHexStringLower(client.Iv), Convert.ToHexStringLower(client.Mask)));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_hello_in_one_datagram(uint version)
    {
        _prints.Quic(new QuicClient(version, s_destination).Seal(QuicClient.Crypto(s_small, 0, s_small.Length)));
        Assert.Equal([BrowserOverQuic], _prints.Of());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_post_quantum_hello_over_two_datagrams_in_either_order(uint version)
    {
        QuicClient client = new(version, s_destination);
        byte[] first = client.Seal(QuicClient.Crypto(s_large, 0, 1000));
        byte[] second = client.Seal(QuicClient.Crypto(s_large, 1000, s_large.Length - 1000), number: 1);
        _prints.Quic(first, port: 1);
        _prints.Quic(second, port: 1);
        _prints.Quic(second, port: 2);
        _prints.Quic(second, port: 2);
        _prints.Quic(first, port: 2);
        Assert.Equal([BrowserOverQuic], _prints.Of());
        Assert.Equal(2, _prints.Stage.Counters["ja4"]);
    }

    [Fact]
    public void Frames_in_disorder_doubled_and_among_others()
    {
        byte[] frames =
        [
            1, .. QuicClient.Crypto(s_small, 150, s_small.Length - 150), 0, 0, 0, .. QuicClient.Crypto(s_small, 40, 60), 1,
            .. QuicClient.Crypto(s_small, 0, 50), .. QuicClient.Crypto(s_small, 40, 60), 2, 0, 0, 0, 0, .. QuicClient.Crypto(s_small, 90, 70),
        ];
        _prints.Quic(new QuicClient(QuicClient.Version1, s_destination).Seal(frames));
        Assert.Equal([BrowserOverQuic], _prints.Of());
    }

    [Fact]
    public void Initials_that_share_a_datagram()
    {
        QuicClient client = new(QuicClient.Version1, s_destination);
        byte[] datagram = [.. client.Seal(QuicClient.Crypto(s_small, 100, s_small.Length - 100), length: 0), .. client.Seal(QuicClient.Crypto(s_small, 0, 100), number: 1, length: 900)];
        _prints.Quic(datagram);
        Assert.Equal([BrowserOverQuic], _prints.Of());
    }

    [Fact]
    public void After_a_retry_the_keys_come_from_the_new_id()
    {
        _prints.Quic(new QuicClient(QuicClient.Version1, s_destination).Seal(QuicClient.Crypto(s_large, 0, 500)));
        QuicClient again = new(QuicClient.Version1, [1, 2, 3, 4, 5]);
        _prints.Quic(again.Seal(QuicClient.Crypto(s_large, 0, 1000), number: 1, token: [9, 9, 9]));
        Assert.Empty(_prints.Of());
        _prints.Quic(again.Seal(QuicClient.Crypto(s_large, 1000, s_large.Length - 1000), number: 2, token: [9, 9, 9]));
        Assert.Equal([BrowserOverQuic], _prints.Of());
    }

    [Fact]
    public void Once_the_server_has_chosen_its_id_the_first_keys_go_on()
    {
        QuicClient client = new(QuicClient.Version1, s_destination);
        _prints.Quic(client.Seal(QuicClient.Crypto(s_large, 0, 1000)));
        _prints.Quic(client.Seal(QuicClient.Crypto(s_large, 1000, s_large.Length - 1000), number: 1, under: [7, 7, 7, 7]));
        Assert.Equal([BrowserOverQuic], _prints.Of());
    }

    [Fact]
    public void What_was_not_sealed_with_its_keys_opens_nothing()
    {
        byte[] packet = new QuicClient(QuicClient.Version1, s_destination).Seal(QuicClient.Crypto(s_small, 0, s_small.Length));
        for (int at = 0; at < packet.Length; at += 7)
        {
            byte[] broken = [.. packet];
            broken[at] ^= 0x10;
            _prints.Quic(broken, port: at + 1);
        }

        Assert.Empty(_prints.Of());
        Assert.Equal(0, _prints.Stage.Counters["hellosWaiting"]);
    }

    [Fact]
    public void A_version_that_is_not_known_is_left_alone()
    {
        byte[] packet = new QuicClient(QuicClient.Version1, s_destination).Seal(QuicClient.Crypto(s_small, 0, s_small.Length));
        packet[4] = 9;
        ReadOnlySpan<byte> datagram = packet;
        Assert.False(QuicInitial.TryHead(ref datagram, out _, out _, out _, out _));
    }
}
