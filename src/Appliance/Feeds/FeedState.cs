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

    /// <summary>So many ordinary users the operator agreed to stop.</summary>
    public int AcceptedUsers { get; init; }
}
