using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>
/// The transport of one connection (RFC 4253): packets in and out, keys and their exchange. One reader; <see cref="Send(SshWriter)"/> from any
/// thread. What a sender may have waiting is bounded by <see cref="WaitForRoomAsync"/>.
/// </summary>
internal sealed partial class SshTransport : IDisposable
{
    private const int LargestPacket = 256 * 1024;
    private const int UsualRead = 16 * 1024;
    private const int MostWaiting = 256 * 1024;

    private readonly Peer _peer;
    private readonly SshPersona _persona;
    private readonly HostKeys _hostKeys;
    private readonly CancellationToken _cancellation;
    private readonly Lock _sending = new();
    private readonly Queue<byte[]> _held = new();

    private byte[] _input = [];
    private int _inputStart;
    private int _inputEnd;
    private byte[] _payload = [];
    private PacketSeal _sealIn = new PlainSeal();
    private uint _sequenceIn;
    private long _bytesIn;

    private PacketSeal _sealOut = new PlainSeal();
    private uint _sequenceOut;
    private long _bytesOut;
    private byte[] _output = [];
    private int _outputLength;
    private Task _writer = Task.CompletedTask;
    private TaskCompletionSource? _room;
    private bool _broken;

    public SshTransport(Peer peer, SshPersona persona, HostKeys hostKeys, CancellationToken cancellation) =>
        (_peer, _persona, _hostKeys, _cancellation) = (peer, persona, hostKeys, cancellation);

    /// <summary>Hash of the first exchange; empty before it.</summary>
    public byte[] SessionId { get; private set; } = [];

    /// <summary>Sends a message; during a key exchange it waits for the new keys.</summary>
    public void Send(SshWriter message) => Send(message.Written);

    public void Send(ReadOnlySpan<byte> payload)
    {
        lock (_sending)
        {
            if (_holding && payload[0] is >= (byte)SshMessage.ServiceRequest and not ((byte)SshMessage.KexInit or (byte)SshMessage.NewKeys or (>= 30 and < 50)))
            {
                _held.Enqueue(payload.ToArray());
                return;
            }

            Append(payload);
            StartWriter();
        }
    }

    /// <summary>Bytes as they are, before the first packet.</summary>
    public void SendRaw(ReadOnlySpan<byte> bytes)
    {
        lock (_sending)
        {
            EnsureOutput(bytes.Length);
            bytes.CopyTo(_output.AsSpan(_outputLength));
            _outputLength += bytes.Length;
            StartWriter();
        }
    }

