namespace Blackwall.Tarpit.Shell;

/// <summary>What one program keeps while it runs.</summary>
internal sealed class HeldBytes : IMemoryHolder
{
    public long Bytes { get; set; }

    long IMemoryHolder.BytesHeld(HashSet<object> seen) => Bytes;
}
