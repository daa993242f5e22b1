using Blackwall.Lab.Honest;

namespace Blackwall.Lab.Story;

/// <summary>What scenes share.</summary>
/// <param name="Offload">Settings of checksum offload to redirect flows with, one after the other.</param>
public sealed record Play(Stage Stage, HonestWorkload Honest, FactBook Facts, Narrator Narrator, IReadOnlyList<bool> Offload);
