namespace Blackwall.Feeds;

/// <summary>What is remembered of a feed between two fetches, and over restarts.</summary>
internal sealed record FeedState
{
    /// <summary>Of the copy that is kept.</summary>
    public string? ETag { get; init; }

    /// <summary>Of the copy that is kept, as the server spelled it.</summary>
    public string? LastModified { get; init; }

    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>When the copy was last known to be what the server has.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>The server asked not to be asked before.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Attempts in a row that failed.</summary>
    public int Failures { get; init; }

    public string? LastError { get; init; }

    /// <summary>Why a newer list waits for the operator; null: none does.</summary>
    public string? Held { get; init; }

    /// <summary>Digest of the list that waits.</summary>
    public string? HeldDigest { get; init; }

    /// <summary>When the list that waits was fetched.</summary>
    public DateTimeOffset? HeldSince { get; init; }

    /// <summary>The list that waits is another one than the one that was held first.</summary>
    public bool IsHeldAgain { get; init; }

    /// <summary>It is in doubt whether the list in force may be acted on as the settings say; only an operator or another list ends that.</summary>
    public bool IsDoubted { get; init; }

    /// <summary>Digest of the list in force, and so of the copy that is kept.</summary>
    public string? Digest { get; init; }

    /// <summary>Ordinary users that the operator agreed to stop.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Ordinary users whom the feed stops without a question, at most feeds.max_users. They go on counting.</summary>
    public IReadOnlyList<string> Stopped { get; init; } = [];

    /// <summary>Addresses of IPv4 in the list that the operator accepted.</summary>
    public double AcceptedSize4 { get; init; }

    /// <summary>Addresses of IPv6 in the list that the operator accepted.</summary>
    public double AcceptedSize6 { get; init; }

    /// <summary>The same without what the operator agreed to: the feed shall do something worse now to the people that he was shown.</summary>
    public FeedState WithoutConsent() => this with { Stopped = [.. Stopped.Union(Accepted, StringComparer.Ordinal)], Accepted = [], AcceptedSize4 = 0, AcceptedSize6 = 0 };

    /// <summary>The same without what a clock wrote that was ahead: times in the future count as now, and a server's wish as none.</summary>
    public FeedState Until(DateTimeOffset now) => this with
    {
        LastAttempt = LastAttempt > now ? now : LastAttempt,
        LastSuccess = LastSuccess > now ? now : LastSuccess,
        HeldSince = HeldSince > now ? now : HeldSince,
        NotBefore = NotBefore > now + FeedSchedule.MostRetryAfter ? null : NotBefore,
    };
}
