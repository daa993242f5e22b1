namespace Blackwall.Tarpit.Pacing;

/// <summary>What paces all sessions: the wheel and the mode of the settings.</summary>
internal sealed class SessionPacing(string mode, TimeProvider time) : IDisposable
{
    private readonly PacingProfile? _profile = PacingProfile.Find(Enum.TryParse(mode, ignoreCase: true, out PacingMode parsed) ? parsed : PacingMode.Off);

    public TimerWheel Wheel { get; } = new(time);

    /// <summary>For a session whose client waits as long as people do.</summary>
    public Pacer ForPeople() => new(Wheel, _profile, time);

    /// <summary>For a session whose client gives up after a time without a byte, or without the whole answer.</summary>
    public Pacer ForClient(TimeSpan silence, TimeSpan whole) => new(Wheel, _profile?.Under(silence, whole), time);

    public void Dispose() => Wheel.Dispose();
}
