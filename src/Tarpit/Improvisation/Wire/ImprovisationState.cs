namespace Blackwall.Tarpit.Improvisation.Wire;

/// <summary>How an answer goes on.</summary>
public enum ImprovisationState : byte
{
    /// <summary>More comes.</summary>
    More = 0,

    /// <summary>This was all of it.</summary>
    Whole = 1,

    /// <summary>There is no answer, or no more of it.</summary>
    Failed = 2,
}
