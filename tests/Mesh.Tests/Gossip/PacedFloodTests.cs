using System.Net;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Gossip.Signing;
using Blackwall.Mesh.Libp2p.Gossip.Wire;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Xunit;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>A peer that sends as fast as it can, over a real connection, is read at its rate.</summary>
public sealed class PacedFloodTests
{
    private const int Rate = 64_000;
    private const int AtOnce = 128_000;
    private const int Body = 16_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flood_is_read_at_its_rate_counted_and_scored_and_an_honest_peer_is_heard_meanwhile()
    {
        using PrivateKey victimKey = PrivateKey.Generate(KeyType.Ed25519);
        using PrivateKey attackerKey = PrivateKey.Generate(KeyType.Ed25519);
        using PrivateKey honestKey = PrivateKey.Generate(KeyType.Ed25519);
        await using var victim = new MeshHost(victimKey);
        await using var attacker = new MeshHost(attackerKey);
        await using var honest = new MeshHost(honestKey);
        GossipOptions options = new() { BytesPerSecond = Rate, BytesAtOnce = AtOnce, PaceTime = TimeSpan.FromMilliseconds(100), Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8")] } };
        await using var gossip = new GossipService(victim, victimKey, options, TimeProvider.System);
        await using var honestGossip = new GossipService(honest, honestKey, options, TimeProvider.System);
        gossip.Start();
        honestGossip.Start();
        int heard = 0;
        gossip.Subscribe("t", new TopicOptions { Received = _ => Interlocked.Increment(ref heard) });
        honestGossip.Subscribe("t", new TopicOptions());
        Assert.True(Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? local));
        Multiaddr address = await victim.ListenAsync(local, Cancellation);
        await attacker.DialAsync(address, victim.Id, Cancellation);
        await honest.DialAsync(address, victim.Id, Cancellation);
        IMeshStream stream = await attacker.OpenAsync(victim.Id, [GossipService.Protocol11], Cancellation);
        await UntilAsync(() => gossip.Mesh("t").Contains(honest.Id));

        // Of a topic that nobody wants: refused without a look at the signature, and read all the same.
        RpcItem[] rpc = [new RpcItem(RpcItemKind.Message, Body: MessageSignature.Sign(attackerKey, attacker.Id, 1, "other", new byte[Body]))];
        byte[] bytes = new byte[RpcWriter.Size(rpc)];
        RpcWriter.Write(rpc, bytes);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        long began = TimeProvider.System.GetTimestamp();
        Task flood = FloodAsync(stream, bytes, stop.Token);
        await UntilAsync(() => gossip.Counters.Paced > 10 && gossip.Scores()[attacker.Id] < 0);
        await honestGossip.PublishAsync("t", "true"u8.ToArray(), Cancellation);
        await UntilAsync(() => Volatile.Read(ref heard) == 1);
        long read = gossip.Counters.Unwanted * bytes.Length;
        Assert.InRange(read, AtOnce, AtOnce + (2 * bytes.Length) + (Rate * TimeProvider.System.GetElapsedTime(began).TotalSeconds));
        Assert.True(gossip.Scores()[honest.Id] >= 0);
        await stop.CancelAsync();
        stream.Reset();
        await flood;
    }

    private static async Task FloodAsync(IMeshStream stream, byte[] bytes, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await stream.WriteAsync(bytes, stop);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The end.
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), "It did not come about within 60 s.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
    }
}
