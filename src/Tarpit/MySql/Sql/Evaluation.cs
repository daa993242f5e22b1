namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>One statement that runs: its session, its parameters, and what it may cost.</summary>
internal sealed class Evaluation(SqlSession session, IReadOnlyList<object?> parameters)
{
    private const int MostSteps = 5_000_000;
    private const int MostBytes = 16 << 20;
    private const int MostHeld = 32 << 20;
    private const int StepsBetweenLooks = 1024;
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(2);
    private const int DeepestQuery = 32;
    private const double LongestDelay = 60;

    private readonly long _start = session.Machine.Time.GetTimestamp();
    private int _steps;
    private int _lookAt = StepsBetweenLooks;
    private long _bytes;
    private long _held;
    private int _depth;

    public SqlSession Session => session;

    public IReadOnlyList<object?> Parameters => parameters;

    /// <summary>The moment that NOW() gives, the same within a statement.</summary>
    public DateTimeOffset Now { get; } = session.Machine.Now;

    /// <summary>How long the answer waits, for SLEEP and BENCHMARK.</summary>
    public TimeSpan Delay { get; private set; }

    public void Sleep(double seconds) => Delay = TimeSpan.FromSeconds(Math.Min(LongestDelay, Delay.TotalSeconds + Math.Clamp(seconds, 0, LongestDelay)));

    /// <summary>One row or expression more.</summary>
    /// <exception cref="MySqlException">It costs too much.</exception>
    public void Spend(int steps = 1)
    {
        if ((_steps += steps) < _lookAt)
        {
            return;
        }

        _lookAt = _steps + StepsBetweenLooks;
        if (_steps > MostSteps || session.Machine.Time.GetElapsedTime(_start) > LongestRun)
        {
            throw new MySqlException(MySqlError.TooMuch);
        }
    }

    /// <summary>A row of so many values is kept until the statement ends.</summary>
    /// <exception cref="MySqlException">All of them take too much memory.</exception>
    public void Hold(int values)
    {
        if ((_held += 64 + (8L * values)) > MostHeld)
        {
            throw new MySqlException(MySqlError.TooMuch);
        }
    }

    /// <summary>A value was made that is this long.</summary>
    public void Allocate(long bytes)
    {
        if ((_bytes += bytes) > MostBytes)
        {
            throw new MySqlException(new MySqlError(1301, "HY000", "Result of concat() was larger than max_allowed_packet (67108864) - truncated"));
        }
    }

    public void EnterQuery()
    {
        if (++_depth > DeepestQuery)
        {
            throw new MySqlException(new MySqlError(1473, "HY000", "Too high level of nesting for select"));
        }
    }

    public void LeaveQuery() => _depth--;
}
