namespace Blackwall.Behavior.Detectors;

/// <summary>Logins that failed, and sessions that got in, since a time in seconds.</summary>
internal struct LoginWindow
{
    public uint Since;
    public ushort Failed;
    public ushort GotIn;

    /// <summary>How many failed, if they are more than so many times those that got in; else 0.</summary>
    public readonly int Suspect(int margin) => Failed > GotIn * margin ? Failed : 0;

    public void Fail(uint seconds, uint window)
    {
        if (Failed == 0 || seconds - Since > window)
        {
            this = new LoginWindow { Since = seconds };
        }

        Failed = (ushort)Math.Min(Failed + 1, ushort.MaxValue);
    }

    public void Succeed() => GotIn = (ushort)Math.Min(GotIn + 1, ushort.MaxValue);
}
