namespace Blackwall.Notifications;

/// <summary>One thing to tell people; every text is one line.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Sentence">All of it, for a person.</param>
internal sealed record Notification(NotificationKind Kind, DateTimeOffset Time, string Sentence)
{
    /// <summary>Address or prefix; empty: it is about none.</summary>
    public string Address { get; init; } = "";

    public string Verdict { get; init; } = "";

    /// <summary>Machine word.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Time in UTC, or "never".</summary>
    public string Until { get; init; } = "";

    public string Evidence { get; init; } = "";

    /// <summary>The decision or change; 0: none.</summary>
    public long Id { get; init; }
}
