namespace Blackwall.Mesh.Libp2p;

/// <summary>A published message.</summary>
/// <param name="From">Who signed it.</param>
/// <param name="Via">Who sent it to us.</param>
public sealed record TopicMessage(string Topic, PeerId From, ulong Seqno, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte> Id, PeerId Via);
