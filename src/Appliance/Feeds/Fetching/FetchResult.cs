using Blackwall.Feeds.Wire;

namespace Blackwall.Feeds.Fetching;

/// <summary>What a server gave: a list, the word that nothing has changed, or nothing that can be used.</summary>
internal sealed record FetchResult
{
    /// <summary>What was read; null: nothing was.</summary>
    public FeedReading? Reading { get; init; }

    /// <summary>The copy that is kept is what the server has.</summary>
    public bool IsUnchanged { get; init; }

    /// <summary>Why there is nothing; null: there is.</summary>
    public string? Failure { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public string? ETag { get; init; }

    public string? LastModified { get; init; }

    /// <summary>Unpacked.</summary>
    public long Bytes { get; init; }
}
