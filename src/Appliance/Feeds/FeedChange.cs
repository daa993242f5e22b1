namespace Blackwall.Feeds;

/// <summary>What became of a change of a feed.</summary>
internal enum FeedChange
{
    Done,
    Missing,
    Exists,
    Stale,
    Full,
}
