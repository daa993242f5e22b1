namespace Blackwall.Feeds;

/// <summary>A feed as it stands.</summary>
/// <param name="Name">Its name, for ever; claims are made in it.</param>
/// <param name="Settings">What it is.</param>
/// <param name="Token">What it is fetched with; null: nothing.</param>
/// <param name="Revision">Counts up at each change.</param>
internal sealed record Feed(string Name, FeedSettings Settings, string? Token, long Revision);
