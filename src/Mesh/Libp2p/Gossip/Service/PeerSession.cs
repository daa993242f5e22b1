using System.Buffers;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>Our side of the gossip with one connected peer: the stream that we send on.</summary>
internal sealed class PeerSession : IDisposable
{
    private const int Attempts = 3;

    private static readonly TimeSpan s_closing = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly string[] s_protocols = [GossipService.Protocol12, GossipService.Protocol11, GossipService.Protocol10];

    private readonly IMeshHost _host;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ended;
    private Task _sending = Task.CompletedTask;

    public PeerSession(PeerId id, IMeshHost host, GossipOptions options, TimeProvider time, CancellationToken stop)
    {
        Id = id;
        _host = host;
        _time = time;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Queue = new SendQueue(options.SendQueueBytes);
    }

    public PeerId Id { get; }

    /// <summary>As the router knows it; set once, when it has been added.</summary>
    public GossipPeer Peer { get; set; } = null!;

    public SendQueue Queue { get; }

    /// <summary>The stream that the peer sends on; a newer one takes its place.</summary>
    public IMeshStream? Inbound { get; set; }

    /// <summary>What reads <see cref="Inbound"/>.</summary>
    public FrameReader? Reader { get; set; }

    /// <summary>Changes of subscriptions that may still be told of, and when that was reckoned (timestamp).</summary>
    public (double Left, long At) SubscriptionEvents { get; set; }

    /// <summary>Opens the stream and sends what waits, unless that goes on already.</summary>
    /// <param name="opened">Called with the protocol at each opening, before anything is sent.</param>
    public void EnsureSending(Action<PeerSession, string, bool> opened)
    {
        if (_sending.IsCompleted && !_ended.IsCancellationRequested)
        {
            CancellationToken ended = _ended.Token;
            _sending = Task.Run(() => SendAsync(opened, ended), CancellationToken.None);
        }
    }

    public void End()
    {
        Queue.Close();
        _ended.Cancel();
    }

    public void Dispose()
    {
        End();
        _ended.Dispose();
    }

    public Task WhenEnded() => _sending;

    private async Task SendAsync(Action<PeerSession, string, bool> opened, CancellationToken ended)
    {
        for (int attempt = 0; attempt < Attempts && !ended.IsCancellationRequested; attempt++)
        {
            try
            {
                if (attempt > 0)
                {
                    await Task.Delay(s_pause, _time, ended).ConfigureAwait(false);
                }

                IMeshStream stream = await _host.OpenAsync(Id, s_protocols, ended).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                {
                    try
                    {
                        opened(this, stream.Protocol, attempt > 0);
                        await SendAsync(stream, ended).ConfigureAwait(false);
                    }
                    finally
                    {
                        await CloseAsync(stream).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The next attempt, or the end of the connection, follows.
            }
        }
    }

    // Where the peer takes nothing, the stream's end would wait for ever.
    private async Task CloseAsync(IMeshStream stream)
    {
        try
        {
            using var brief = new CancellationTokenSource(s_closing, _time);
            await stream.CloseWriteAsync(brief.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            stream.Reset();
        }
    }

    private async Task SendAsync(IMeshStream stream, CancellationToken ended)
    {
        while (true)
        {
            byte[]? buffer = null;
            try
            {
                while (TryWrite(ref buffer, out int length))
                {
                    await stream.WriteAsync(buffer.AsMemory(0, length), ended).ConfigureAwait(false);
                }
            }
            finally
            {
                if (buffer is not null)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }

            await Queue.WaitAsync(ended).ConfigureAwait(false);
        }
    }

    private bool TryWrite(ref byte[]? buffer, out int length)
    {
        length = 0;
        ReadOnlySpan<RpcItem> items = Queue.Take();
        if (items.Length == 0)
        {
            return false;
        }

        int size = RpcWriter.Size(items);
        if (buffer is null || buffer.Length < size)
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            buffer = ArrayPool<byte>.Shared.Rent(size);
        }

        length = RpcWriter.Write(items, buffer);
        return true;
    }
}
