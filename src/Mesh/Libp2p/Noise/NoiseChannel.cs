using System.Buffers;
using System.Buffers.Binary;
using Blackwall.Mesh.Libp2p.Transport;

namespace Blackwall.Mesh.Libp2p.Noise;

/// <summary>The encrypted way after the handshake: frames of an unsigned 16-bit length and ciphertext. Any frame that is not authentic ends it.</summary>
internal sealed class NoiseChannel(SocketPipe pipe, TransportCipher send, TransportCipher receive) : IDuplex, IDisposable
{
    /// <summary>The most plaintext that fits into a frame, in bytes.</summary>
    public const int MaxPlain = ushort.MaxValue - SymmetricState.TagLength;

    private const int Prefix = 2;
    private readonly Lock _sending = new();
    private ReadOnlyMemory<byte> _plain;
    private bool _sendEnded;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> plain = _plain.Length > 0 ? _plain : await ReadFrameAsync(cancellation);
        int count = Math.Min(plain.Length, buffer.Length);
        plain[..count].CopyTo(buffer);
        _plain = plain[count..];
        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => SendAsync(bytes, cancellation);

    /// <summary>
    /// What is left of a frame, else the next one, at least one byte; empty at the end of the connection. It stays valid until the next call. Throws
    /// <see cref="InvalidDataException"/> for a frame that is not authentic.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadFrameAsync(CancellationToken cancellation)
    {
        if (_plain.Length > 0)
        {
            ReadOnlyMemory<byte> rest = _plain;
            _plain = default;
            return rest;
        }

        while (true)
        {
            if (!await pipe.FillAsync(Prefix, cancellation))
            {
                return default;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(pipe.Peek(Prefix));
            if (length < SymmetricState.TagLength)
            {
                throw new InvalidDataException($"A Noise frame of {length} bytes is shorter than its tag.");
            }

            await pipe.FillAsync(Prefix + length, cancellation);
            Memory<byte> frame = pipe.Take(Prefix + length)[Prefix..];
            if (!receive.TryDecrypt(frame.Span))
            {
                throw new InvalidDataException("A Noise frame is not authentic.");
            }

            if (length > SymmetricState.TagLength)
            {
                return frame[..^SymmetricState.TagLength];
            }
        }
    }

    /// <summary>Encrypts and sends all of it in as few frames and calls as it takes. One caller at a time.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        int frames = (bytes.Length + MaxPlain - 1) / MaxPlain;
        byte[] output = ArrayPool<byte>.Shared.Rent(bytes.Length + (frames * (Prefix + SymmetricState.TagLength)));
        try
        {
            int length = Seal(bytes.Span, output);
            await pipe.WriteAsync(output.AsMemory(0, length), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(output);
        }
    }

    /// <summary>What <see cref="SendAsync"/> would send; the next frame follows it.</summary>
    public byte[] Seal(ReadOnlySpan<byte> bytes)
    {
        byte[] output = new byte[bytes.Length + (((bytes.Length + MaxPlain - 1) / MaxPlain) * (Prefix + SymmetricState.TagLength))];
        Seal(bytes, output);
        return output;
    }

    /// <summary>Nothing more is sent: the other side reads an end.</summary>
    public void EndSending() => pipe.EndSending();

    /// <summary>Closes the socket. <see cref="ReleaseReader"/> follows when the reader has ended.</summary>
    public void Dispose()
    {
        pipe.Dispose();
        lock (_sending)
        {
            _sendEnded = true;
            send.Dispose();
        }
    }

    /// <summary>Gives back what reading holds. Only the reader calls it.</summary>
    public void ReleaseReader()
    {
        pipe.Release();
        receive.Dispose();
    }

    private int Seal(ReadOnlySpan<byte> bytes, Span<byte> output)
    {
        lock (_sending)
        {
            if (_sendEnded)
            {
                throw new IOException("The connection is closed.");
            }

            int at = 0;
            while (bytes.Length > 0)
            {
                ReadOnlySpan<byte> part = bytes[..Math.Min(bytes.Length, MaxPlain)];
                int sealedLength = part.Length + SymmetricState.TagLength;
                BinaryPrimitives.WriteUInt16BigEndian(output[at..], (ushort)sealedLength);
                send.Encrypt(part, output.Slice(at + Prefix, sealedLength));
                at += Prefix + sealedLength;
                bytes = bytes[part.Length..];
            }

            return at;
        }
    }
}
