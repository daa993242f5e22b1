namespace Blackwall.Mesh.Sharing;

/// <summary>Counters by what became of messages. Thread-safe.</summary>
public sealed class ShareCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<ShareCount>().Length];

    public long this[ShareCount what] => Volatile.Read(ref _counts[(int)what]);

    internal void Add(ShareCount what, long count = 1) => Interlocked.Add(ref _counts[(int)what], count);
}
