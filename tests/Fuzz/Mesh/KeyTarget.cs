using Blackwall.Mesh.Libp2p.Keys;

namespace Blackwall.Fuzz.Mesh;

/// <summary>Public keys of every type; what is read has one encoding, and verifies nothing by accident.</summary>
internal sealed class KeyTarget : IFuzzTarget
{
    public string Name => "mesh-key";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[] { KeyType.Ed25519, KeyType.Secp256k1, KeyType.Rsa }.Select(type => PrivateKey.Generate(type).Public.Encoded.ToArray()),
        Convert.FromHexString("0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004de3d300fa36ae0e8f5d530899d83abab44abf3161f162a4bc901d8e6ecda020e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77c409e62"),
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        if (PublicKey.TryDecode(input, out string? error) is not { } key)
        {
            return error is null ? "refused without a reason" : null;
        }

        if (!key.Encoded.Span.SequenceEqual(input))
        {
            return "two encodings of one key";
        }

        return key.Verify("message"u8, input) ? "its bytes are a signature" : null;
    }
}
