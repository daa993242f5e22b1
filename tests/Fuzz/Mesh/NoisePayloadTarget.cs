using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Fuzz.Mesh;

/// <summary>The payload of the Noise handshake: nothing but the honest key is ever proven.</summary>
internal sealed class NoisePayloadTarget : IFuzzTarget
{
    private static readonly PrivateKey Honest = PrivateKey.Generate(KeyType.Ed25519);
    private static readonly byte[] StaticKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public string Name => "mesh-noise-payload";

    public IReadOnlyList<byte[]> Seeds { get; } = [NoisePayload.Write(Honest, StaticKey, ["/yamux/1.0.0", "/mplex/6.7.0"]), NoisePayload.Write(Honest, StaticKey, []), []];

    public string? Run(ReadOnlySpan<byte> input) => NoisePayload.TryRead(input, StaticKey, out string? error) is { } read
        ? read.Key.Equals(Honest.Public) ? null : "another key is proven"
        : error is null ? "refused without a reason" : null;
}
