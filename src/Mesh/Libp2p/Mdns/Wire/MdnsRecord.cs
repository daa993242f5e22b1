namespace Blackwall.Mesh.Libp2p.Mdns.Wire;

/// <summary>A PTR or TXT record; others are not read.</summary>
/// <param name="Name">Lower case, without the final dot.</param>
/// <param name="Target">Of PTR.</param>
/// <param name="Texts">Of TXT, each at most 255 bytes.</param>
internal sealed record MdnsRecord(string Name, ushort Type, string Target, IReadOnlyList<string> Texts);
