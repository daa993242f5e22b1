namespace Blackwall.Mesh.Libp2p;

/// <summary>Bytes both ways. One reader and one writer at a time.</summary>
public interface IDuplex
{
    /// <summary>Reads what is there, at least one byte; 0 at the end. Throws <see cref="IOException"/> when the other side or the way to it fails.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Sends all of it; waits while the other side takes no more. Throws <see cref="IOException"/> as reading does.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);
}
