namespace Blackwall.Siem.Transport;

internal enum SendOutcome
{
    /// <summary>All but the refused ones are there.</summary>
    Delivered,

    /// <summary>All but the refused ones were sent, and are confirmed later.</summary>
    OnItsWay,

    /// <summary>Nothing of it is there because of the refused ones: the rest goes again without them.</summary>
    Without,

    /// <summary>Something in it is refused, or it is too large, and the sink does not say what: it goes again in halves.</summary>
    Split,

    /// <summary>It may go again as it is, later.</summary>
    Retry,
}
