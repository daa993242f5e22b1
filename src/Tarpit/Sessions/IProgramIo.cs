namespace Blackwall.Tarpit.Sessions;

/// <summary>The streams of a program that runs for a peer.</summary>
internal interface IProgramIo
{
    /// <summary>Null: it has no terminal. Follows changes of its size.</summary>
    Terminal? Terminal { get; }

    /// <summary>Variables that the peer set and the server allowed.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Some of the input, or 0 at its end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation);

    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    ValueTask WriteErrorAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
}
