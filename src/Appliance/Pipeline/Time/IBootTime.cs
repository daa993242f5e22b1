namespace Blackwall.Pipeline.Time;

/// <summary>A clock that no hand and no server sets: it counts from the start of the machine, while it sleeps too, and ends with it.</summary>
public interface IBootTime
{
    /// <summary>Another one for each start of the machine.</summary>
    string BootId { get; }

    /// <summary>Nanoseconds since the machine started (CLOCK_BOOTTIME).</summary>
    ulong Nanoseconds { get; }
}
