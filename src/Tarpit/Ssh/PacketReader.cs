using System.Buffers;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>
/// Packets from the peer: decrypted, authenticated, decompressed. One reader. While nothing comes, it holds no buffer.
/// </summary>
/// <param name="writer">Tells the peer what is wrong with a packet, as sshd does.</param>
internal sealed class PacketReader(Peer peer, PacketWriter writer, CancellationToken cancellation) : IDisposable
{
    private const int LargestPacket = 256 * 1024;
    private const int UsualRead = 16 * 1024;

    private PacketSeal _seal = new PlainSeal();
    private Compression? _compression;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _isAuthenticated;

    /// <summary>Number of the next packet.</summary>
    public uint Sequence { get; private set; }

    /// <summary>Bytes received with the current keys.</summary>
    public long BytesOfKey { get; private set; }

    /// <summary>The cipher's blocks are smaller than 16 bytes: its keys are changed after a number of bytes.</summary>
    public bool HasSmallBlocks => _seal.BlockLength < 16;

    /// <summary>Bytes arrived that were not read.</summary>
    public bool HasUnread => _start < _end;

    /// <summary>Reads the client's identification.</summary>
    public async Task<ClientVersion> ReadVersionAsync()
    {
        ClientVersion version = new();
        while (true)
        {
            while (_start < _end)
            {
                if (version.Add(_buffer[_start++]))
                {
                    return version;
                }
            }

            await FillAsync(1);
        }
    }

    /// <summary>The next packet's payload, decompressed; good until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        int head = _seal.HeadLength;
        await FillAsync(head);
        uint length = _seal.ReadLength(Sequence, _buffer.AsSpan(_start, head));
        if (length is < 5 or > LargestPacket)
        {
            if (_seal.LengthAside)
            {
                await writer.DisconnectAsync("Packet corrupt");
            }

            throw new SshEndException("bad packet length");
        }

        int padded = _seal.LengthAside ? (int)length : (int)length + sizeof(uint);
        if (padded % _seal.BlockLength != 0)
        {
            throw new SshEndException("padding error");
        }

        int total = sizeof(uint) + (int)length + _seal.TagLength;
        await FillAsync(total);
        Memory<byte> packet = _buffer.AsMemory(_start, total);
        if (!_seal.Open(Sequence, packet.Span))
        {
            throw new SshEndException("wrong MAC");
        }

        _start += total;
        Sequence = unchecked(Sequence + 1);
        BytesOfKey += total;
        byte padding = packet.Span[sizeof(uint)];
        if (padding < 4)
        {
            await writer.DisconnectAsync($"Corrupted padlen {padding} on input.");
        }

        if (padding >= length)
        {
            throw new SshEndException("more padding than packet");
        }

        ReadOnlyMemory<byte> payload = packet.Slice(sizeof(uint) + 1, (int)length - padding - 1);
        if (_compression is not null)
        {
            payload = _compression.Run(payload.Span) ?? throw new SshEndException("bad compressed data");
        }

        if (payload.IsEmpty || payload.Span[0] == 0)
        {
            await writer.DisconnectAsync("Invalid ssh2 packet type: 0");
        }

        return payload;
    }

    /// <summary>NEWKEYS came: what follows is under the new keys.</summary>
    public void ChangeKeys(PacketSeal seal, bool resetsSequence, string compression)
    {
        _seal.Dispose();
        _seal = seal;
        BytesOfKey = 0;
        if (resetsSequence)
        {
            Sequence = 0;
        }

        // Each set of keys begins a stream of its own.
        _compression = _isAuthenticated ? Compression.Create(compression, deflates: false) : null;
    }

    /// <summary>Authentication succeeded: delayed compression begins with the next packet.</summary>
    public void Authenticated(string compression)
    {
        _isAuthenticated = true;
        _compression = Compression.Create(compression, deflates: false);
    }

    public void Dispose()
    {
        ReturnBuffer();
        _seal.Dispose();
    }

    // Makes at least so many bytes available; while nothing is there, no buffer is held.
    private async ValueTask FillAsync(int wanted)
    {
        while (_end - _start < wanted)
        {
            if (_start == _end)
            {
                ReturnBuffer();
                await peer.WaitAsync(cancellation);
                _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, UsualRead));
            }
            else if (_buffer.Length - _start < wanted)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, UsualRead));
                int kept = _end - _start;
                _buffer.AsSpan(_start, kept).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                (_buffer, _start, _end) = (larger, 0, kept);
            }

            int got = await peer.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (got == 0)
            {
                throw new SshEndException("the peer closed");
            }

            _end += got;
        }
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        (_start, _end) = (0, 0);
    }
}
