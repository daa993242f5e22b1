namespace Blackwall.Pipeline.Model;

/// <summary>Where an address is used, as databases have it: a guess about a network, and nothing about a person.</summary>
/// <param name="Country">ISO 3166-1 code; null: not known.</param>
/// <param name="Asn">Number of the autonomous system; null: not known.</param>
/// <param name="Organisation">Whose system it is, at most 128 printable characters; null: not known.</param>
public sealed record Place(string? Country, long? Asn, string? Organisation);
