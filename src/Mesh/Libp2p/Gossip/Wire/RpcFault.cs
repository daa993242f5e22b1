namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>Why an RPC was refused as a whole.</summary>
public enum RpcFault
{
    None,

    /// <summary>Not protobuf, or cut short.</summary>
    Malformed,

    /// <summary>A known field has another wire type.</summary>
    WrongType,

    /// <summary>More subscriptions than <see cref="RpcLimits.Subscriptions"/>.</summary>
    TooManySubscriptions,

    /// <summary>More messages than <see cref="RpcLimits.Messages"/>.</summary>
    TooManyMessages,

    /// <summary>More control entries (IHAVE, IWANT, GRAFT, PRUNE, IDONTWANT) than <see cref="RpcLimits.ControlEntries"/>.</summary>
    TooManyControlEntries,

    /// <summary>A topic longer than <see cref="RpcLimits.TopicBytes"/>, or empty, or not UTF-8.</summary>
    BadTopic,

    /// <summary>A message has a field that is unknown, doubled or of a wrong type, or has no topic.</summary>
    BadMessage,
}
