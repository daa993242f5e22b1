using Blackwall.Tarpit.Dns.Wire;

namespace Blackwall.Tarpit.Dns;

/// <summary>A record of a zone.</summary>
/// <param name="Target">Name that the record points at and whose address goes along; null: none.</param>
internal sealed record DnsRecord(IReadOnlyList<string> Owner, int Type, uint Ttl, Action<DnsWriter> Data, IReadOnlyList<string>? Target = null);
