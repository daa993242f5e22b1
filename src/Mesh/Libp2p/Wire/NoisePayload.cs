using Blackwall.Mesh.Libp2p.Keys;
using Google.Protobuf;

namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>What a peer proves in the Noise handshake: that the owner of its identity key vouches for its static key.</summary>
/// <param name="Key">The identity, proven.</param>
/// <param name="Muxers">Stream muxers it offers early, in its order; empty where it does not.</param>
internal sealed record NoisePayload(PublicKey Key, IReadOnlyList<string> Muxers)
{
    private const int MaxMuxers = 16;
    private const int StaticKeyLength = 32;

    private static ReadOnlySpan<byte> Domain => "noise-libp2p-static-key:"u8;

    public static byte[] Write(PrivateKey key, ReadOnlySpan<byte> staticKey, IEnumerable<string> muxers)
    {
        var extensions = new NoiseExtensions();
        extensions.StreamMuxers.AddRange(muxers);
        return new NoiseHandshakePayload
        {
            IdentityKey = ByteString.CopyFrom(key.Public.Encoded.Span),
            IdentitySig = ByteString.CopyFrom(key.Sign([.. Domain, .. staticKey])),
            Extensions = extensions,
        }.ToByteArray();
    }

    /// <summary>Null where it does not hold, with the reason.</summary>
    public static NoisePayload? TryRead(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> staticKey, out string? error)
    {
        NoiseHandshakePayload message;
        try
        {
            message = NoiseHandshakePayload.Parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException)
        {
            error = "the handshake payload is no protobuf message";
            return null;
        }

        if (!message.HasIdentityKey || !message.HasIdentitySig)
        {
            error = "the handshake payload has no identity key or no signature";
            return null;
        }

        if (message.Extensions is { StreamMuxers.Count: > MaxMuxers })
        {
            error = $"the handshake payload names more than {MaxMuxers} muxers";
            return null;
        }

        if (PublicKey.TryDecode(message.IdentityKey.Span, out error) is not { } key)
        {
            return null;
        }

        Span<byte> signed = stackalloc byte[Domain.Length + StaticKeyLength];
        Domain.CopyTo(signed);
        staticKey[..StaticKeyLength].CopyTo(signed[Domain.Length..]);
        if (!key.Verify(signed, message.IdentitySig.Span))
        {
            error = "the identity key did not sign the static key";
            return null;
        }

        return new NoisePayload(key, message.Extensions is null ? [] : [.. message.Extensions.StreamMuxers]);
    }
}
