using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>A message as it is kept and handed on: its bytes are never changed.</summary>
/// <param name="Id">By the topic's id function.</param>
/// <param name="From">Who signed it.</param>
/// <param name="Raw">The whole message as protobuf.</param>
/// <param name="Data">The payload, a part of <paramref name="Raw"/>.</param>
public sealed record GossipMessage(MessageId Id, string Topic, PeerId From, ulong Seqno, ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte> Data);
