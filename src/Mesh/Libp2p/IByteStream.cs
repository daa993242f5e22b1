namespace Blackwall.Mesh.Libp2p;

/// <summary>A stream of a connection; each way is closed by itself.</summary>
public interface IByteStream : IDuplex, IAsyncDisposable
{
    /// <summary>Ends our way; reading goes on.</summary>
    ValueTask CloseWriteAsync(CancellationToken cancellation);

    /// <summary>Ends both ways at once, what is on its way included. Never throws.</summary>
    void Reset();
}
