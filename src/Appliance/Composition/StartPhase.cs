namespace Blackwall.Composition;

/// <summary>In which order the parts of the appliance start; they stop in the reverse order.</summary>
public enum StartPhase
{
    /// <summary>What is stored comes back: decisions, clocks, words.</summary>
    Restore = 0,

    /// <summary>What nothing automatic may touch is known before anything is decided.</summary>
    Guard = 1,

    /// <summary>Rules of the configuration, changes on trial, databases.</summary>
    Rules = 2,

    /// <summary>The policy goes into the kernel, and packets are judged.</summary>
    Wall = 3,

    /// <summary>What the kernel saw is judged.</summary>
    Detection = 4,

    /// <summary>The first request is answered.</summary>
    Api = 5,
}
