namespace Blackwall.Mesh.Libp2p.Mdns.Wire;

/// <summary>A question of a packet.</summary>
/// <param name="Name">Lower case, without the final dot.</param>
/// <param name="Unicast">The asker wants the answer for itself (RFC 6762 §5.4).</param>
internal readonly record struct MdnsQuestion(string Name, ushort Type, bool Unicast);
