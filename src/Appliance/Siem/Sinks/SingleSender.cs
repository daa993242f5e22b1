using Blackwall.Siem.Transport;

namespace Blackwall.Siem.Sinks;

/// <summary>Sends single events beside the stream of a sink, over a connection of its own.</summary>
internal sealed class SingleSender(Func<ISinkTransport> connect) : IDisposable
{
    private ISinkTransport? _transport;

    /// <summary>Sends one event.</summary>
    /// <returns>Neither: the sink took it. Refusal: what the sink has against this event. Error: why the sink could not be asked.</returns>
    public async Task<(string? Refusal, string? Error)> SendAsync(SiemEvent happened, CancellationToken cancellation)
    {
        try
        {
            _transport ??= connect();
            SendResult result = await _transport.SendAsync([happened], cancellation);
            return result.Outcome switch
            {
                SendOutcome.Retry => (null, result.Error ?? "The sink did not take it."),
                SendOutcome.Split => (result.Error ?? "The sink refused it.", null),
                _ => (result.Refused.Count > 0 ? result.Refused[0].Why : null, null),
            };
        }
        catch (Exception failure) when (SinkFailure.IsOfTheSink(failure))
        {
            return (null, SinkFailure.Sentence(failure));
        }
    }

    public void Dispose() => _transport?.Dispose();
}
