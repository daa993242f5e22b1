namespace Blackwall.Behavior.Detectors;

/// <summary>
/// Failed-looking logins at one service, in a fast and a slow window and over a day; each starts with the first attempt after the last one
/// ended. Beside each the sessions that got in: who mostly gets in is no guesser, however often one of his short sessions looks like a failure.
/// </summary>
internal struct LoginCounter
{
    public ushort Port;

    /// <summary>Whether a web server is known to have refused them.</summary>
    public bool IsRefused;

    /// <summary>Whether another site may have led a browser to them.</summary>
    public bool IsLed;
    public LoginWindow Fast;
    public LoginWindow Slow;
    public LoginWindow Day;

    /// <summary>
    /// By how much failures have to outnumber the sessions that got in. Of a program whose short sessions now and then look like failures, some
    /// such meet in two minutes by chance; who gets in all day long needs a clearer case.
    /// </summary>
    /// <param name="uses">Signs of ordinary use lately: sessions before the first failure are not counted here.</param>
    public readonly int Margin(int uses) => Math.Max(Day.GotIn, uses) > Day.Failed ? 3 : 1;

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
