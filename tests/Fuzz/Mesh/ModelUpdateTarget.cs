using System.Security.Cryptography;
using Blackwall.Mesh.Federated;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Parts of model updates: no change of one keeps its signature.</summary>
internal sealed class ModelUpdateTarget : IFuzzTarget
{
    private static readonly PrivateKey Key = PrivateKey.Generate(KeyType.Ed25519);
    private static readonly byte[] Payload = [1, 2, 3, 4];

    public string Name => "mesh-model";

    public IReadOnlyList<byte[]> Seeds { get; } = [new ModelUpdatePart(PeerId.From(Key.Public), "traffic-1", 3, 0, 1, 100, SHA256.HashData(Payload), Payload).Sign(Key, "fuzz"), []];

    public string? Run(ReadOnlySpan<byte> input) =>
        ModelUpdatePart.TryOpen(input, "fuzz") is { } part && !(part.Round == 3 && part.Payload.Span.SequenceEqual(Payload)) ? "a forged part is taken" : null;
}
