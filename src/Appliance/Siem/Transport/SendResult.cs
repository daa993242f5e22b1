namespace Blackwall.Siem.Transport;

/// <summary>What became of a batch.</summary>
/// <param name="Outcome">Of the batch as a whole.</param>
/// <param name="Taken">How many of the events that were offered it had in it, from the first one on.</param>
/// <param name="Error">Why it was not delivered.</param>
internal sealed record SendResult(SendOutcome Outcome, int Taken, string? Error = null)
{
    /// <summary>Events that the sink refuses for what they are, by their place in the batch.</summary>
    public IReadOnlyList<(int Index, string Why)> Refused { get; init; } = [];

    /// <summary>How long the sink wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static SendResult Delivered(int taken) => new(SendOutcome.Delivered, taken);

    public static SendResult OnItsWay(int taken) => new(SendOutcome.OnItsWay, taken);

    public static SendResult Retry(int taken, string error, TimeSpan? after = null) => new(SendOutcome.Retry, taken, error) { RetryAfter = after };
}
