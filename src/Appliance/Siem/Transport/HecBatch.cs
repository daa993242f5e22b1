namespace Blackwall.Siem.Transport;

/// <summary>A batch that a collector took and has not confirmed yet.</summary>
/// <param name="body">As it was sent, to be sent again.</param>
internal sealed class HecBatch(byte[] body)
{
    public byte[] Body => body;

    /// <summary>Channel over which it was sent: numbers count for each.</summary>
    public required Guid Channel { get; set; }

    /// <summary>Number by which the collector confirms it; -1: it gave none when it was sent again.</summary>
    public required long Ack { get; set; }

    /// <summary>Timestamp of the clock.</summary>
    public required long Sent { get; set; }

    public bool IsIndexed { get; set; }
}
