namespace Blackwall.Mesh.Libp2p.Mdns.Wire;

/// <summary>What we need of an mDNS packet (RFC 6762): its questions, and the records of all sections together.</summary>
internal sealed record MdnsPacket(ushort Id, bool IsResponse, IReadOnlyList<MdnsQuestion> Questions, IReadOnlyList<MdnsRecord> Records)
{
    public const ushort Ptr = 12;
    public const ushort Txt = 16;
    public const ushort Any = 255;
}
