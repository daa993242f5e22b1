namespace Blackwall.Client.Auditing;

/// <summary>A key that somebody wants: scopes, or a role that stands for some, or both; null expiry: until it is deleted.</summary>
public sealed record KeyDraft(string Name, IReadOnlyList<string>? Scopes = null, string? Role = null, DateTimeOffset? Expiry = null, IReadOnlyList<string>? Networks = null);
