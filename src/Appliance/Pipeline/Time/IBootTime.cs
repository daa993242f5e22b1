namespace Blackwall.Pipeline.Time;

/// <summary>A clock that cannot be set: it counts from the start of the machine, in suspend too, and begins anew at the next start.</summary>
public interface IBootTime
{
    /// <summary>Changes at each start of the machine.</summary>
    string BootId { get; }

    /// <summary>Nanoseconds since the machine started (CLOCK_BOOTTIME).</summary>
    ulong Nanoseconds { get; }
}
