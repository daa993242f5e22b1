using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>
/// Packets to the peer: compressed, padded, encrypted and handed to the network in batches by one task. Thread-safe. While nothing waits, it holds no
/// buffer; what may wait is bounded by <see cref="WaitForRoomAsync"/>.
/// </summary>
internal sealed class PacketWriter(Peer peer, CancellationToken cancellation) : IDisposable
{
    private const int MostWaiting = 256 * 1024;
    private const int SmallestBuffer = 1024;

    private readonly Lock _lock = new();

    // Messages that wait for the end of a key exchange (RFC 4253 §7.1).
    private readonly Queue<byte[]> _held = new();
    private int _heldBytes;
    private PacketSeal _seal = new PlainSeal();
    private Compression? _compression;
    private uint _sequence;
    private long _bytesOfKey;
    private byte[] _buffer = [];
    private int _length;
    private Task _sending = Task.CompletedTask;
    private TaskCompletionSource? _room;
    private bool _exchangesKeys;
    private bool _isAuthenticated;
    private bool _isBroken;

    /// <summary>Bytes sent with the current keys.</summary>
    public long BytesOfKey => Interlocked.Read(ref _bytesOfKey);

    /// <summary>Sends a message; during a key exchange it waits for the new keys.</summary>
    public void Send(SshWriter message) => Send(message.Written);

