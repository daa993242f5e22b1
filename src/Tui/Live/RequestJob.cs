namespace Blackwall.Tui.Live;

/// <summary>One request that the operator asked for; its answer is taken up on the thread of the screen.</summary>
internal sealed class RequestJob
{
    private Task? _running;
    private Action? _done;

    public bool Busy => _running is not null;

    /// <summary>Starts it; false: another one is under way.</summary>
    public bool Start<T>(Task<T> request, Action<T> done)
    {
        if (Busy)
        {
            return false;
        }

        _running = request;
        _done = () =>
        {
            if (request.IsCompletedSuccessfully)
            {
                done(request.Result);
            }
        };
        return true;
    }

    /// <summary>Whether one came to its end.</summary>
    public bool Tick()
    {
        if (_running is not { IsCompleted: true })
        {
            return false;
        }

        Action? done = _done;
        (_running, _done) = (null, null);
        done!();
        return true;
    }
}
