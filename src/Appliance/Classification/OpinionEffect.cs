namespace Blackwall.Classification;

/// <summary>What followed from an opinion.</summary>
internal enum OpinionEffect
{
    /// <summary>Shadow mode: nothing follows from any.</summary>
    Shadow,

    /// <summary>The model sees no attack, or is not sure enough. That lowers nothing.</summary>
    None,

    /// <summary>The source uses services in the ordinary way, and is not limited on an opinion.</summary>
    Standing,

    /// <summary>The source is rate-limited for some minutes.</summary>
    Limited,

    /// <summary>The board refused the limit: guard, allow rule.</summary>
    Refused,
}