    public void Send(ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            if (_exchangesKeys && payload[0] is >= (byte)SshMessage.ServiceRequest and not ((byte)SshMessage.KexInit or (byte)SshMessage.NewKeys or (>= 30 and < 50)))
            {
                _held.Enqueue(payload.ToArray());
                _heldBytes += payload.Length;
                return;
            }

            Append(payload);
            StartSending();
        }
    }

    /// <summary>Sends bytes as they are, before the first packet.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            EnsureRoom(bytes.Length);
            bytes.CopyTo(_buffer.AsSpan(_length));
            _length += bytes.Length;
            StartSending();
        }
    }

    /// <summary>Answers a packet of an unknown kind by its number.</summary>
    public void SendUnimplemented(uint sequence) => Send(new SshWriter(SshMessage.Unimplemented).UInt32(sequence));

    /// <summary>Sends a last message (ssh_packet_disconnect) and ends the connection.</summary>
    /// <exception cref="SshEndException">Always.</exception>
    public async Task DisconnectAsync(string text)
    {
        Send(new SshWriter(SshMessage.Disconnect).UInt32(2).Text(text).Text(""));
        await FlushAsync();
        throw new SshEndException(text);
    }

    /// <summary>Sends our KEXINIT; other messages wait from now on.</summary>
    public void BeginExchange(ReadOnlySpan<byte> offer)
    {
        lock (_lock)
        {
            _exchangesKeys = true;
            Append(offer);
            StartSending();
        }
    }

    /// <summary>Sends the last message of an exchange and NEWKEYS, changes the keys, and sends what waited.</summary>
    /// <param name="extInfo">EXT_INFO, the first message under the new keys; empty: none.</param>
    public void CompleteExchange(ReadOnlySpan<byte> reply, PacketSeal seal, bool resetsSequence, string compression, ReadOnlySpan<byte> extInfo)
    {
        lock (_lock)
        {
            Append(reply);
            Append([(byte)SshMessage.NewKeys]);
            _seal.Dispose();
            _seal = seal;
            _bytesOfKey = 0;
            if (resetsSequence)
            {
                _sequence = 0;
            }

            // Each set of keys begins a stream of its own.
            _compression = _isAuthenticated ? Compression.Create(compression, deflates: true) : null;
            if (!extInfo.IsEmpty)
            {
                Append(extInfo);
            }

            _exchangesKeys = false;
            while (_held.TryDequeue(out byte[]? waiting))
            {
                Append(waiting);
            }

            _heldBytes = 0;

            StartSending();
        }
    }

    /// <summary>Authentication succeeded: delayed compression begins behind what was sent until now.</summary>
    public void Authenticated(string compression)
    {
        lock (_lock)
        {
            _isAuthenticated = true;
            _compression = Compression.Create(compression, deflates: true);
        }
    }

    /// <summary>Waits until the peer took most of what was sent.</summary>
    public ValueTask WaitForRoomAsync() => WaitAsync(countsHeld: true);

    /// <summary>Waits until the peer took most of what was sent, before more is read from it: its answers would pile up.</summary>
    public ValueTask WaitBeforeReadAsync() => WaitAsync(countsHeld: false);

    private ValueTask WaitAsync(bool countsHeld)
    {
        lock (_lock)
        {
            if (_isBroken)
            {
                throw new SshEndException("the peer is gone");
            }

            if (_length + (countsHeld ? _heldBytes : 0) < MostWaiting)
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task.WaitAsync(cancellation));
        }
    }

    /// <summary>Waits until everything is handed to the network.</summary>
    public async Task FlushAsync()
    {
        Task sending;
        lock (_lock)
        {
            sending = _sending;
        }

        await sending;
    }

    /// <summary>Gives what was sent a last chance to leave; a peer that accepts nothing does not hold it up.</summary>
    public async Task EndAsync(TimeSpan patience, TimeProvider time)
    {
        try
        {
            await FlushAsync().WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            peer.Abort();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _seal.Dispose();
            _isBroken = true;
            if (_sending.IsCompleted)
            {
                ReturnBuffer();
            }
        }
    }

    private void Append(ReadOnlySpan<byte> payload)
    {
        if (_compression is not null)
        {
            payload = _compression.Run(payload);
        }

        int block = _seal.BlockLength, counted = (_seal.LengthAside ? 0 : sizeof(uint)) + 1 + payload.Length;
        int padding = block - (counted % block);
        if (padding < 4)
        {
            padding += block;
        }

        int length = 1 + payload.Length + padding, total = sizeof(uint) + length + _seal.TagLength;
        EnsureRoom(total);
        Span<byte> packet = _buffer.AsSpan(_length, total);
        BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)length);
        packet[sizeof(uint)] = (byte)padding;
        payload.CopyTo(packet[(sizeof(uint) + 1)..]);
        Span<byte> pad = packet.Slice(sizeof(uint) + 1 + payload.Length, padding);
        pad.Clear();
        if (_seal is not PlainSeal)
        {
            RandomNumberGenerator.Fill(pad);
        }

        _seal.Seal(_sequence, packet);
        _sequence = unchecked(_sequence + 1);
        _bytesOfKey += total;
        _length += total;
    }

    private void EnsureRoom(int more)
    {
        if (_buffer.Length - _length >= more)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + more, SmallestBuffer));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ReturnBuffer();
        _buffer = larger;
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void StartSending()
    {
        if (_sending.IsCompleted && !_isBroken)
        {
            _sending = SendBatchesAsync();
        }
    }

    private async Task SendBatchesAsync()
    {
        await Task.Yield();
        while (true)
        {
            byte[] batch;
            int length;
            lock (_lock)
            {
                if (_length == 0 || _isBroken)
                {
                    _sending = Task.CompletedTask;
                    DetachRoom()?.TrySetResult();
                    return;
                }

                (batch, length) = (_buffer, _length);
                (_buffer, _length) = ([], 0);
            }

            try
            {
                await peer.WriteAsync(batch.AsMemory(0, length), cancellation);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                lock (_lock)
                {
                    _isBroken = true;
                    DetachRoom()?.TrySetException(new SshEndException("the peer is gone"));
                }

                peer.Abort();
                return;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(batch);
            }

            lock (_lock)
            {
                if (_length < MostWaiting)
                {
                    DetachRoom()?.TrySetResult();
                }
            }
        }
    }

    private TaskCompletionSource? DetachRoom()
    {
        TaskCompletionSource? room = _room;
        _room = null;
        return room;
    }
}
