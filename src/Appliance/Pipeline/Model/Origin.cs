namespace Blackwall.Pipeline.Model;

/// <summary>Who decided.</summary>
public enum Origin
{
    /// <summary>The guard set: what nothing automatic may touch.</summary>
    Guard,

    Operator,

    /// <summary>This appliance's own detection.</summary>
    Local,

    /// <summary>A model or LLM; never blocks hard and never allows by itself.</summary>
    Model,

    Mesh,

    Feed,
}
