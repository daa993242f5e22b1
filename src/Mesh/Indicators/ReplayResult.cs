namespace Blackwall.Mesh.Indicators;

/// <summary>What a message is among those of its author.</summary>
public enum ReplayResult
{
    Fresh,

    /// <summary>The same message again.</summary>
    Duplicate,

    /// <summary>From before what is remembered.</summary>
    Stale,

    /// <summary>Another message had the same counter: the author signed both.</summary>
    Conflict,
}
