namespace Blackwall.Siem.Transport;

/// <summary>Carries events to one sink. Used by one runner, one batch at a time.</summary>
internal interface ISinkTransport : IDisposable
{
    /// <summary>Sends as many of the events, from the first one on, as fit one batch. Failures of the network are exceptions.</summary>
    Task<SendResult> SendAsync(IReadOnlyList<SiemEvent> events, CancellationToken cancellation);
}
