namespace Blackwall.Classification;

/// <summary>Leaves a failing server alone. After a pause one small question tries it again; the pause doubles while that fails. Thread-safe.</summary>
/// <param name="time">Measures the pauses.</param>
internal sealed class CircuitBreaker(TimeProvider time)
{
    private const int MostDoublings = 4;

    private readonly Lock _lock = new();
    private int _failures;
    private int _openings;
    private long _opened;
    private TimeSpan _pause;

    /// <summary>Failures in a row.</summary>
    public int Failures
    {
        get
        {
            lock (_lock)
            {
                return _failures;
            }
        }
    }

    /// <summary>How long the server is still left alone; zero: it may be asked.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
            {
                TimeSpan left = _pause - time.GetElapsedTime(_opened);
                return _pause > TimeSpan.Zero && left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Whether it opened and no question succeeded since: the next one is a trial.</summary>
    public bool IsTripped
    {
        get
        {
            lock (_lock)
            {
                return _openings > 0;
            }
        }
    }

    public void Succeed()
    {
        lock (_lock)
        {
            (_failures, _openings, _pause) = (0, 0, TimeSpan.Zero);
        }
    }

    /// <returns>Whether it opened now.</returns>
    public bool Fail(int limit, TimeSpan firstPause)
    {
        lock (_lock)
        {
            _failures++;
            if (_failures < limit)
            {
                return false;
            }

            _pause = firstPause * Math.Pow(2, Math.Min(_openings, MostDoublings));
            _openings++;
            _opened = time.GetTimestamp();
            return true;
        }
    }
}
