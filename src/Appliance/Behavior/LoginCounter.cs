namespace Blackwall.Behavior;

/// <summary>Failed-looking logins at one service, in a fast and in a slow window; each starts with the first attempt after the last one ended.</summary>
internal struct LoginCounter
{
    public ushort Port;
    public ushort Fast;
    public ushort Slow;
    public uint FastSeconds;
    public uint SlowSeconds;

    public void Count(uint seconds, uint fastWindow, uint slowWindow)
    {
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

        Fast = (ushort)Math.Min(Fast + 1, ushort.MaxValue);
        Slow = (ushort)Math.Min(Slow + 1, ushort.MaxValue);
    }
}
