namespace Blackwall.Mesh.Libp2p.Noise;

/// <summary>
/// Noise_XX_25519_ChaChaPoly_SHA256 (libp2p: with an empty prologue): three messages, in turn, the initiator's first. No input or output here; a message that
/// is not valid makes <see cref="TryRead"/> false, after which nothing more can be done.
/// </summary>
internal sealed class NoiseHandshake(bool initiator, KeyPair identity, KeyPair ephemeral, byte[]? prologue = null) : IDisposable
{
    public const string Protocol = "Noise_XX_25519_ChaChaPoly_SHA256";

    private readonly SymmetricState _state = new(Protocol, prologue);
    private readonly byte[] _remoteEphemeral = new byte[KeyPair.Length];
    private readonly byte[] _remoteStatic = new byte[KeyPair.Length];
    private int _step;

    public bool Done => _step == 3;

    /// <summary>The hash of all that was said.</summary>
    public ReadOnlySpan<byte> Hash => _state.Hash;

    /// <summary>The other side's static key, once it was read.</summary>
    public ReadOnlySpan<byte> RemoteStatic => _remoteStatic;

    /// <summary>Bytes that a message takes beside its payload.</summary>
    public int Overhead => _step switch { 0 => KeyPair.Length, 1 => (2 * KeyPair.Length) + (2 * SymmetricState.TagLength), _ => KeyPair.Length + (2 * SymmetricState.TagLength) };

    /// <summary>Writes our next message and returns its length; -1 where the other side's key is of low order.</summary>
    public int Write(ReadOnlySpan<byte> payload, Span<byte> output)
    {
        int at = 0;
        switch (_step++)
        {
            case 0:
                at = WriteEphemeral(output);
                break;
            case 1:
                at = WriteEphemeral(output);
                if (!Mix(ephemeral, _remoteEphemeral))
                {
                    return -1;
                }

                at += _state.EncryptAndHash(identity.Public, output[at..]);
                if (!Mix(identity, _remoteEphemeral))
                {
                    return -1;
                }

                break;
            default:
                at = _state.EncryptAndHash(identity.Public, output);
                if (!Mix(identity, _remoteEphemeral))
                {
                    return -1;
                }

                break;
        }

        return at + _state.EncryptAndHash(payload, output[at..]);
    }

    /// <summary>Reads the other side's next message. The payload is written to <paramref name="payload"/>, which has the length of the message at least.</summary>
    public bool TryRead(ReadOnlySpan<byte> message, Span<byte> payload, out int length)
    {
        length = -1;
        if (message.Length < Overhead)
        {
            return false;
        }

        switch (_step++)
        {
            case 0:
                message = ReadEphemeral(message);
                break;
            case 1:
                message = ReadEphemeral(message);
                if (!Mix(ephemeral, _remoteEphemeral) || !ReadStatic(ref message) || !Mix(ephemeral, _remoteStatic))
                {
                    return false;
                }

                break;
            default:
                if (!ReadStatic(ref message) || !Mix(ephemeral, _remoteStatic))
                {
                    return false;
                }

                break;
        }

        length = _state.DecryptAndHash(message, payload);
        return length >= 0;
    }

    /// <summary>The ciphers to send and to receive with.</summary>
    public (TransportCipher Send, TransportCipher Receive) Split()
    {
        (TransportCipher first, TransportCipher second) = _state.Split();
        return initiator ? (first, second) : (second, first);
    }

    public void Dispose() => _state.Dispose();

    private int WriteEphemeral(Span<byte> output)
    {
        ephemeral.Public.CopyTo(output);
        _state.MixHash(ephemeral.Public);
        return KeyPair.Length;
    }

    private ReadOnlySpan<byte> ReadEphemeral(ReadOnlySpan<byte> message)
    {
        message[..KeyPair.Length].CopyTo(_remoteEphemeral);
        _state.MixHash(_remoteEphemeral);
        return message[KeyPair.Length..];
    }

    private bool ReadStatic(ref ReadOnlySpan<byte> message)
    {
        int length = KeyPair.Length + SymmetricState.TagLength;
        bool good = _state.DecryptAndHash(message[..length], _remoteStatic) == KeyPair.Length;
        message = message[length..];
        return good;
    }

    private bool Mix(KeyPair ours, ReadOnlySpan<byte> theirs)
    {
        Span<byte> secret = stackalloc byte[KeyPair.Length];
        bool good = ours.TryAgree(theirs, secret);
        _state.MixKey(secret);
        secret.Clear();
        return good;
    }
}
