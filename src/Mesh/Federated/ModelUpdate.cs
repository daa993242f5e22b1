using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Federated;

/// <summary>What one sensor learnt in a round, whole.</summary>
/// <param name="Author">Whose key signed every part.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Round">Number of the round.</param>
/// <param name="Samples">Samples that it was learnt from, as the author says.</param>
/// <param name="Payload">At most 256 KiB; its SHA-256 was in every part.</param>
public sealed record ModelUpdate(PeerId Author, string Model, ulong Round, ulong Samples, ReadOnlyMemory<byte> Payload);
