using System.Collections.Concurrent;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identity;
using Blackwall.Mesh.Sharing;
using Blackwall.Mesh.Sybil;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>A sensor of a test: a real node on loopback, in a folder of its own.</summary>
internal sealed class Sensor : IAsyncDisposable
{
    private readonly ConcurrentQueue<TrustDecision> _decisions = new();

    private Sensor(MeshNode node, string folder)
    {
        (Node, Folder) = (node, folder);
        node.Decided += _decisions.Enqueue;
    }

    /// <summary>What identities owe in a test: the same work, and little of it.</summary>
    public static IdentityProof Work { get; } = new(64, 4, 1);

    public MeshNode Node { get; }

    public string Folder { get; }

    public IReadOnlyCollection<TrustDecision> Decisions => _decisions;

    /// <summary>Several sensors of one operator, each connected with the first.</summary>
    public static async Task<Sensor[]> StartAsync(int count, CancellationToken cancellation)
    {
        string[] folders = [.. Enumerable.Range(0, count).Select(_ => Directory.CreateTempSubdirectory("blackwall-mesh-").FullName)];
        HashSet<PeerId> members = [.. folders.Select(IdOf)];
        List<Sensor> sensors = [];
        foreach (string folder in folders)
        {
            sensors.Add(await StartAsync(folder, members, sensors.Count == 0 ? [] : [sensors[0].Address], cancellation));
        }

        await UntilAsync(() => sensors.TrueForAll(sensor => sensor.Node.Listeners > 0) && sensors[0].Node.Listeners == count - 1, cancellation);
        return [.. sensors];
    }

    public static Task<Sensor> StartAsync(string folder, IReadOnlySet<PeerId> members, IReadOnlyList<Multiaddr> peers, CancellationToken cancellation) =>
        StartAsync(new SharingOptions { Folder = folder, Members = members, Peers = peers, Proof = Work }, cancellation);

    /// <summary>One that listens on loopback and is otherwise as the options say.</summary>
    public static async Task<Sensor> StartAsync(SharingOptions options, CancellationToken cancellation, TimeProvider? time = null)
    {
        string folder = options.Folder;
        MeshNode node = new(options with { Listen = [Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? any) ? any : throw new InvalidOperationException()] }, time ?? TimeProvider.System);
        Sensor sensor = new(node, folder);
        await node.StartAsync(cancellation);
        return sensor;
    }

    public Multiaddr Address => Node.Addresses[0].WithPeer(Node.Id);

    public MeshAction ActionOn(string address) => Node.Find(Value(address))?.Action ?? MeshAction.None;

    public bool Report(string address, EvidenceLevel evidence = EvidenceLevel.Exploit, string detector = "brute-force") =>
        Node.Report(new IndicatorDraft(MessageKind.Sighting, Value(address), evidence, detector, DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow(), 12, 90, TimeSpan.FromHours(24)));

    public static IndicatorValue Value(string text) => IndicatorValue.TryParseScope(text, out IndicatorValue value) ? value : throw new FormatException(text);

    public static PeerId IdOf(string folder)
    {
        using Blackwall.Mesh.Libp2p.Keys.PrivateKey key = IdentityFile.LoadOrCreate(Path.Combine(folder, "identity.key"));
        return PeerId.From(key.Public);
    }

    public static async Task UntilAsync(Func<bool> condition, CancellationToken cancellation)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
