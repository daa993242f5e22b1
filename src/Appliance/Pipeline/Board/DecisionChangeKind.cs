namespace Blackwall.Pipeline.Board;

public enum DecisionChangeKind
{
    Created,

    /// <summary>Extended, escalated or edited; the id stays.</summary>
    Renewed,

    /// <summary>Taken away by somebody.</summary>
    Lifted,

    Expired,
}
