using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Kad;

namespace Blackwall.Mesh.Peer;

/// <summary>Commands on standard input, a JSON object a line; each is answered by an event: what it brought about, or an error.</summary>
internal sealed class PeerCommands
{
    private readonly MeshHost _host;
    private readonly PeerTopics _topics;
    private readonly KadService? _kad;
    private readonly EventLines _lines;
    private readonly Dictionary<string, Func<JsonElement, CancellationToken, Task>> _commands;

    public PeerCommands(MeshHost host, PeerTopics topics, KadService? kad, EventLines lines)
    {
        (_host, _topics, _kad, _lines) = (host, topics, kad, lines);
        _commands = new(StringComparer.Ordinal)
        {
            ["publish"] = PublishAsync,
            ["ping"] = PingAsync,
            ["findPeer"] = FindPeerAsync,
            ["closest"] = ClosestAsync,
            ["putValue"] = PutValueAsync,
            ["getValue"] = GetValueAsync,
            ["provide"] = ProvideAsync,
            ["providers"] = ProvidersAsync,
            ["stats"] = StatsAsync,
        };
    }

    /// <summary>Until the end of the input, or until it is stopped.</summary>
    public async Task RunAsync(TextReader input, CancellationToken stopping)
    {
        while (await input.ReadLineAsync(stopping) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using var asked = JsonDocument.Parse(line);
                await RunAsync(asked.RootElement, stopping);
            }
            catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or MeshException or IOException
                || (exception is OperationCanceledException && !stopping.IsCancellationRequested))
            {
                _lines.WriteEvent("error", json => json.WriteString("message", $"standard input: {exception.Message}"));
            }
        }
    }

    private Task RunAsync(JsonElement asked, CancellationToken stopping)
    {
        foreach (JsonProperty command in asked.EnumerateObject())
        {
            if (_commands.TryGetValue(command.Name, out var run))
            {
                return run(command.Value, stopping);
            }
        }

        throw new MeshException($"a command is one of {string.Join(", ", _commands.Keys)}");
    }

    private async Task PublishAsync(JsonElement asked, CancellationToken stopping)
    {
        string topic = Text(asked, "topic");
        ReadOnlyMemory<byte> id = await _topics.PublishAsync(topic, Data(asked), stopping);
        _lines.WriteEvent("published", json =>
        {
            json.WriteString("topic", topic);
            json.WriteString("id", Convert.ToHexStringLower(id.Span));
        });
    }

    private async Task PingAsync(JsonElement asked, CancellationToken stopping)
    {
        PeerId peer = Peer(asked);
        TimeSpan taken = await _host.Ping.PingAsync(peer, stopping);
        _lines.WriteEvent("pong", json =>
        {
            json.WriteString("peer", peer.ToString());
            json.WriteNumber("milliseconds", taken.TotalMilliseconds);
        });
    }

    private async Task FindPeerAsync(JsonElement asked, CancellationToken stopping)
    {
        PeerId peer = Peer(asked);
        PeerAddresses? found = await Kad.FindPeerAsync(peer, stopping);
        _lines.WriteEvent("found", json =>
        {
            json.WriteString("peer", peer.ToString());
            PeerProcess.WriteList(json, "multiaddrs", (found?.Addresses ?? []).Select(address => address.ToString()));
        });
    }

    private async Task ClosestAsync(JsonElement asked, CancellationToken stopping)
    {
        PeerId peer = Peer(asked);
        IReadOnlyList<PeerAddresses> closest = await Kad.ClosestAsync(peer.Bytes.ToArray(), stopping);
        _lines.WriteEvent("closest", json =>
        {
            json.WriteString("peer", peer.ToString());
            PeerProcess.WriteList(json, "peers", closest.Select(found => found.Id.ToString()));
        });
    }

    private async Task PutValueAsync(JsonElement asked, CancellationToken stopping)
    {
        string key = Text(asked, "key");
        int taken = await Kad.PutValueAsync(key, Data(asked), stopping);
        _lines.WriteEvent("stored", json =>
        {
            json.WriteString("key", key);
            json.WriteNumber("peers", taken);
        });
    }

    private async Task GetValueAsync(JsonElement asked, CancellationToken stopping)
    {
        string key = asked.GetString() ?? throw new MeshException("getValue: a key is needed");
        ReadOnlyMemory<byte>? value = await Kad.GetValueAsync(key, stopping);
        _lines.WriteEvent("value", json =>
        {
            json.WriteString("key", key);
            json.WriteBoolean("found", value is not null);
            if (value is { } found)
            {
                json.WriteBase64String("data", found.Span);
                if (Utf8.IsValid(found.Span))
                {
                    json.WriteString("text", Encoding.UTF8.GetString(found.Span));
                }
            }
        });
    }

    private async Task ProvideAsync(JsonElement asked, CancellationToken stopping)
    {
        int told = await Kad.ProvideAsync(asked.GetBytesFromBase64(), stopping);
        _lines.WriteEvent("provided", json =>
        {
            json.WriteString("key", asked.GetString());
            json.WriteNumber("peers", told);
        });
    }

    private async Task ProvidersAsync(JsonElement asked, CancellationToken stopping)
    {
        IReadOnlyList<PeerAddresses> found = await Kad.ProvidersAsync(asked.GetBytesFromBase64(), stopping);
        _lines.WriteEvent("providers", json =>
        {
            json.WriteString("key", asked.GetString());
            PeerProcess.WriteList(json, "peers", found.Select(provider => provider.Id.ToString()));
        });
    }

    private Task StatsAsync(JsonElement asked, CancellationToken stopping)
    {
        _lines.WriteEvent("stats", json =>
        {
            json.WriteNumber("connections", _host.Connections.Count);
            WriteCounters(json, "host", _host.Counters.Read());
            WriteCounters(json, "gossip", _topics.Counters);
            if (_kad is not null)
            {
                WriteCounters(json, "kad", _kad.Counters.Read());
            }

            json.WriteStartObject("scores");
            foreach ((PeerId peer, double score) in _topics.Scores)
            {
                json.WriteNumber(peer.ToString(), score);
            }

            json.WriteEndObject();
        });
        return Task.CompletedTask;
    }

    private static void WriteCounters(Utf8JsonWriter json, string part, IReadOnlyDictionary<string, long> counters)
    {
        json.WriteStartObject(part);
        foreach ((string name, long count) in counters.OrderBy(counter => counter.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(name), count);
        }

        json.WriteEndObject();
    }

    private KadService Kad => _kad ?? throw new MeshException("this needs --kad-prefix");

    private static string Text(JsonElement asked, string name) => asked.GetProperty(name).GetString() ?? throw new MeshException($"'{name}' is needed");

    private static byte[] Data(JsonElement asked) =>
        asked.TryGetProperty("text", out JsonElement text) ? Encoding.UTF8.GetBytes(text.GetString() ?? "") : asked.GetProperty("data").GetBytesFromBase64();

    private static PeerId Peer(JsonElement text) => PeerId.TryParse(text.GetString() ?? "", out PeerId? peer) ? peer : throw new MeshException($"'{text}' is no peer id");
}
