namespace Blackwall.Pipeline;

public enum DecisionChangeKind
{
    Created,

    /// <summary>Extended, escalated or edited; the id stays.</summary>
    Renewed,

    /// <summary>Taken away by somebody.</summary>
    Lifted,

    Expired,
}
