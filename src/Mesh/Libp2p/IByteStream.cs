namespace Blackwall.Mesh.Libp2p;

/// <summary>A stream of a connection: bytes both ways, each way closed by itself. One reader and one writer at a time.</summary>
public interface IByteStream : IAsyncDisposable
{
    /// <summary>
    /// Reads what is there, at least one byte; 0 once the other side has closed its way.
    /// Throws <see cref="IOException"/> when the stream was reset or the connection ended.
    /// </summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Sends all of it; waits while the other side takes no more. Throws <see cref="IOException"/> as reading does.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Ends our way; reading goes on.</summary>
    ValueTask CloseWriteAsync(CancellationToken cancellation);

    /// <summary>Ends both ways at once, what is on its way included. Never throws.</summary>
    void Reset();
}
