namespace Blackwall.Behavior.Judgement;

/// <summary>What shall happen to the outside end of what an inside host does. The inside host itself is never acted on.</summary>
public enum OutboundResponse
{
    /// <summary>It is told and nothing else.</summary>
    Alert,

    RateLimit,

    Drop,
}
