using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Peer;
using Xunit;

namespace Blackwall.Tests.Mesh.Hostile;

/// <summary>A host under attack, and an honest one that must get through all the same.</summary>
internal sealed class HostileFixture : IAsyncDisposable
{
    private readonly PrivateKey _key = PrivateKey.Generate(KeyType.Ed25519);
    private readonly PrivateKey _honestKey = PrivateKey.Generate(KeyType.Ed25519);

    private HostileFixture(MeshHostOptions? options)
    {
        Host = new MeshHost(_key, options ?? Quick);
        Honest = new MeshHost(_honestKey);
        Host.Fault += exception => Faults.Add(exception);
        Host.Handle(EchoProtocol.Name, EchoProtocol.AnswerAsync, new StreamLimits(PerPeer: 64));
    }

    /// <summary>The usual limits with less patience, so that a test need not have more.</summary>
    public static MeshHostOptions Quick { get; } = new() { UpgradeTimeout = TimeSpan.FromSeconds(2), NegotiationTimeout = TimeSpan.FromSeconds(2), IdentifyTimeout = TimeSpan.FromSeconds(2) };

    public MeshHost Host { get; }

    public MeshHost Honest { get; }

    public Multiaddr Address { get; private set; } = null!;

    /// <summary>What failed in the host that no peer may make fail.</summary>
    public List<Exception> Faults { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HostileFixture> StartAsync(MeshHostOptions? options = null)
    {
        var fixture = new HostileFixture(options);
        Assert.True(Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? local));
        fixture.Address = await fixture.Host.ListenAsync(local, Cancellation);
        return fixture;
    }

    /// <summary>The host serves an honest peer, and nothing of the attack is left.</summary>
    public async Task AssertUnharmedAsync()
    {
        await Honest.DialAsync(Address, Host.Id, Cancellation);
        await Honest.Ping.PingAsync(Host.Id, Cancellation);
        await EventuallyAsync(() => Host.Connections.All(connection => connection.Remote == Honest.Id));
        Assert.Empty(Faults);
    }

    public static async Task EventuallyAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30), "It did not come about within 30 s.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Honest.DisposeAsync();
        await Host.DisposeAsync();
        _key.Dispose();
        _honestKey.Dispose();
    }
}
