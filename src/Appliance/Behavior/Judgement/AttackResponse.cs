namespace Blackwall.Behavior.Judgement;

/// <summary>What shall happen to a source that is proven to attack. Unproven ones are only ever rate-limited.</summary>
public enum AttackResponse
{
    /// <summary>Redirect when a tarpit target is configured, else drop.</summary>
    Auto,

    Drop,

    Redirect,

    RateLimit,
}
