namespace Blackwall.Behavior;

/// <summary>Failed-looking logins at one service, in a fast and a slow window and over a day; each starts with the first attempt after the last one ended.</summary>
internal struct LoginCounter
{
    public ushort Port;
    public ushort Fast;
    public ushort Slow;

    /// <summary>Whether the server is known to have refused them.</summary>
    public bool IsRefused;
    public uint FastSeconds;
    public uint SlowSeconds;
    public ushort Day;
    public uint DaySeconds;

    public void Count(uint seconds, uint fastWindow, uint slowWindow, uint day)
    {
        if (Day == 0 || seconds - DaySeconds > day)
        {
            Day = 0;
            DaySeconds = seconds;
        }

        if (Fast == 0 || seconds - FastSeconds > fastWindow)
        {
            Fast = 0;
            FastSeconds = seconds;
        }

        if (Slow == 0 || seconds - SlowSeconds > slowWindow)
        {
            Slow = 0;
            SlowSeconds = seconds;
        }

        Day = (ushort)Math.Min(Day + 1, ushort.MaxValue);
        Fast = (ushort)Math.Min(Fast + 1, ushort.MaxValue);
        Slow = (ushort)Math.Min(Slow + 1, ushort.MaxValue);
    }
}
