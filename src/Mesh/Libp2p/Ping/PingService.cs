using System.Buffers;
using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Ping;

/// <summary>Echoes 32 bytes, and asks others to (libp2p specification "ping").</summary>
public sealed class PingService
{
    public const string Protocol = "/ipfs/ping/1.0.0";
    private const int Length = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A stream on which nobody asks for so long is given up.
    private static readonly TimeSpan IdlePatience = TimeSpan.FromMinutes(2);
    private readonly IMeshHost _host;
    private readonly TimeProvider _time;

    public PingService(IMeshHost host, TimeProvider time)
    {
        (_host, _time) = (host, time);
        host.Handle(Protocol, AnswerAsync, new StreamLimits(PerPeer: 8));
    }

    /// <summary>The time of a round trip. Throws <see cref="IOException"/>, <see cref="OperationCanceledException"/>.</summary>
    public async Task<TimeSpan> PingAsync(PeerId peer, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        await using IMeshStream stream = await _host.OpenAsync(peer, [Protocol], both.Token);
        byte[] sent = RandomNumberGenerator.GetBytes(Length);
        byte[] got = new byte[Length];
        long start = _time.GetTimestamp();
        await stream.WriteAsync(sent, both.Token);
        await stream.ReadExactlyAsync(got, both.Token);
        return sent.AsSpan().SequenceEqual(got) ? _time.GetElapsedTime(start) : throw new MeshException("The other side answered a ping with other bytes.");
    }

    private async Task AnswerAsync(IMeshStream stream, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Length);
        try
        {
            while (true)
            {
                using var late = new CancellationTokenSource(IdlePatience, _time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
                int first = await stream.ReadAsync(buffer.AsMemory(0, Length), both.Token);
                if (first == 0)
                {
                    return;
                }

                await stream.ReadExactlyAsync(buffer.AsMemory(first, Length - first), both.Token);
                await stream.WriteAsync(buffer.AsMemory(0, Length), both.Token);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
