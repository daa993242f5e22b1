using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace Blackwall.Mesh.Libp2p.PrivateNetwork;

/// <summary>One direction of a connection of a private network: XSalsa20 over every byte behind the nonce. Not thread-safe: bytes have an order.</summary>
internal sealed class SwarmCipher
{
    /// <summary>Bytes that each side sends first.</summary>
    public const int NonceLength = 24;

    private readonly XSalsa20Engine _engine = new();

    public SwarmCipher(SwarmKey key, ReadOnlySpan<byte> nonce) => _engine.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(key.Bytes), nonce));

    public void Apply(ReadOnlySpan<byte> input, Span<byte> output) => _engine.ProcessBytes(input, output);
}
