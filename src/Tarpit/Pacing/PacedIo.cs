using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Pacing;

/// <summary>The streams of a program, slowed.</summary>
internal sealed class PacedIo(IProgramIo io, Pacer pacer) : IProgramIo
{
    public Terminal? Terminal => io.Terminal;

    public IReadOnlyDictionary<string, string> Environment => io.Environment;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        int got = await io.ReadAsync(buffer, cancellation);
        pacer.OnInput();
        return got;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => pacer.WriteAsync(bytes, io.WriteAsync, cancellation);

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => pacer.WriteAsync(bytes, io.WriteErrorAsync, cancellation);
}
