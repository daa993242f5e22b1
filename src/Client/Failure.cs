namespace Blackwall.Client;

/// <summary>Why there is no answer, in one sentence; after which time to ask again, where the appliance says so.</summary>
public sealed record Failure(FailureKind Kind, string Sentence, TimeSpan? RetryAfter = null, int? Status = null, Problem? Problem = null)
{
    /// <summary>Whether the appliance itself answered.</summary>
    public bool Answered => Kind is not (FailureKind.Unreachable or FailureKind.Certificate);
}
