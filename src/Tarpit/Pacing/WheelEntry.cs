namespace Blackwall.Tarpit.Pacing;

/// <summary>Something that waits on the wheel. Its links belong to the wheel.</summary>
internal abstract class WheelEntry
{
    internal long Due { get; set; }

    internal WheelEntry? Next { get; set; }

    internal WheelEntry? Previous { get; set; }

    internal bool IsLinked { get; set; }

    /// <summary>Its time came. Must not block or throw.</summary>
    public abstract void Run();
}
