namespace Blackwall.Tarpit.Detection;

/// <summary>What carries the bytes of a connection: a socket, or memory between two parts of the process.</summary>
internal interface IWire : IDisposable
{
    /// <summary>Some bytes, or 0 at the end. Without room in the buffer it waits until there is something to receive.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Returns how many bytes were taken.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Nothing more will be sent.</summary>
    void EndSending();

    /// <summary>Ends both directions so that the other end sees a reset.</summary>
    void Reset();
}
