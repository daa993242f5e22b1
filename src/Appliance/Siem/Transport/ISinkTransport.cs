namespace Blackwall.Siem.Transport;

/// <summary>Carries events to one sink. Used by one runner, one batch at a time.</summary>
internal interface ISinkTransport : IDisposable
{
    /// <summary>How long after it was sent an event counts as delivered, as long as the connection stands; zero: the sink says so itself.</summary>
    TimeSpan Settling { get; }

    /// <summary>False: the other side has closed the connection, and what is not settled may be lost.</summary>
    bool IsAlive { get; }

    /// <summary>Sends as many of the events, from the first one on, as fit one batch. Failures of the network are exceptions.</summary>
    Task<SendResult> SendAsync(IReadOnlyList<SiemEvent> events, CancellationToken cancellation);
}
