using System.Text.Json.Nodes;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Peer;
using Xunit;

namespace Blackwall.Tests.Mesh.Interop;

/// <summary>Our host against js-libp2p: both ways of dialling, all kinds of keys.</summary>
public sealed class JsInteropTests
{
    private static readonly Multiaddr Local = Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? address) ? address : null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Ed25519", KeyType.Ed25519)]
    [InlineData("secp256k1", KeyType.Secp256k1)]
    [InlineData("RSA", KeyType.Rsa)]
    public async Task We_dial_js_and_identify_ping_and_exchange_streams_both_ways(string theirs, KeyType ours)
    {
        await using JsPeer js = await JsPeer.StartAsync(new { keyType = theirs });
        using var key = PrivateKey.Generate(ours);
        await using var host = new MeshHost(key);
        host.Handle(EchoProtocol.Name, EchoProtocol.AnswerAsync);
        var identified = new TaskCompletionSource<PeerInfo>();
        host.Identified += info => identified.TrySetResult(info);

        IMeshConnection connection = await host.DialAsync(js.Address, expected: null, Cancellation);
        Assert.Equal(js.Id, connection.Remote);
        await AssertTalkingAsync(host, js, await identified.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
    }

    [Theory]
    [InlineData("Ed25519", KeyType.Ed25519)]
    [InlineData("secp256k1", KeyType.Secp256k1)]
    [InlineData("RSA", KeyType.Rsa)]
    public async Task Js_dials_us_and_identifies_pings_and_exchanges_streams_both_ways(string theirs, KeyType ours)
    {
        await using JsPeer js = await JsPeer.StartAsync(new { keyType = theirs, listen = "" });
        using var key = PrivateKey.Generate(ours);
        await using var host = new MeshHost(key);
        host.Handle(EchoProtocol.Name, EchoProtocol.AnswerAsync);
        var identified = new TaskCompletionSource<PeerInfo>();
        host.Identified += info => identified.TrySetResult(info);

        Multiaddr address = (await host.ListenAsync(Local, Cancellation)).WithPeer(host.Id);
        await js.AskAsync("dial", new { address = address.ToString() });
        await AssertTalkingAsync(host, js, await identified.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));

        JsonObject seen = await js.EventAsync("identify");
        Assert.Equal(host.Id.ToString(), seen["peer"]!.GetValue<string>());
        Assert.StartsWith("blackwall/", seen["agent"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(seen["addresses"]!.AsArray(), told => string.Equals(address.WithoutPeer().ToString(), told!.GetValue<string>(), StringComparison.Ordinal));
        Assert.True(seen["signed"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_protocol_that_is_added_later_is_pushed_to_js()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        await using var host = new MeshHost(key);
        var identified = new TaskCompletionSource<PeerInfo>();
        host.Identified += info => identified.TrySetResult(info);
        await host.DialAsync(js.Address, expected: null, Cancellation);
        await identified.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await js.EventAsync("identify");

        host.Handle("/blackwall/later/1.0.0", EchoProtocol.AnswerAsync);
        await js.EventAsync("update", told => told["protocols"]!.AsArray().Any(protocol => protocol!.GetValue<string>() is "/blackwall/later/1.0.0"));
    }

    [Fact]
    public async Task Each_side_refuses_a_peer_that_is_not_the_one_it_dialled()
    {
        await using JsPeer js = await JsPeer.StartAsync();
        using var key = PrivateKey.Generate(KeyType.Ed25519);
        using var other = PrivateKey.Generate(KeyType.Ed25519);
        await using var host = new MeshHost(key);
        Multiaddr address = await host.ListenAsync(Local, Cancellation);

        MeshException refused = await Assert.ThrowsAsync<MeshException>(() => host.DialAsync(js.Address.WithPeer(PeerId.From(other.Public)), expected: null, Cancellation));
        Assert.Contains(js.Id.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Empty(host.Connections);
        await Assert.ThrowsAsync<InvalidOperationException>(() => js.AskAsync("dial", new { address = address.WithPeer(PeerId.From(other.Public)).ToString() }));

        await host.DialAsync(js.Address, js.Id, Cancellation);
    }

    private static async Task AssertTalkingAsync(MeshHost host, JsPeer js, PeerInfo info)
    {
        Assert.Equal(js.Id, info.Id);
        Assert.Contains("/ipfs/ping/1.0.0", info.Protocols);
        Assert.StartsWith("js-libp2p/", info.AgentVersion, StringComparison.Ordinal);
        Assert.True(await host.Ping.PingAsync(js.Id, Cancellation) > TimeSpan.Zero);
        await js.AskAsync("ping", new { peer = host.Id.ToString() });

        // More than any window, so that both sides must give it back.
        const int Bytes = 3_000_000;
        JsonObject echoed = await js.AskAsync("echo", new { peer = host.Id.ToString(), bytes = Bytes });
        Assert.Equal((Bytes, true), (echoed["received"]!.GetValue<int>(), echoed["same"]!.GetValue<bool>()));
        Assert.Equal(Bytes, await EchoAsync(host, js.Id, Bytes));
        Assert.Equal(0, host.Counters[MeshLoss.ProtocolBreach]);
    }

    private static async Task<int> EchoAsync(MeshHost host, PeerId peer, int bytes)
    {
        await using IMeshStream stream = await host.OpenAsync(peer, [EchoProtocol.Name], Cancellation);
        byte[] sent = new byte[bytes];
        new Random(1).NextBytes(sent);
        Task writing = WriteAsync(stream, sent);
        byte[] got = new byte[bytes];
        await stream.ReadExactlyAsync(got, Cancellation);
        await writing;
        Assert.True(sent.AsSpan().SequenceEqual(got));
        return await stream.ReadAsync(new byte[1], Cancellation) == 0 ? got.Length : -1;
    }

    private static async Task WriteAsync(IMeshStream stream, byte[] bytes)
    {
        await stream.WriteAsync(bytes, Cancellation);
        await stream.CloseWriteAsync(Cancellation);
    }
}
