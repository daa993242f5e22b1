using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Blackwall.Tarpit.Detection;

/// <summary>
/// One accepted connection: its wire, and what was read from it already to find out what it speaks. While nothing comes it holds no buffer.
/// One reader; writers take turns by their own means.
/// </summary>
internal sealed class Peer(IWire wire, IPEndPoint remote, IPEndPoint destination, SharedMemory? memory = null) : IDisposable
{
    private ReadOnlyMemory<byte> _early;
    private ReadOnlyMemory<byte> _earlyRaw;
    private Stream? _encrypted;
    private long _received;
    private long _sent;

    /// <summary>Who it is.</summary>
    public IPEndPoint Remote { get; set; } = remote;

    /// <summary>What the peer believes to talk to.</summary>
    public IPEndPoint Destination { get; } = destination;

    /// <summary>Room for what the peer is in the middle of sending.</summary>
    public PeerMemory Memory { get; } = new(memory ?? SharedMemory.Unlimited);

    /// <summary>Bytes that the peer sent.</summary>
    public long Received => Interlocked.Read(ref _received);

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Gives back what was read too early.</summary>
    public void Return(ReadOnlyMemory<byte> bytes) => _early = bytes;

    /// <summary>Whether what is read and written goes through TLS.</summary>
    public bool IsEncrypted => _encrypted is not null;

    /// <summary>From now on reads and writes go through a stream that encrypts over a <see cref="PeerStream"/>; it is disposed with the peer.</summary>
    public void Encrypt(Stream encrypted)
    {
        (_earlyRaw, _early) = (_early, default);
        _encrypted = encrypted;
    }

    /// <summary>Waits until there is something to read, or the end.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (_encrypted is not null && _early.IsEmpty)
        {
            _ = await _encrypted.ReadAsync(Memory<byte>.Empty, cancellation);
        }
        else if (_early.IsEmpty)
        {
            await WaitRawAsync(cancellation);
        }
    }

    /// <summary>At least one byte, or 0 at the end.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        TryTake(ref _early, buffer) is var taken and not 0 ? new(taken) : _encrypted is null ? ReadRawAsync(buffer, cancellation) : _encrypted.ReadAsync(buffer, cancellation);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        _encrypted is null ? WriteRawAsync(bytes, cancellation) : _encrypted.WriteAsync(bytes, cancellation);

    /// <summary>As <see cref="WaitAsync"/>, below encryption.</summary>
    internal async ValueTask WaitRawAsync(CancellationToken cancellation)
    {
        if (_earlyRaw.IsEmpty && (_encrypted is not null || _early.IsEmpty))
        {
            await wire.ReceiveAsync(Memory<byte>.Empty, cancellation);
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, below encryption.</summary>
    internal async ValueTask<int> ReadRawAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        int taken = _encrypted is null ? TryTake(ref _early, buffer) : TryTake(ref _earlyRaw, buffer);
        if (taken > 0)
        {
            return taken;
        }

        int got = await wire.ReceiveAsync(buffer, cancellation);
        Interlocked.Add(ref _received, got);
        return got;
    }

    /// <summary>As <see cref="WriteAsync"/>, below encryption.</summary>
    internal async ValueTask WriteRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            int sent = await wire.SendAsync(bytes, cancellation);
            Interlocked.Add(ref _sent, sent);
            bytes = bytes[sent..];
        }
    }

    private static int TryTake(ref ReadOnlyMemory<byte> early, Memory<byte> buffer)
    {
        int taken = Math.Min(buffer.Length, early.Length);
        early[..taken].CopyTo(buffer);
        early = early[taken..];
        return taken;
    }

    /// <summary>Reads and forgets up to a limit, so that what was sent last is not destroyed by a reset.</summary>
    public async ValueTask EndAsync(TimeSpan patience, TimeProvider time)
    {
        const int mostForgotten = 1 << 20;
        byte[] waste = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            if (_encrypted is System.Net.Security.SslStream ssl)
            {
                await ssl.ShutdownAsync();
            }

            wire.EndSending();
            using CancellationTokenSource limit = new(patience, time);
            int total = 0, got;
            while (total < mostForgotten && (got = await ReadAsync(waste, limit.Token)) > 0)
            {
                total += got;
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The peer went first, or stays too long.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(waste);
        }
    }

    /// <summary>Ends with a reset.</summary>
    public void Reset() => wire.Reset();

    /// <summary>Ends reading and writing at once, from any thread.</summary>
    public void Abort() => wire.Dispose();

    public void Dispose()
    {
        _encrypted?.Dispose();
        wire.Dispose();
    }
}
