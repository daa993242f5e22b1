namespace Blackwall.Pipeline.Model;

/// <summary>What a feed says of an address.</summary>
/// <param name="Feed">Name of the feed.</param>
/// <param name="Scope">The entry that holds the address.</param>
/// <param name="Note">What the feed says about the entry; null: nothing.</param>
/// <param name="IsC2">The feed lists servers that control malware.</param>
/// <param name="IsAllow">The feed lists what is harmless.</param>
public sealed record FeedMention(string Feed, Prefix Scope, string? Note, bool IsC2, bool IsAllow);
