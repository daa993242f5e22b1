using Blackwall.Tarpit.Sessions;

namespace Blackwall.Fuzz.Bombs;

/// <summary>The peer of a bomb: he sends a given text, then nothing, and forgets what he gets.</summary>
/// <param name="input">What he sends, a repeated part of it at most <paramref name="length"/> bytes.</param>
internal sealed class BombIo(byte[] input, long length, bool hasTerminal) : IProgramIo
{
    private long _sent;

    public Terminal? Terminal { get; } = hasTerminal ? new Terminal("xterm-256color", 80, 24) : null;

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_sent >= length)
        {
            if (hasTerminal)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            }

            return 0;
        }

        int at = (int)(_sent % input.Length), got = (int)Math.Min(Math.Min(buffer.Length, input.Length - at), length - _sent);
        input.AsMemory(at, got).CopyTo(buffer);
        _sent += got;
        return got;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => WriteAsync(bytes, cancellation);
}
