namespace Blackwall.Tui.Sessions;

/// <summary>Plays a recording onto a screen: live as it comes, or from its start at a speed. Pauses of the recording are cut short.</summary>
internal sealed class Replay(TerminalRecording recording)
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private TerminalScreen? _screen;
    private int _next;
    private DateTimeOffset _due;

    /// <summary>All that has come is shown at once.</summary>
    public bool IsLive { get; private set; } = true;

    public bool IsPaused { get; private set; }

    /// <summary>1, 2, 4, 8 or 16.</summary>
    public int Speed { get; private set; } = 1;

    /// <summary>Everything that has come is shown.</summary>
    public bool IsAtEnd => _next >= recording.Pieces.Count;

    /// <summary>Where it is in the recording.</summary>
    public TimeSpan Position => _next == 0 || recording.Pieces.Count == 0 ? TimeSpan.Zero : recording.Pieces[_next - 1].At;

    public TimeSpan End => recording.Pieces.Count == 0 ? TimeSpan.Zero : recording.Pieces[^1].At;

    /// <summary>What is on the screen.</summary>
    public IReadOnlyList<string> Rows => _screen?.Rows ?? [];

    /// <summary>Plays from the start.</summary>
    public void Start(DateTimeOffset now)
    {
        (_screen, _next, _due) = (null, 0, now);
        (IsLive, IsPaused) = (false, false);
    }

    /// <summary>Shows all that has come, and what comes.</summary>
    public void GoLive() => (IsLive, IsPaused) = (true, false);

    public void Pause(DateTimeOffset now)
    {
        IsPaused = !IsPaused;
        _due = now;
    }

    /// <summary>The next higher speed, or 1 behind the highest.</summary>
    public void Hasten() => Speed = Speed == 16 ? 1 : Speed * 2;

    /// <summary>Shows what is due; whether something was.</summary>
    public bool Tick(DateTimeOffset now)
    {
        if (IsPaused)
        {
            return false;
        }

        int before = _next;
        while (!IsAtEnd && (IsLive || now >= _due))
        {
            _screen ??= new TerminalScreen(recording.Columns, recording.Rows);
            _screen.Write(recording.Pieces[_next++].Output);
            if (!IsLive && !IsAtEnd)
            {
                TimeSpan pause = recording.Pieces[_next].At - recording.Pieces[_next - 1].At;
                _due += (pause < s_longestPause ? pause : s_longestPause) / Speed;
            }
        }

        return _next != before;
    }
}
