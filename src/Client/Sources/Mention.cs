namespace Blackwall.Client.Sources;

/// <summary>What a feed says of an address.</summary>
public sealed record Mention(string Feed, string Scope, string? Note, bool IsC2, bool IsAllow);
