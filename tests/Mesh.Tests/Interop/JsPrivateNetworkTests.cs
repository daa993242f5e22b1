using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.PrivateNetwork;
using Xunit;

namespace Blackwall.Tests.Mesh.Interop;

/// <summary>A private network with js-libp2p, and between two of ours.</summary>
public sealed class JsPrivateNetworkTests
{
    private const string KeyText = "/key/swarm/psk/1.0.0/\n/base16/\n3c96e1d0a1b7c8f95a4d2e6b7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2\n";
    private static readonly Multiaddr Local = Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? address) ? address : null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task We_dial_a_js_peer_of_our_network_and_no_other_key_gets_in()
    {
        await using JsPeer js = await JsPeer.StartAsync(new { swarmKey = KeyText });
        await using (MeshHost host = Host(KeyText))
        {
            Assert.Equal(js.Id, (await host.DialAsync(js.Address, expected: null, Cancellation)).Remote);
        }

        await using MeshHost other = Host(KeyText.Replace("3c96", "0000", StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<Exception>(() => other.DialAsync(js.Address, expected: null, Cancellation));
        await using MeshHost open = Host(null);
        await Assert.ThrowsAnyAsync<Exception>(() => open.DialAsync(js.Address, expected: null, Cancellation));
    }

    [Fact]
    public async Task A_js_peer_of_our_network_dials_us()
    {
        await using JsPeer js = await JsPeer.StartAsync(new { swarmKey = KeyText, listen = "" });
        await using MeshHost host = Host(KeyText);
        var connected = new TaskCompletionSource<PeerId>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Connected += connection => connected.TrySetResult(connection.Remote);
        Multiaddr address = (await host.ListenAsync(Local, Cancellation)).WithPeer(host.Id);
        await js.AskAsync("dial", new { address = address.ToString() });
        Assert.Equal(js.Id, await connected.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
    }

    [Theory]
    [InlineData("/key/swarm/psk/1.0.0/\n/base64/\nPJbh0KG3yPlaTS5rf4CRorPE1eb3CBkqO0xdbn+AkaI=\n", null)]
    [InlineData("/key/swarm/psk/2.0.0/\n/base16/\n00", "the first line")]
    [InlineData("/key/swarm/psk/1.0.0/\n/hex/\n00", "the second line")]
    [InlineData("/key/swarm/psk/1.0.0/\n/base16/\n00", "32 bytes")]
    [InlineData("", "three lines")]
    public void A_key_file_is_read_or_said_to_be_wrong(string text, string? wrong)
    {
        SwarmKey? key = SwarmKey.TryParse(text, out string? error);
        Assert.Equal(wrong is null, key is not null);
        Assert.Contains(wrong ?? "", error ?? "", StringComparison.Ordinal);
    }

    private static MeshHost Host(string? key) => new(PrivateKey.Generate(KeyType.Ed25519), new MeshHostOptions { Swarm = key is null ? null : SwarmKey.TryParse(key, out _), UpgradeTimeout = TimeSpan.FromSeconds(3) });
}
