namespace Blackwall.Pipeline.Model;

/// <summary>By what a list of sources is in order, the most first.</summary>
public enum SourceOrder
{
    LastSeen,
    Packets,
    Suspicion,
}
