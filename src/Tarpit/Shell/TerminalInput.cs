using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Shell;

/// <summary>The terminal as a running command reads it: by lines, which the driver of the terminal echoes.</summary>
internal sealed class TerminalInput(IProgramIo io) : IProgramIo
{
    public Terminal? Terminal => io.Terminal;

    public IReadOnlyDictionary<string, string> Environment => io.Environment;

    /// <summary>The keys behind it; null: they come from elsewhere.</summary>
    public Keyboard? Keyboard => io as Keyboard;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => io is Keyboard keyboard ? keyboard.ReadLineAsync(buffer, cancellation) : io.ReadAsync(buffer, cancellation);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => io.WriteAsync(bytes, cancellation);

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => io.WriteErrorAsync(bytes, cancellation);
}
