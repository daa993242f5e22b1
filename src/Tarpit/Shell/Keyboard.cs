using System.Net.Sockets;
using System.Threading.Channels;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Shell;

/// <summary>
/// The terminal's keys. They are read while a command runs too, so that ^C ends it; keys typed ahead wait for the next reader. One
/// reader at a time.
/// </summary>
internal sealed class Keyboard(IProgramIo io) : IProgramIo
{
    private const int TypedAhead = 8192;
    private const byte InterruptKey = 3;

    private readonly Channel<byte> _keys = Channel.CreateBounded<byte>(new BoundedChannelOptions(TypedAhead) { SingleReader = true, SingleWriter = true });

    /// <summary>What ^C does while a command runs; null: it is a key like others.</summary>
    public Action? OnInterrupt { get; set; }

    public Terminal? Terminal => io.Terminal;

    public IReadOnlyDictionary<string, string> Environment => io.Environment;

    /// <summary>Reads keys until the peer ends.</summary>
    public async Task PumpAsync(CancellationToken cancellation)
    {
        byte[] buffer = new byte[256];
        try
        {
            int got;
            while ((got = await io.ReadAsync(buffer, cancellation)) > 0)
            {
                for (int i = 0; i < got; i++)
                {
                    if (buffer[i] == InterruptKey && OnInterrupt is { } interrupt)
                    {
                        while (_keys.Reader.TryRead(out _))
                        {
                            // ^C discards keys that were typed ahead.
                        }

                        interrupt();
                    }
                    else
                    {
                        await _keys.Writer.WriteAsync(buffer[i], cancellation);
                    }
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or IOException or SocketException)
        {
            // The session ends.
        }
        finally
        {
            // Whatever ended it: who waits for a key is told that none will come.
            _keys.Writer.TryComplete();
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (!await _keys.Reader.WaitToReadAsync(cancellation))
        {
            return 0;
        }

        // Keys may be there faster than they are worked on.
        await SessionScheduler.GiveWayAsync();
        int length = 0;
        while (length < buffer.Length && _keys.Reader.TryRead(out byte key))
        {
            buffer.Span[length++] = key;
        }

        return length;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => io.WriteAsync(bytes, cancellation);

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => io.WriteErrorAsync(bytes, cancellation);
}
