namespace Blackwall.Tarpit.MySql;

/// <summary>
/// Keeps statements from taking the processors: few run at once, and a connection whose statement took long waits many times as long before its answer, so
/// that a client who sends nothing but expensive ones gets a small part of one processor. Thread-safe.
/// </summary>
internal sealed class StatementWork(TimeProvider time) : IDisposable
{
    private const int MostAtOnce = 2;
    private const int RestFactor = 9;
    private static readonly TimeSpan Free = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _places = new(MostAtOnce);

    /// <summary>Runs a statement when it is its turn; an expensive one ends late, also when it fails.</summary>
    public async Task<T> RunAsync<T>(Func<T> statement, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        long start = time.GetTimestamp();
        TimeSpan took = TimeSpan.Zero;
        try
        {
            try
            {
                return statement();
            }
            finally
            {
                took = time.GetElapsedTime(start);
                _places.Release();
            }
        }
        finally
        {
            if (took > Free)
            {
                await Task.Delay(took * RestFactor < LongestRest ? took * RestFactor : LongestRest, time, cancellation);
            }
        }
    }

    public void Dispose() => _places.Dispose();
}
