using Blackwall.Pipeline.Model;

namespace Blackwall.Capture;

/// <summary>The last packets of a source that is only suspected: a fixed piece of memory, in which the newest replace the oldest.</summary>
internal sealed class PacketRing(int packets, int bytesEach)
{
    private readonly TappedPacket[] _about = new TappedPacket[packets];
    private readonly int[] _lengths = new int[packets];
    private readonly byte[] _frames = new byte[packets * bytesEach];
    private long _count;

    /// <summary>Takes one packet of <see cref="Read"/>.</summary>
    public delegate void Reader(in TappedPacket packet, ReadOnlySpan<byte> frame);

    /// <summary>Makes it empty, for another source.</summary>
    public void Clear() => _count = 0;

    public void Add(in TappedPacket packet, ReadOnlySpan<byte> frame)
    {
        int slot = (int)(_count++ % packets);
        int kept = Math.Min(frame.Length, bytesEach);
        frame[..kept].CopyTo(_frames.AsSpan(slot * bytesEach));
        (_about[slot], _lengths[slot]) = (packet, kept);
    }

    /// <summary>What is there from a time on, oldest first.</summary>
    public void Read(long sinceUnixNanoseconds, Reader reader)
    {
        for (long index = Math.Max(0, _count - packets); index < _count; index++)
        {
            int slot = (int)(index % packets);
            if (_about[slot].UnixNanoseconds >= sinceUnixNanoseconds)
            {
                reader(in _about[slot], _frames.AsSpan(slot * bytesEach, _lengths[slot]));
            }
        }
    }
}
