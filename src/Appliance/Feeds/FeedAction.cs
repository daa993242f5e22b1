namespace Blackwall.Feeds;

/// <summary>What is done with packets of the addresses of a feed.</summary>
internal enum FeedAction
{
    /// <summary>Nothing; it is told.</summary>
    Tell,

    RateLimit,

    /// <summary>To the tarpit.</summary>
    Redirect,

    Drop,
}
