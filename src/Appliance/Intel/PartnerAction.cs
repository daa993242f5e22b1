namespace Blackwall.Intel;

/// <summary>What an indicator that a partner adds does to its addresses.</summary>
internal enum PartnerAction
{
    /// <summary>Nothing: it is kept.</summary>
    Keep,

    /// <summary>They are limited by challenge, which hurts nobody who answers.</summary>
    Limit,

    /// <summary>They are blocked.</summary>
    Drop,
}
