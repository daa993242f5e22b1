namespace Blackwall.Siem.Transport;

/// <summary>A transport over which it is known only some time after sending whether a batch arrived. Several batches may be on their way.</summary>
internal interface IConfirmingTransport : ISinkTransport
{
    /// <summary>As many batches are on their way as may be: nothing more is sent until one is confirmed.</summary>
    bool IsFull { get; }

    /// <summary>How long to wait before asking again.</summary>
    TimeSpan ConfirmEvery { get; }

    /// <summary>True: batches on their way can still be confirmed after a failure, and are sent again by the transport where needed. False: they are lost with it.</summary>
    bool OutlivesFailures { get; }

    /// <summary>How many of the batches on their way have arrived and were not returned before, from the oldest one on without a gap. Failures of the network are exceptions.</summary>
    Task<int> ConfirmAsync(CancellationToken cancellation);
}
