using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Tests.Mesh.Interop;

namespace Blackwall.Benchmarks.Mesh;

/// <summary>A peer of ours in a process of its own, which takes and tells the lines that the js peer does.</summary>
internal sealed class MeshNode : IAsyncDisposable
{
    private readonly PrivateKey _key = PrivateKey.Generate(KeyType.Ed25519);
    private readonly MeshHost _host;
    private readonly GossipService? _gossip;
    private readonly List<MeshHost> _crowd = [];
    private readonly ConcurrentBag<double> _latencies = [];
    private readonly Multiaddr _local;
    private int _received;

    private MeshNode(bool gossip)
    {
        _local = Multiaddr.TryParse("/ip4/127.0.0.1/tcp/0", out Multiaddr? local) ? local : throw new InvalidOperationException();
        _host = new MeshHost(_key);
        if (gossip)
        {
            var options = new GossipOptions { Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8")] } };
            _gossip = new GossipService(_host, _key, options, TimeProvider.System);
            _gossip.Start();
        }
    }

    public static Task<JsPeer> StartAsync(bool gossip) => JsPeer.StartAsync(new ProcessStartInfo(Environment.ProcessPath!, [typeof(MeshNode).Assembly.Location, "mesh-node", gossip ? "gossip" : "plain"]));

    public static async Task<int> RunAsync(string options)
    {
        long before = Environment.WorkingSet;
        await using var node = new MeshNode(options is "gossip");
        Multiaddr address = await node._host.ListenAsync(node._local, CancellationToken.None);
        Tell(new JsonObject { ["event"] = "ready", ["peer"] = node._host.Id.ToString(), ["addresses"] = new JsonArray(address.WithPeer(node._host.Id).ToString()), ["rssBefore"] = before });
        while (await Console.In.ReadLineAsync() is { } line)
        {
            JsonObject asked = JsonNode.Parse(line)!.AsObject();
            JsonObject answer;
            try
            {
                answer = await node.AnswerAsync(asked["command"]!.GetValue<string>(), asked);
            }
            catch (Exception exception)
            {
                answer = new JsonObject { ["error"] = exception.Message };
            }

            answer["event"] = "answer";
            answer["id"] = asked["id"]!.GetValue<int>();
            Tell(answer);
        }

        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (_gossip is not null)
        {
            await _gossip.DisposeAsync();
        }

        await Task.WhenAll(_crowd.Select(host => host.DisposeAsync().AsTask()));
        await _host.DisposeAsync();
        _key.Dispose();
    }

    private async Task<JsonObject> AnswerAsync(string command, JsonObject asked)
    {
        switch (command)
        {
            case "dial":
                return new JsonObject { ["peer"] = (await _host.DialAsync(Address(asked), expected: null, CancellationToken.None)).Remote.ToString() };
            case "dialMany":
                await DialManyAsync(Address(asked), asked["count"]!.GetValue<int>());
                return [];
            case "crowd":
                await CrowdAsync(Address(asked), asked["count"]!.GetValue<int>());
                return [];
            case "connections":
                return new JsonObject { ["count"] = _host.Connections.Count, ["identified"] = _host.Connections.Count(connection => _host.Info(connection.Remote) is not null) };
            case "subscribe":
                _gossip!.Subscribe(asked["topic"]!.GetValue<string>(), new TopicOptions { Received = Receive });
                return [];
            case "meshPeers":
                return new JsonObject { ["peers"] = new JsonArray([.. _gossip!.Mesh(asked["topic"]!.GetValue<string>()).Select(peer => (JsonNode)peer.ToString())]) };
            case "scores":
                return new JsonObject { ["scores"] = new JsonObject(_gossip!.Scores().Select(score => KeyValuePair.Create(score.Key.ToString(), (JsonNode?)score.Value))) };
            case "publishMany":
                await PublishAsync(asked["topic"]!.GetValue<string>(), asked["count"]!.GetValue<int>(), asked["bytes"]!.GetValue<int>(), asked["rate"]!.GetValue<int>());
                return [];
            case "received":
                return new JsonObject { ["received"] = Volatile.Read(ref _received) };
            case "latencies":
                double[] latencies = [.. _latencies.Order()];
                _latencies.Clear();
                return new JsonObject
                {
                    ["p50"] = latencies.Length == 0 ? 0 : latencies[latencies.Length / 2],
                    ["p99"] = latencies.Length == 0 ? 0 : latencies[(int)(latencies.Length * 0.99)],
                };
            case "usage":
                GC.Collect();
                TimeSpan user = Environment.CpuUsage.UserTime;
                TimeSpan system = Environment.CpuUsage.PrivilegedTime;
                return new JsonObject { ["cpu"] = new JsonObject { ["user"] = user.TotalMicroseconds, ["system"] = system.TotalMicroseconds }, ["rss"] = Environment.WorkingSet };
            default:
                throw new InvalidOperationException($"'{command}' is no command.");
        }
    }

    private async Task DialManyAsync(Multiaddr address, int count)
    {
        for (int at = 0; at < count; at++)
        {
            var identified = new TaskCompletionSource();
            void Identified(PeerInfo info) => identified.TrySetResult();
            _host.Identified += Identified;
            IMeshConnection connection = await _host.DialAsync(address, expected: null, CancellationToken.None);
            await identified.Task;
            _host.Identified -= Identified;
            await connection.CloseAsync();
        }
    }

    // Each with an identity of its own: one peer may not have so many.
    private async Task CrowdAsync(Multiaddr address, int count)
    {
        for (int at = 0; at < count; at++)
        {
            using var key = PrivateKey.Generate(KeyType.Ed25519);
            var host = new MeshHost(key);
            _crowd.Add(host);
            await host.DialAsync(address, expected: null, CancellationToken.None);
            while (host.Info(address.Peer!) is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
        }
    }

    private async Task PublishAsync(string topic, int count, int bytes, int rate)
    {
        long start = Stopwatch.GetTimestamp();
        for (int at = 0; at < count; at++)
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds * rate < at)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }

            byte[] data = new byte[bytes];
            BinaryPrimitives.WriteInt32LittleEndian(data, at);
            BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(4), Stopwatch.GetTimestamp());
            await _gossip!.PublishAsync(topic, data, CancellationToken.None);
        }
    }

    // The clock is the machine's, the same in both processes.
    private void Receive(TopicMessage message)
    {
        Interlocked.Increment(ref _received);
        _latencies.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(message.Data.Span[4..])).TotalMilliseconds);
    }

    private static Multiaddr Address(JsonObject asked) =>
        Multiaddr.TryParse(asked["address"]!.GetValue<string>(), out Multiaddr? address) ? address : throw new InvalidOperationException("No multiaddr.");

    private static void Tell(JsonObject line)
    {
        Console.Out.WriteLine(line.ToJsonString());
        Console.Out.Flush();
    }
}
