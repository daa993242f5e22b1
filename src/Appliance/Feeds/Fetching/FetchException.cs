namespace Blackwall.Feeds.Fetching;

/// <summary>A server gave nothing that can be used.</summary>
/// <param name="message">Why, for a person.</param>
/// <param name="retryAfter">How long it asked to be left alone; null: it did not.</param>
internal sealed class FetchException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
