using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Mesh.Peer;

/// <summary>The topics of the diagnostic peer: tells what comes, and answers if it is to.</summary>
internal sealed class PeerTopics : IAsyncDisposable
{
    private static readonly byte[] EchoPrefix = "echo:"u8.ToArray();

    private readonly GossipService _gossip;
    private readonly EventLines _lines;
    private readonly bool _echo;

    public PeerTopics(PeerOptions options, IMeshHost host, PrivateKey key, EventLines lines)
    {
        _lines = lines;
        _echo = options.Echo;
        GossipOptions limits = new()
        {
            MaxMessage = options.MaxMessage,

            // The message, its other fields, and room for a few at once.
            MaxRpc = Math.Max(1024 * 1024, options.MaxMessage + (64 * 1024)),
            SendQueueBytes = Math.Max(4 * 1024 * 1024, 8 * options.MaxMessage),

            // A test runs many peers on one machine; they are not a farm of Sybils.
            Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")] },
        };
        _gossip = new GossipService(host, key, limits, TimeProvider.System, new GossipServiceSettings
        {
            MessageId = options.SpecMessageId ? MessageIdFunction.Spec : MessageIdFunction.Sha256,
        });
        _gossip.Happened += WriteEvent;
        _gossip.EventsLost += lines.Lose;
        _gossip.Failed += exception => lines.WriteEvent("error", json => json.WriteString("message", exception.Message));
        _gossip.Start();
        foreach (string topic in options.Topics.Distinct(StringComparer.Ordinal))
        {
            _gossip.Subscribe(topic, new TopicOptions { Received = Received });
        }
    }

    public ValueTask<ReadOnlyMemory<byte>> PublishAsync(string topic, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        _gossip.PublishAsync(topic, data, cancellation);

    /// <summary>What was taken, refused and dropped, by name.</summary>
    public IReadOnlyDictionary<string, long> Counters => new Dictionary<string, long>(_gossip.Counters.Read(), StringComparer.Ordinal)
    {
        ["SendsDropped"] = _gossip.SendsDropped(),
        ["FramesHeld"] = _gossip.FramesHeld,
    };

    public IReadOnlyDictionary<PeerId, double> Scores => _gossip.Scores();

    public ValueTask DisposeAsync() => _gossip.DisposeAsync();

    private void WriteEvent(GossipEvent happened)
    {
        string name = happened.Kind switch
        {
            GossipEventKind.Grafted => "graft",
            GossipEventKind.Pruned => "prune",
            _ => "subscription",
        };
        _lines.WriteEvent(name, json =>
        {
            json.WriteString("peer", happened.Peer.ToString());
            json.WriteString("topic", happened.Topic);
            if (happened.Kind is GossipEventKind.Subscribed or GossipEventKind.Unsubscribed)
            {
                json.WriteBoolean("subscribed", happened.Kind is GossipEventKind.Subscribed);
            }

            if (happened.Reason is { } reason)
            {
                json.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(reason.ToString()));
            }
        });
    }

    private void Received(TopicMessage message)
    {
        _lines.WriteEvent("message", json =>
        {
            json.WriteString("topic", message.Topic);
            json.WriteString("from", message.From.ToString());
            json.WriteString("via", message.Via.ToString());
            json.WriteString("seqno", message.Seqno.ToString(CultureInfo.InvariantCulture));
            json.WriteString("id", Convert.ToHexStringLower(message.Id.Span));
            json.WriteBase64String("data", message.Data.Span);
            if (Utf8.IsValid(message.Data.Span))
            {
                json.WriteString("text", Encoding.UTF8.GetString(message.Data.Span));
            }
        });
        if (_echo && !message.Data.Span.StartsWith(EchoPrefix))
        {
            Answer(message);
        }
    }

    private void Answer(TopicMessage message)
    {
        try
        {
            byte[] answer = [.. EchoPrefix, .. message.Data.Span];

            // Publishing does not wait for anybody.
            _gossip.PublishAsync(message.Topic, answer, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (MeshException exception)
        {
            _lines.WriteEvent("error", json =>
            {
                json.WriteString("topic", message.Topic);
                json.WriteString("message", exception.Message);
            });
        }
    }
}
