namespace Blackwall.Tarpit.Detection;

/// <summary>One end of a connection as a stream. Owns it.</summary>
internal sealed class WireStream(IWire wire) : DuplexStream
{
    /// <summary>Nothing more will be written; the other end can still answer.</summary>
    public void EndWriting() => wire.EndSending();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => wire.ReceiveAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await wire.SendAsync(buffer, cancellationToken)..];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            wire.Dispose();
        }

        base.Dispose(disposing);
    }
}
