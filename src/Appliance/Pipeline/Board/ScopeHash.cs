using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>Finds the rows that speak of exactly one scope, and knows which prefix lengths there are. Not thread-safe.</summary>
internal sealed class ScopeHash(ClaimRows rows)
{
    private readonly int[] _lengths4 = new int[33];
    private readonly int[] _lengths6 = new int[129];
    private int[] _buckets = new int[1024];

    /// <summary>How many claims there are of each prefix length of the scope's family.</summary>
    public int[] Lengths(Prefix scope) => scope.IsV4 ? _lengths4 : _lengths6;

    /// <summary>The first slot that may speak of the scope, -1: none; the others follow by <see cref="ClaimRow.Next"/>.</summary>
    public int First(Prefix scope) => _buckets[BucketOf(scope)] - 1;

    public void Add(int slot)
    {
        if (rows.Used > _buckets.Length)
        {
            Grow();
            Count(slot);
            return;
        }

        Link(slot);
        Count(slot);
    }

    public void Remove(int slot)
    {
        ref ClaimRow row = ref rows[slot];
        Lengths(row.Scope)[row.Length]--;
        ref int link = ref _buckets[BucketOf(row.Scope)];
        int at = link - 1;
        if (at == slot)
        {
            link = row.Next + 1;
            return;
        }

        while (rows[at].Next != slot)
        {
            at = rows[at].Next;
        }

        rows[at].Next = row.Next;
    }

    private void Count(int slot)
    {
        ref ClaimRow row = ref rows[slot];
        Lengths(row.Scope)[row.Length]++;
    }

    private void Link(int slot)
    {
        ref ClaimRow row = ref rows[slot];
        ref int bucket = ref _buckets[BucketOf(row.Scope)];
        row.Next = bucket - 1;
        bucket = slot + 1;
    }

    // The row that is being added is among those that are linked anew.
    private void Grow()
    {
        _buckets = new int[_buckets.Length * 2];
        for (int slot = 0; slot < rows.Used; slot++)
        {
            if (rows[slot].Id != 0)
            {
                Link(slot);
            }
        }
    }

    // HashCode is seeded per process: nobody outside can aim at one bucket.
    private int BucketOf(Prefix scope) => HashCode.Combine((ulong)(scope.Network.Value >> 64), (ulong)scope.Network.Value, scope.Length) & (_buckets.Length - 1);
}
