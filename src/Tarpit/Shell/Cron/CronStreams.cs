using System.Buffers;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Shell.Cron;

/// <summary>Input and output of a command that cron runs: a text to read, and what it prints is collected for a mail, no more than fits into one.</summary>
internal sealed class CronStreams(ReadOnlyMemory<byte> input) : IProgramIo
{
    private const int Most = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _printed = new();
    private ReadOnlyMemory<byte> _input = input;

    public Terminal? Terminal => null;

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public ReadOnlySpan<byte> Printed => _printed.WrittenSpan;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        int length = Math.Min(buffer.Length, _input.Length);
        _input[..length].CopyTo(buffer);
        _input = _input[length..];
        return new(length);
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        _printed.Write(bytes.Span[..Math.Min(bytes.Length, Most - _printed.WrittenCount)]);
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => WriteAsync(bytes, cancellation);
}
