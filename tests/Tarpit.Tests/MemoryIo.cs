using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Tests;

/// <summary>A peer without a terminal that says nothing and takes up to 4 MB.</summary>
internal sealed class MemoryIo : IProgramIo, IDisposable
{
    private const int Most = 4 << 20;

    public MemoryStream Output { get; } = new();

    public MemoryStream Errors { get; } = new();

    public Terminal? Terminal => null;

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => new(0);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => Append(Output, bytes, cancellation);

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => Append(Errors, bytes, cancellation);

    public void Dispose()
    {
        Output.Dispose();
        Errors.Dispose();
    }

    private static ValueTask Append(MemoryStream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (stream.Length < Most)
        {
            stream.Write(bytes.Span);
        }

        return ValueTask.CompletedTask;
    }
}
