using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Fuzz.Mesh;

/// <summary>The certificate extension of QUIC: nothing but the honest key is ever proven.</summary>
internal sealed class TlsExtensionTarget : IFuzzTarget
{
    private static readonly PrivateKey Honest = PrivateKey.Generate(KeyType.Ed25519);
    private static readonly byte[] CertificateKey = [.. Enumerable.Range(0, 91).Select(i => (byte)i)];

    public string Name => "mesh-tls-extension";

    public IReadOnlyList<byte[]> Seeds { get; } = [TlsKeyExtension.Write(Honest, CertificateKey), [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], []];

    public string? Run(ReadOnlySpan<byte> input) => TlsKeyExtension.TryRead(input.ToArray(), CertificateKey, out string? error) is { } read
        ? read.Equals(Honest.Public) ? null : "another key is proven"
        : error is null ? "refused without a reason" : null;
}
