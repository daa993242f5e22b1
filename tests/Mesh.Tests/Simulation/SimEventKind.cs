namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>What a <see cref="SimEvent"/> is.</summary>
internal enum SimEventKind
{
    Heartbeat,
    Subscription,
    Message,
    IHave,
    IWant,
    IDontWant,
    Graft,
    Prune,
}
