namespace Blackwall.Tarpit.Http.Face;

/// <summary>How reading a line ended.</summary>
internal enum LineEnd
{
    /// <summary>With CR and LF.</summary>
    Whole,

    /// <summary>The peer ended before the line did.</summary>
    Closed,

    /// <summary>It is longer than a line may be.</summary>
    TooLong,

    /// <summary>With a bare LF, or with a NUL in it.</summary>
    Bad,
}
