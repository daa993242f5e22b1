namespace Blackwall.Client.Sources;

/// <summary>Where an address is used.</summary>
public sealed record Place(string? Country, long? Asn, string? Organisation);
