namespace Blackwall.Kernel.Abi;

/// <summary>Whether the wall acts, only counts, or stands aside.</summary>
public enum EnforcementMode : uint
{
    Off = 0,
    Observe = 1,
    Enforce = 2,
}
