namespace Blackwall.Fingerprints;

/// <summary>How a change of the database went.</summary>
public enum FingerprintChange
{
    Done,

    /// <summary>There is no such entry.</summary>
    Missing,

    /// <summary>The entry is another than the one that was read.</summary>
    Stale,

    /// <summary>There is such an entry, and the caller did not say which one was read.</summary>
    Unread,

    /// <summary>There are as many as can be.</summary>
    Full,

    /// <summary>The store refused; nothing has changed.</summary>
    NotStored,
}
