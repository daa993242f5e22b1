using Blackwall.Pipeline.Model;

namespace Blackwall.Sources;

/// <summary>What a threat feed says of an address, whether or not anything is done about it.</summary>
/// <param name="Feed">Name of the feed.</param>
/// <param name="Scope">The entry that holds the address.</param>
/// <param name="Note">What the feed says about the entry; null: nothing.</param>
/// <param name="IsC2">The feed lists servers that control malware.</param>
/// <param name="IsAllow">The feed lists what is harmless.</param>
public sealed record MentionBody(string Feed, string Scope, string? Note, bool IsC2, bool IsAllow)
{
    internal static MentionBody From(FeedMention mention) => new(mention.Feed, $"{mention.Scope}", mention.Note, mention.IsC2, mention.IsAllow);
}
