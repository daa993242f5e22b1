namespace Blackwall.Tarpit.Detection;

/// <summary>A peer's bytes on the wire as a stream, for what encrypts over them. Does not own the peer.</summary>
internal sealed class PeerStream(Peer peer) : DuplexStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            await peer.WaitRawAsync(cancellationToken);
            return 0;
        }

        return await peer.ReadRawAsync(buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => peer.WriteRawAsync(buffer, cancellationToken);
}
