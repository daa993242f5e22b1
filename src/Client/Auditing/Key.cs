namespace Blackwall.Client.Auditing;

/// <summary>An API key, without its secret.</summary>
public sealed record Key(long Id, string Name, string Lead, IReadOnlyList<string> Scopes, IReadOnlyList<string> Networks, DateTimeOffset Created, DateTimeOffset? Expiry, DateTimeOffset? LastUsed);
