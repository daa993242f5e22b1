using Blackwall.Client;

namespace Blackwall.Tui.Live;

/// <summary>
/// Asks for one resource again and again: one request in flight, slower while it fails. Lives on the thread of the screen, which only starts
/// requests and looks whether they are done.
/// </summary>
/// <param name="ask">One request.</param>
/// <param name="interval">From an answer to the next question.</param>
/// <param name="time">The clock.</param>
internal sealed class Poll<T>(Func<CancellationToken, Task<Answer<T>>> ask, TimeSpan interval, TimeProvider time) : IDisposable
    where T : class
{
    private readonly CancellationTokenSource _over = new();
    private Task<Answer<T>>? _inFlight;
    private DateTimeOffset _due = DateTimeOffset.MinValue;
    private int _failures;

    /// <summary>The last good answer; it stays while later ones fail.</summary>
    public T? Value { get; private set; }

    public DateTimeOffset? At { get; private set; }

    /// <summary>Null: the last question was answered.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>When the next question is asked.</summary>
    public DateTimeOffset Due => _due;

    public bool Busy => _inFlight is not null;

    /// <summary>Ask as soon as possible.</summary>
    public void Hurry() => _due = DateTimeOffset.MinValue;

    /// <summary>Whether an answer or a failure came since the last call.</summary>
    public bool Tick()
    {
        bool news = Harvest();
        if (_inFlight is null && time.GetUtcNow() >= _due)
        {
            _inFlight = ask(_over.Token);
        }

        return news;
    }

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    private bool Harvest()
    {
        if (_inFlight is not { IsCompleted: true } done)
        {
            return false;
        }

        _inFlight = null;
        Answer<T> answer = done.IsCompletedSuccessfully ? done.Result : new Answer<T>(null, new Failure(FailureKind.Broken, "The console could not ask."));
        Failure = answer.Failure;
        DateTimeOffset now = time.GetUtcNow();
        if (answer.Value is { } value)
        {
            (Value, At, _failures) = (value, now, 0);
            _due = now + interval;
        }
        else
        {
            TimeSpan pause = Backoff.After(++_failures, answer.Failure);
            _due = now + (pause > interval ? pause : interval);
        }

        return true;
    }
}
