using System.Runtime.InteropServices;
using System.Text.Json;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Identity;
using Blackwall.Mesh.Libp2p.Kad;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Mdns;

namespace Blackwall.Mesh.Peer;

/// <summary>The diagnostic peer: a host whose events are told as lines.</summary>
internal static class PeerProcess
{
    private const int Failed = 1;

    // Exit code when standard output cannot be written: nobody would learn of anything.
    private const int NoOutput = 3;

    public static async Task<int> RunAsync(PeerOptions options, Stream output, TextWriter errors)
    {
        using var stopping = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }

        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            using PrivateKey key = options.Identity is { } file ? IdentityFile.LoadOrCreate(file, options.KeyType) : PrivateKey.Generate(options.KeyType);
            if (options.KeyTypeAsked && key.Public.Type != options.KeyType)
            {
                throw new MeshException($"the identity in {options.Identity} is of the kind {key.Public.Type.ToString().ToLowerInvariant()}, and --key-type asks for {options.KeyType.ToString().ToLowerInvariant()}.");
            }

            await using var lines = new EventLines(output);
            _ = lines.Broken.ContinueWith(_ => stopping.CancelAsync(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await RunAsync(options, key, lines, stopping.Token);
            if (!lines.Broken.IsCompleted)
            {
                return 0;
            }

            await errors.WriteLineAsync($"blackwall mesh peer: standard output cannot be written: {await lines.Broken}");
            return NoOutput;
        }
        catch (MeshException exception)
        {
            await errors.WriteLineAsync($"blackwall mesh peer: {exception.Message}");
            return Failed;
        }
    }

    private static async Task RunAsync(PeerOptions options, PrivateKey key, EventLines lines, CancellationToken stopping)
    {
        await using var host = new MeshHost(key);
        host.Connected += connection => lines.WriteEvent("connection", json => WriteConnection(json, connection));
        host.Disconnected += (connection, reason) => lines.WriteEvent("disconnection", json =>
        {
            WriteConnection(json, connection);
            json.WriteString("reason", reason);
        });
        host.Identified += info => lines.WriteEvent("identify", json => WriteInfo(json, info));
        host.Fault += exception => lines.WriteEvent("error", json => json.WriteString("message", exception.ToString()));
        host.Handle(EchoProtocol.Name, EchoProtocol.AnswerAsync);
        await using var topics = new PeerTopics(options, host, key, lines);
        await using KadService? kad = options.KadPrefix is { } prefix ? new KadService(host, new KadOptions { Protocol = prefix }, TimeProvider.System) : null;
        kad?.Start();

        foreach (Multiaddr address in options.Listen)
        {
            await host.ListenAsync(address, stopping);
        }

        lines.WriteEvent("ready", json =>
        {
            json.WriteString("peerId", host.Id.ToString());
            WriteList(json, "multiaddrs", host.Addresses.Select(address => address.WithPeer(host.Id).ToString()));
        });
        using NearbyPeers nearby = new(host);
        await using MdnsDiscovery? mdns = options.Mdns ? new MdnsDiscovery(host, new MdnsOptions(), TimeProvider.System) : null;
        if (mdns is not null)
        {
            mdns.Found += found => TellDiscovery(lines, found);
            mdns.Found += nearby.Add;
            await mdns.StartAsync(stopping);
        }

        // A terminal is not read: the peer may run in its background.
        Task commands = Console.IsInputRedirected ? Task.Run(() => new PeerCommands(host, topics, kad, lines).RunAsync(Console.In, stopping), CancellationToken.None) : Task.CompletedTask;
        _ = commands.ContinueWith(
            ended => lines.WriteEvent("error", json => json.WriteString("message", $"standard input: {ended.Exception!.InnerException!.Message}")),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
        Task[] keeping = [nearby.ConnectAsync(stopping), .. options.Dial.Select(address => PeerKeeper.KeepAsync(
            host, address, TimeProvider.System, problem => lines.WriteEvent("error", json =>
            {
                json.WriteString("address", address.ToString());
                json.WriteString("message", problem.Message);
            }), stopping))];
        await Task.WhenAll([.. keeping, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping)]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void TellDiscovery(EventLines lines, PeerAddresses found) => lines.WriteEvent("discovery", json =>
    {
        json.WriteString("peer", found.Id.ToString());
        WriteList(json, "multiaddrs", found.Addresses.Select(address => address.ToString()));
    });

    private static void WriteConnection(Utf8JsonWriter json, IMeshConnection connection)
    {
        json.WriteString("peer", connection.Remote.ToString());
        json.WriteString("address", connection.RemoteAddress.ToString());
        json.WriteString("direction", connection.Outbound ? "outbound" : "inbound");
        json.WriteString("keyType", connection.RemoteKey.Type.ToString().ToLowerInvariant());
    }

    private static void WriteInfo(Utf8JsonWriter json, PeerInfo info)
    {
        json.WriteString("peer", info.Id.ToString());
        json.WriteString("agentVersion", info.AgentVersion);
        json.WriteString("protocolVersion", info.ProtocolVersion);
        WriteList(json, "protocols", info.Protocols);
        WriteList(json, "listenAddrs", info.ListenAddresses.Select(address => address.ToString()));
        if (info.ObservedAddress is { } observed)
        {
            json.WriteString("observedAddr", observed.ToString());
        }
    }

    internal static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
