using System.Text;
using System.Text.Json;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Peer;

/// <summary>Commands on standard input, a JSON object a line; each is answered by an event: what it brought about, or an error.</summary>
internal sealed class PeerCommands(PeerTopics topics, IPeerRouting? routing, EventLines lines)
{
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
                using var command = JsonDocument.Parse(line);
                await RunAsync(command.RootElement, stopping);
            }
            catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or MeshException)
            {
                lines.Tell("error", json => json.WriteString("message", $"standard input: {exception.Message}"));
            }
        }
    }

    private async Task RunAsync(JsonElement command, CancellationToken stopping)
    {
        if (command.TryGetProperty("publish", out JsonElement publish))
        {
            string topic = publish.GetProperty("topic").GetString() ?? throw new MeshException("publish: a topic is needed");
            byte[] data = publish.TryGetProperty("text", out JsonElement text) ? Encoding.UTF8.GetBytes(text.GetString() ?? "") : publish.GetProperty("data").GetBytesFromBase64();
            ReadOnlyMemory<byte> id = await topics.PublishAsync(topic, data, stopping);
            lines.Tell("published", json =>
            {
                json.WriteString("topic", topic);
                json.WriteString("id", Convert.ToHexStringLower(id.Span));
            });
        }
        else if (command.TryGetProperty("findPeer", out JsonElement wanted))
        {
            PeerId peer = Peer(wanted);
            PeerAddresses? found = await Routing().FindPeerAsync(peer, stopping);
            lines.Tell("found", json =>
            {
                json.WriteString("peer", peer.ToString());
                PeerProcess.WriteList(json, "multiaddrs", (found?.Addresses ?? []).Select(address => address.ToString()));
            });
        }
        else if (command.TryGetProperty("closest", out JsonElement near))
        {
            PeerId peer = Peer(near);
            IReadOnlyList<PeerAddresses> closest = await Routing().ClosestAsync(peer.Bytes.ToArray(), stopping);
            lines.Tell("closest", json =>
            {
                json.WriteString("peer", peer.ToString());
                PeerProcess.WriteList(json, "peers", closest.Select(found => found.Id.ToString()));
            });
        }
        else
        {
            throw new MeshException("a command is one of publish, findPeer, closest");
        }
    }

    private IPeerRouting Routing() => routing ?? throw new MeshException("finding peers needs --kad-prefix");

    private static PeerId Peer(JsonElement text) => PeerId.TryParse(text.GetString() ?? "", out PeerId? peer) ? peer : throw new MeshException($"'{text}' is no peer id");
}
