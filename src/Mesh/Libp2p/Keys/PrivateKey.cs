using System.Security.Cryptography;
using Blackwall.Mesh.Libp2p.Wire;
using Google.Protobuf;

namespace Blackwall.Mesh.Libp2p.Keys;

/// <summary>An identity: what proves that a peer id is ours.</summary>
public sealed class PrivateKey : IDisposable
{
    private readonly ISigner _signer;

    private PrivateKey(KeyType type, ISigner signer)
    {
        _signer = signer;
        Public = PublicKey.TryCreate(type, signer.PublicData, out string? error) ?? throw new CryptographicException(error);
    }

    public PublicKey Public { get; }

    /// <summary>A new key: Ed25519, secp256k1 or RSA of 2,048 bits.</summary>
    public static PrivateKey Generate(KeyType type) => type switch
    {
        KeyType.Ed25519 => new PrivateKey(type, Ed25519Signer.Generate()),
        KeyType.Secp256k1 => new PrivateKey(type, Secp256k1Signer.Generate()),
        KeyType.Rsa => new PrivateKey(type, RsaSigner.Generate()),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Keys of this type are verified, not made."),
    };

    /// <summary>Reads the protobuf form that libp2p implementations store.</summary>
    public static PrivateKey? TryDecode(ReadOnlySpan<byte> encoded, out string? error)
    {
        PrivateKeyMessage message;
        try
        {
            message = PrivateKeyMessage.Parser.ParseFrom(encoded);
        }
        catch (InvalidProtocolBufferException)
        {
            error = "it is no protobuf message";
            return null;
        }

        if (!message.HasType || !message.HasData)
        {
            error = "it has no key type or no key";
            return null;
        }

        try
        {
            ISigner? signer = (KeyType)message.Type switch
            {
                KeyType.Ed25519 => Ed25519Signer.TryCreate(message.Data.Span),
                KeyType.Secp256k1 => Secp256k1Signer.TryCreate(message.Data.Span),
                KeyType.Rsa => RsaSigner.TryCreate(message.Data.Span),
                _ => null,
            };
            error = signer is null ? $"it holds no valid key of type {(KeyType)message.Type}" : null;
            return signer is null ? null : new PrivateKey((KeyType)message.Type, signer);
        }
        catch (CryptographicException exception)
        {
            error = exception.Message;
            return null;
        }
    }

    /// <summary>The protobuf form. It is the secret itself: keep it in a file that only its owner reads.</summary>
    public byte[] Encode() => new PrivateKeyMessage { Type = (KeyKind)Public.Type, Data = ByteString.CopyFrom(_signer.PrivateData) }.ToByteArray();

    public byte[] Sign(ReadOnlySpan<byte> message) => _signer.Sign(message);

    public void Dispose() => _signer.Dispose();
}