    /// <summary>Waits until the peer took most of what was sent.</summary>
    public ValueTask WaitForRoomAsync()
    {
        lock (_sending)
        {
            if (_broken)
            {
                throw new SshEndException("the peer is gone");
            }

            if (_outputLength < MostWaiting && _held.Count < 1024)
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task.WaitAsync(_cancellation));
        }
    }

    /// <summary>Waits until everything is handed to the network.</summary>
    public async Task FlushAsync()
    {
        Task writer;
        lock (_sending)
        {
            writer = _writer;
        }

        await writer;
    }

    /// <summary>Gives what was sent a last chance to leave; a peer that takes nothing does not hold it up.</summary>
    public async Task EndAsync(TimeSpan patience, TimeProvider time)
    {
        try
        {
            await FlushAsync().WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            _peer.Abort();
        }
    }

    /// <summary>Something came that was not read.</summary>
    public bool HasUnread => _inputStart < _inputEnd;

    /// <summary>A last message (ssh_packet_disconnect): it is sent before the connection ends.</summary>
    public async Task DisconnectAsync(string text)
    {
        Send(new SshWriter(SshMessage.Disconnect).UInt32(2).Text(text).Text(""));
        await FlushAsync();
        throw new SshEndException(text);
    }

    /// <summary>Reads the client's identification.</summary>
    public async Task<ClientVersion> ReadVersionAsync()
    {
        ClientVersion version = new();
        while (true)
        {
            while (_inputStart < _inputEnd)
            {
                if (version.Take(_input[_inputStart++]))
                {
                    return version;
                }
            }

            await FillAsync(1);
        }
    }

    public void Dispose()
    {
        GiveBackInput();
        _sealIn.Dispose();
        lock (_sending)
        {
            _sealOut.Dispose();
            _broken = true;
            if (_writer.IsCompleted && _output.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_output);
                _output = [];
            }
        }
    }

    /// <summary>The next packet's payload, decompressed; good until the next call.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> ReadPacketAsync()
    {
        int head = _sealIn.HeadLength;
        await FillAsync(head);
        uint length = _sealIn.ReadLength(_sequenceIn, _input.AsSpan(_inputStart, head));
        if (length is < 5 or > LargestPacket)
        {
            if (_sealIn.LengthAside)
            {
                await PacketCorruptAsync();
            }

            throw new SshEndException("bad packet length");
        }

        int padded = _sealIn.LengthAside ? (int)length : (int)length + sizeof(uint);
        if (padded % _sealIn.BlockLength != 0)
        {
            throw new SshEndException("padding error");
        }

        int total = sizeof(uint) + (int)length + _sealIn.TagLength;
        await FillAsync(total);
        Memory<byte> packet = _input.AsMemory(_inputStart, total);
        if (!_sealIn.Open(_sequenceIn, packet.Span))
        {
            throw new SshEndException("wrong MAC");
        }

        _inputStart += total;
        _sequenceIn = unchecked(_sequenceIn + 1);
        _bytesIn += total;
        byte padding = packet.Span[sizeof(uint)];
        if (padding < 4)
        {
            await DisconnectAsync($"Corrupted padlen {padding} on input.");
        }

        if (padding >= length)
        {
            throw new SshEndException("more padding than packet");
        }

        ReadOnlyMemory<byte> payload = packet.Slice(sizeof(uint) + 1, (int)length - padding - 1);
        if (_inflate is not null)
        {
            _payload = _inflate.Run(payload.Span) ?? throw new SshEndException("bad compressed data");
            payload = _payload;
        }

        if (payload.IsEmpty || payload.Span[0] == 0)
        {
            await DisconnectAsync("Invalid ssh2 packet type: 0");
        }

        return payload;
    }

    private async Task PacketCorruptAsync()
    {
        Send(new SshWriter(SshMessage.Disconnect).UInt32(2).Text("Packet corrupt").Text(""));
        await FlushAsync();
    }

    // Makes at least so many bytes available; while nothing is there, no buffer is held.
    private async ValueTask FillAsync(int wanted)
    {
        while (_inputEnd - _inputStart < wanted)
        {
            if (_inputStart == _inputEnd)
            {
                GiveBackInput();
                await _peer.WaitAsync(_cancellation);
                _input = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, UsualRead));
            }
            else if (_input.Length - _inputStart < wanted)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, UsualRead));
                int kept = _inputEnd - _inputStart;
                _input.AsSpan(_inputStart, kept).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_input);
                (_input, _inputStart, _inputEnd) = (larger, 0, kept);
            }

            int got = await _peer.ReadAsync(_input.AsMemory(_inputEnd), _cancellation);
            if (got == 0)
            {
                throw new SshEndException("the peer closed");
            }

            _inputEnd += got;
        }
    }

    private void GiveBackInput()
    {
        if (_input.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_input);
            _input = [];
        }

        (_inputStart, _inputEnd) = (0, 0);
    }

    private void Append(ReadOnlySpan<byte> payload)
    {
        if (_deflate is not null)
        {
            payload = _deflate.Run(payload);
        }

        int block = _sealOut.BlockLength, counted = (_sealOut.LengthAside ? 0 : sizeof(uint)) + 1 + payload.Length;
        int padding = block - (counted % block);
        if (padding < 4)
        {
            padding += block;
        }

        int length = 1 + payload.Length + padding, total = sizeof(uint) + length + _sealOut.TagLength;
        EnsureOutput(total);
        Span<byte> packet = _output.AsSpan(_outputLength, total);
        BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)length);
        packet[sizeof(uint)] = (byte)padding;
        payload.CopyTo(packet[(sizeof(uint) + 1)..]);
        Span<byte> pad = packet.Slice(sizeof(uint) + 1 + payload.Length, padding);
        pad.Clear();
        if (_sealOut is not PlainSeal)
        {
            RandomNumberGenerator.Fill(pad);
        }

        _sealOut.Seal(_sequenceOut, packet);
        _sequenceOut = unchecked(_sequenceOut + 1);
        _bytesOut += total;
        _outputLength += total;
    }

    private void EnsureOutput(int more)
    {
        if (_output.Length - _outputLength >= more)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_outputLength + more, 1024));
        _output.AsSpan(0, _outputLength).CopyTo(larger);
        if (_output.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_output);
        }

        _output = larger;
    }

    private void StartWriter()
    {
        if (_writer.IsCompleted && !_broken)
        {
            _writer = WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        await Task.Yield();
        while (true)
        {
            byte[] batch;
            int length;
            lock (_sending)
            {
                if (_outputLength == 0 || _broken)
                {
                    _writer = Task.CompletedTask;
                    TakeRoom()?.TrySetResult();
                    return;
                }

                (batch, length) = (_output, _outputLength);
                (_output, _outputLength) = ([], 0);
            }

            try
            {
                await _peer.WriteAsync(batch.AsMemory(0, length), _cancellation);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                lock (_sending)
                {
                    _broken = true;
                    TakeRoom()?.TrySetException(new SshEndException("the peer is gone"));
                }

                _peer.Abort();
                return;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(batch);
            }

            lock (_sending)
            {
                if (_outputLength < MostWaiting)
                {
                    TakeRoom()?.TrySetResult();
                }
            }
        }
    }

    private TaskCompletionSource? TakeRoom()
    {
        TaskCompletionSource? room = _room;
        _room = null;
        return room;
    }
}
