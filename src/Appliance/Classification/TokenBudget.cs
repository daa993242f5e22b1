namespace Blackwall.Classification;

/// <summary>Tokens that may be spent, refilled evenly over the minute. Thread-safe.</summary>
internal sealed class TokenBudget(TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = double.MaxValue;
    private long _filled = time.GetTimestamp();

    /// <summary>What is left of <paramref name="perMinute"/>.</summary>
    public long Left(int perMinute)
    {
        lock (_lock)
        {
            Fill(perMinute);
            return (long)_tokens;
        }
    }

    /// <summary>Whether there are so many; then they are spent. More than a minute's worth is never there.</summary>
    public bool TryTake(int tokens, int perMinute)
    {
        lock (_lock)
        {
            Fill(perMinute);
            if (_tokens < tokens)
            {
                return false;
            }

            _tokens -= tokens;
            return true;
        }
    }

    private void Fill(int perMinute)
    {
        _tokens = Math.Min(perMinute, _tokens + (time.GetElapsedTime(_filled).TotalMinutes * perMinute));
        _filled = time.GetTimestamp();
    }
}
