namespace Blackwall.Lab.Servers;

/// <summary>What a feed server does instead of answering as it should.</summary>
public enum FeedFault
{
    /// <summary>Nothing: it answers with an ETag, and 304 to who has the list.</summary>
    None,

    /// <summary>The list packed with gzip.</summary>
    Packed,

    NotFound,

    ServerError,

    /// <summary>429 and Retry-After: 7200.</summary>
    TooMany,

    /// <summary>200 and a page that says that something went wrong.</summary>
    Page,

    /// <summary>200, text/plain, and a sentence.</summary>
    Sentence,

    /// <summary>Half of the packed list, and the end.</summary>
    CutPacked,

    /// <summary>Half of the list, and the end, though the length says otherwise.</summary>
    Cut,

    /// <summary>100 MB of entries, without a length.</summary>
    Huge,

    /// <summary>A few kilobytes that unpack to 100 MB.</summary>
    Bomb,

    /// <summary>A byte every now and then, without end.</summary>
    Trickle,

    /// <summary>The list behind a byte order mark.</summary>
    Mark,

    /// <summary>The list with CRLF.</summary>
    Windows,

    /// <summary>200 and nothing.</summary>
    Empty,

    /// <summary>A redirection to itself.</summary>
    Circle,

    /// <summary>Bytes without meaning.</summary>
    Noise,

    /// <summary>304 to who asked without a condition.</summary>
    Unasked,

    /// <summary>No answer: the connection ends.</summary>
    Silent,

    /// <summary>Every address that there is.</summary>
    Everything,
}
