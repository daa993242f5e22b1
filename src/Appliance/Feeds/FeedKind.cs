namespace Blackwall.Feeds;

/// <summary>What the addresses of a feed are.</summary>
internal enum FeedKind
{
    /// <summary>They attack others.</summary>
    Attackers,

    /// <summary>Servers that control malware: flows of inside hosts to them are evidence, too.</summary>
    C2,

    /// <summary>They are harmless: what they overlap is left out of all other feeds, and of nothing else.</summary>
    Allow,
}
