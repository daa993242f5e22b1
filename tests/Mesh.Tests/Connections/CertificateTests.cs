using System.Security.Cryptography.X509Certificates;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Quic;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using PublicKey = Blackwall.Mesh.Libp2p.Keys.PublicKey;

namespace Blackwall.Tests.Mesh.Connections;

/// <summary>The TLS certificates of QUIC, by the test vectors of the libp2p specification "tls".</summary>
public sealed class CertificateTests
{
    private const string Start = "a0030201020204499602d2300a06082a8648ce3d040302302031123010060355040a13096c69627032702e696f310a300806035504051301313020170d3735303130313133303030305a180f34303936303130313133303030305a302031123010060355040a13096c69627032702e696f310a300806035504051301313059301306072a8648ce3d020106082a8648ce3d030107034200040c901d423c831ca85e27c73c263ba132721bb9d7a84c4f0380b2a6756fd601331c8870234dec878504c174144fa4b14b66a651691606d8173e55bd37e381569ea3";
    private const string OfEd25519 = "308201ae30820156" + Start + "7c307a3078060a2b0601040183a25a0101046a3068042408011220a77f1d92fedb59dddaea5a1c4abd1ac2fbde7d7b879ed364501809923d7c11b90440d90d2769db992d5e6195dbb08e706b6651e024fda6cfb8846694a435519941cac215a8207792e42849cccc6cd8136c6e4bde92a58c5e08cfd4206eb5fe0bf909300a06082a8648ce3d0403020346003043021f50f6b6c52711a881778718238f650c9fb48943ae6ee6d28427dc6071ae55e702203625f116a7a454db9c56986c82a25682f7248ea1cb764d322ea983ed36a31b77";
    private const string OfEcdsa = "308201f63082019d" + Start + "81c23081bf3081bc060a2b0601040183a25a01010481ad3081aa045f0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004bf30511f909414ebdd3242178fd290f093a551cf75c973155de0bb5a96fedf6cb5d52da7563e794b512f66e60c7f55ba8a3acf3dd72a801980d205e8a1ad29f2044730450220064ea8124774caf8f50e57f436aa62350ce652418c019df5d98a3ac666c9386a022100aa59d704a931b5f72fb9222cb6cc51f954d04a4e2e5450f8805fe8918f71eaae300a06082a8648ce3d04030203470030440220799395b0b6c1e940a7e4484705f610ab51ed376f19ff9d7c16757cfbf61b8d4302206205c03fbb0f95205c779be86581d3e31c01871ad5d1f3435bcf375cb0e5088a";
    private const string OfSecp256k1 = "308201ba3082015f" + Start + "8184308181307f060a2b0601040183a25a01010471306f0425080212210206dc6968726765b820f050263ececf7f71e4955892776c0970542efd689d2382044630440220145e15a991961f0d08cd15425bb95ec93f6ffa03c5a385eedc34ecf464c7a8ab022026b3109b8a3f40ef833169777eb2aa337cfb6282f188de0666d1bcec2a4690dd300a06082a8648ce3d0403020349003046022100e1a217eeef9ec9204b3f774a08b70849646b6a1e6b8b27f93dc00ed58545d9fe022100b00dafa549d0f03547878338c7b15e7502888f6d45db387e5ae6b5d46899cef0";
    private const string Mismatched = "308201f73082019d" + Start + "81c23081bf3081bc060a2b0601040183a25a01010481ad3081aa045f0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004bf30511f909414ebdd3242178fd290f093a551cf75c973155de0bb5a96fedf6cb5d52da7563e794b512f66e60c7f55ba8a3acf3dd72a801980d205e8a1ad29f204473045022100bb6e03577b7cc7a3cd1558df0da2b117dfdcc0399bc2504ebe7de6f65cade72802206de96e2a5be9b6202adba24ee0362e490641ac45c240db71fe955f2c5cf8df6e300a06082a8648ce3d0403020348003045022100e847f267f43717358f850355bdcabbefb2cfbf8a3c043b203a14788a092fe8db022027c1d04a2d41fd6b57a7e8b3989e470325de4406e52e084e34a3fd56eef0d0df";

    [Theory]
    [InlineData(OfEd25519, "12D3KooWM6CgA9iBFZmcYAHA6A2qvbAxqfkmrYiRQuz3XEsk4Ksv")]
    [InlineData(OfEcdsa, "QmfXbAwNjJLXfesgztEHe8HwgVDCMMpZ9Eax1HYq6hn9uE")]
    [InlineData(OfSecp256k1, "16Uiu2HAkutTMoTzDw1tCvSRtu6YoixJwS46S1ZFxW8hSx9fWHiPs")]
    public void The_specifications_certificates_prove_their_peers(string hex, string expected) =>
        Assert.Equal(expected, PeerId.From(Read(Convert.FromHexString(hex), TimeProvider.System, out _)!).ToString());

    [Fact]
    public void The_specifications_bad_certificate_is_refused()
    {
        Assert.Null(Read(Convert.FromHexString(Mismatched), TimeProvider.System, out string? error));
        Assert.Contains("did not sign", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_whose_own_signature_does_not_hold_is_refused()
    {
        byte[] altered = Convert.FromHexString(OfEd25519);
        altered[^1] ^= 1;
        Assert.Null(Read(altered, TimeProvider.System, out string? error));
        Assert.Contains("own key", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KeyType.Ed25519)]
    [InlineData(KeyType.Secp256k1)]
    [InlineData(KeyType.Rsa)]
    public void Our_certificate_proves_us_while_it_is_valid(KeyType type)
    {
        using var key = PrivateKey.Generate(type);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000));
        using X509Certificate2 certificate = PeerCertificate.Create(key, time);
        Assert.Equal(key.Public, Read(certificate.RawData, time, out _));
        time.Advance(TimeSpan.FromDays(366));
        Assert.Null(Read(certificate.RawData, time, out string? error));
        Assert.Contains("time", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_library_an_address_of_quic_is_refused_in_plain_words_and_with_it_peers_connect()
    {
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        await using var host = new MeshHost(key);
        Assert.True(Multiaddr.TryParse("/ip4/127.0.0.1/udp/0/quic-v1", out Multiaddr? address));
        if (!QuicTransport.IsSupported)
        {
            MeshException refused = await Assert.ThrowsAsync<MeshException>(() => host.ListenAsync(address, TestContext.Current.CancellationToken));
            Assert.Contains("libmsquic", refused.Message, StringComparison.Ordinal);
            return;
        }

        using var otherKey = PrivateKey.Generate(KeyType.Ed25519);
        await using var other = new MeshHost(otherKey);
        Multiaddr listening = await host.ListenAsync(address, TestContext.Current.CancellationToken);
        await other.DialAsync(listening.WithPeer(host.Id), expected: null, TestContext.Current.CancellationToken);
        Assert.True(await other.Ping.PingAsync(host.Id, TestContext.Current.CancellationToken) > TimeSpan.Zero);
    }

    private static PublicKey? Read(byte[] certificate, TimeProvider time, out string? error)
    {
        using X509Certificate2 loaded = X509CertificateLoader.LoadCertificate(certificate);
        return PeerCertificate.TryRead(loaded, time, out error);
    }
}
