namespace Blackwall.Bridges.Tarpit;

/// <summary>Where the tarpit runs.</summary>
public enum TarpitIsolation
{
    /// <summary>In a process of its own that can reach nothing.</summary>
    Process,

    /// <summary>In the appliance itself, for debugging: whoever breaks out of it has the appliance. Health says so.</summary>
    None,
}
