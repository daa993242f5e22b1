namespace Blackwall.Behavior;

/// <summary>
/// Failed-looking logins at one service, in a fast and a slow window and over a day; each starts with the first attempt after the last one
/// ended. Beside each the sessions that got in: who mostly gets in is no guesser, however often one of his short sessions looks like a failure.
/// </summary>
internal struct LoginCounter
{
    public ushort Port;

    /// <summary>Whether a web server is known to have refused them.</summary>
    public bool IsRefused;
    public LoginWindow Fast;
    public LoginWindow Slow;
    public LoginWindow Day;

    public void Count(uint seconds, uint fastWindow, uint slowWindow, uint day)
    {
        Fast.Fail(seconds, fastWindow);
        Slow.Fail(seconds, slowWindow);
        Day.Fail(seconds, day);
    }

    /// <summary>A session at the same service that got in.</summary>
    public void Clear()
    {
        Fast.Succeed();
        Slow.Succeed();
        Day.Succeed();
    }
}
