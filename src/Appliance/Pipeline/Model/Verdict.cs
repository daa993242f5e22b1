namespace Blackwall.Pipeline.Model;

/// <summary>What shall happen to a source's packets.</summary>
public enum Verdict
{
    /// <summary>Let through; as a decision: an allow rule.</summary>
    Pass,

    /// <summary>Challenge its SYNs and hold everything new to the strict limit. The only answer to evidence that can be forged.</summary>
    RateLimit,

    /// <summary>Send its new flows to the tarpit.</summary>
    RedirectToTarpit,

    /// <summary>Drop everything.</summary>
    Drop,
}
