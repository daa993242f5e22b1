namespace Blackwall.Classification;

/// <summary>What opinions of the language model are for.</summary>
public enum AiMode
{
    /// <summary>It is not asked.</summary>
    Off,

    /// <summary>It is asked, and what it thinks is told and changes nothing.</summary>
    Shadow,

    /// <summary>It may have a suspicious source limited for some minutes.</summary>
    Advise,
}
