using System.Collections.Concurrent;
using Blackwall.Tarpit.HostChannel.Wire;

namespace Blackwall.Tarpit.HostChannel;

/// <summary>Connections to the operator's decoy, which the host makes: the tarpit asks for one and gets bytes, and cannot say to where.</summary>
/// <param name="send">Sends a message to the host, waiting for a place.</param>
internal sealed class DecoyConnections(Func<FrameKind, byte[], CancellationToken, ValueTask> send)
{
    private readonly ConcurrentDictionary<uint, DecoyStream> _open = new();
    private uint _number;

    /// <summary>A new connection; where the host makes none, it ends at once.</summary>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        uint number = Interlocked.Increment(ref _number);
        DecoyStream stream = new(
            (bytes, token) => send(FrameKind.DecoySend, new DecoyBytes(number, bytes.Span).ToArray(), token),
            () =>
            {
                _open.TryRemove(number, out _);
                _ = send(FrameKind.DecoyClose, new DecoyBytes(number, []).ToArray(), CancellationToken.None).AsTask();
            });
        _open[number] = stream;
        await send(FrameKind.DecoyOpen, new DecoyBytes(number, []).ToArray(), cancellation);
        return stream;
    }

    /// <summary>A message of the host about one of them.</summary>
    public void Handle(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (!DecoyBytes.TryRead(payload, out DecoyBytes read) || !_open.TryGetValue(read.Number, out DecoyStream? stream))
        {
            return;
        }

        if (kind == FrameKind.DecoyEnded || !stream.TryAdd(read.Bytes))
        {
            stream.End();
        }
    }
}
