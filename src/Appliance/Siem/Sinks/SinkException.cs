namespace Blackwall.Siem.Sinks;

/// <summary>A sink did not take a batch, and may take it later.</summary>
internal sealed class SinkException(string message, TimeSpan? retryAfter) : Exception(message)
{
    public TimeSpan? RetryAfter => retryAfter;
}
