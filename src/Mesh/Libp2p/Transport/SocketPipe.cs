using System.Buffers;
using System.Net.Sockets;
using Blackwall.Mesh.Libp2p.PrivateNetwork;

namespace Blackwall.Mesh.Libp2p.Transport;

/// <summary>A connected socket with a read buffer that exists only while there is something in it: ten thousand idle connections hold none.</summary>
internal sealed class SocketPipe(Socket socket) : IDuplex, IDisposable
{
    private const int Usual = 16 * 1024;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _disposed;
    private SwarmCipher? _sending;
    private SwarmCipher? _receiving;

    public int Buffered => _end - _start;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (!await FillAsync(1, cancellation))
        {
            return 0;
        }

        int count = Math.Min(buffer.Length, Buffered);
        Take(count).CopyTo(buffer);
        return count;
    }

    /// <summary>From now on every byte goes through the ciphers of a private network, those that came already too.</summary>
    public void Protect(SwarmCipher sending, SwarmCipher receiving)
    {
        (_sending, _receiving) = (sending, receiving);
        Span<byte> early = _buffer.AsSpan(_start, Buffered);
        receiving.Apply(early, early);
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        byte[]? sealedBytes = null;
        try
        {
            if (_sending is { } cipher)
            {
                sealedBytes = ArrayPool<byte>.Shared.Rent(bytes.Length);
                cipher.Apply(bytes.Span, sealedBytes);
                bytes = sealedBytes.AsMemory(0, bytes.Length);
            }

            while (bytes.Length > 0)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellation)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new IOException("The connection broke while sending.", exception);
        }
        finally
        {
            if (sealedBytes is not null)
            {
                ArrayPool<byte>.Shared.Return(sealedBytes);
            }
        }
    }

    /// <summary>Waits until so many bytes are buffered. False at the end of the connection with nothing buffered; throws <see cref="IOException"/> when it ends inside.</summary>
    public async ValueTask<bool> FillAsync(int count, CancellationToken cancellation)
    {
        if (Buffered >= count)
        {
            return true;
        }

        try
        {
            if (Buffered == 0)
            {
                // What was taken last is done with: nothing is held while waiting.
                Release();
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellation);
            }

            MakeRoom(count);
            while (Buffered < count)
            {
                int read = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellation);
                if (read == 0)
                {
                    return Buffered == 0 ? false : throw new EndOfStreamException("The connection ended inside a frame.");
                }

                Span<byte> came = _buffer.AsSpan(_end, read);
                _receiving?.Apply(came, came);
                _end += read;
            }

            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new IOException("The connection broke.", exception);
        }
    }

    /// <summary>The other side reads an end after what was sent; what it sends still comes.</summary>
    public void EndSending()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It ended before.
        }
    }

    /// <summary>Bytes that are buffered; they stay valid until the next <see cref="FillAsync"/>.</summary>
    public Memory<byte> Take(int count)
    {
        Memory<byte> taken = _buffer.AsMemory(_start, count);
        _start += count;
        return taken;
    }

    public Span<byte> Peek(int count) => _buffer.AsSpan(_start, count);

    /// <summary>Closes the socket; the buffer goes back by <see cref="Release"/> when the reader has ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        try
        {
            // What was sent last arrives before the end does.
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It ended before.
        }

        socket.Dispose();
    }

    /// <summary>Gives the buffer back. Only the reader calls it.</summary>
    public void Release()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _start = _end = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void MakeRoom(int count)
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(count, Usual));
            return;
        }

        if (_buffer.Length - _start >= count && _end < _buffer.Length)
        {
            return;
        }

        byte[] room = _buffer.Length >= count ? _buffer : ArrayPool<byte>.Shared.Rent(count);
        int have = Buffered;
        _buffer.AsSpan(_start, have).CopyTo(room);
        if (!ReferenceEquals(room, _buffer))
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = room;
        }

        _start = 0;
        _end = have;
    }
}
