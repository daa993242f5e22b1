using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Outbound;

namespace Blackwall.Behavior;

/// <summary>What was learned, out of memory and back.</summary>
/// <param name="gate">Held while the tables are read or written.</param>
/// <param name="sources">What is known of sources outside.</param>
/// <param name="outbound">And of hosts inside.</param>
internal sealed class BehaviorMemory(Lock gate, SourceWatch sources, OutboundWatch outbound)
{
    private const byte ProvenMark = 1;
    private const byte UnprovenMark = 2;
    private const byte PairMark = 3;
    private const byte HostMark = 4;
    private const byte DestinationMark = 5;
    private const byte NetworkMark = 6;
    private const byte HouseholdMark = 7;

    private const int Slice = 2048;
    private const int MostBytes = 64 << 20;
    private const int FewKnocks = 3;
    private const ulong Forgotten = 7 * 86_400 * 1_000_000_000UL;

    /// <summary>
    /// Everything worth keeping: sources that proved themselves or are watched, pairs, hosts, networks. At most 64 MiB, those that proved themselves
    /// first. Taken in slices, so that events wait for microseconds.
    /// </summary>
    public ReadOnlyMemory<byte> Save()
    {
        Snapshot snapshot = new();
        Slices(sources.Table.Proven.Chains, (from, to) => sources.Table.Proven.Visit(from, to, slot => Save(snapshot, ProvenMark, new Subject(sources.Table.Proven, slot))));
        Slices(sources.Table.Unproven.Chains, (from, to) => sources.Table.Unproven.Visit(from, to, slot => Save(snapshot, UnprovenMark, new Subject(sources.Table.Unproven, slot))));
        Slices(outbound.PairTable, snapshot, PairMark);
        Slices(outbound.HostTable, snapshot, HostMark);
        Slices(outbound.DestinationTable, snapshot, DestinationMark);
        Slices(sources.Networks.Table, snapshot, NetworkMark);
        Slices(sources.Households.Table, snapshot, HouseholdMark);
        return snapshot.Content;
    }

    /// <summary>Takes up an earlier snapshot; what is known already stays as it is. Returns the rows taken; -1: another version's.</summary>
    /// <param name="content">May be damaged.</param>
    /// <param name="now">Rows that were not touched for a week before are left out.</param>
    public int Load(ReadOnlySpan<byte> content, DateTimeOffset now)
    {
        int taken = 0;
        ulong oldest = (ulong)Math.Max(0, (now - DateTimeOffset.UnixEpoch).Ticks) * 100;
        oldest -= Math.Min(oldest, Forgotten);
        bool isOurs = Snapshot.Read(content, (mark, row) =>
        {
            lock (gate)
            {
                taken += TryRestore(mark, row, oldest) ? 1 : 0;
            }
        });
        return isOurs ? taken : -1;
    }

    private bool TryRestore(byte mark, ReadOnlySpan<byte> row, ulong oldest) => mark switch
    {
        ProvenMark => TryRestore(sources.Table.Proven, row, oldest),
        UnprovenMark => TryRestore(sources.Table.Unproven, row, oldest),
        PairMark => TryRestore(outbound.PairTable, row),
        HostMark => TryRestore(outbound.HostTable, row),
        DestinationMark => TryRestore(outbound.DestinationTable, row),
        NetworkMark => TryRestore(sources.Networks.Table, row),
        HouseholdMark => TryRestore(sources.Households.Table, row),
        _ => false,
    };

    private static bool TryRestore<TKey, TEntry>(BoundedTable<TKey, TEntry> table, ReadOnlySpan<byte> row)
        where TKey : unmanaged, IEquatable<TKey>, IHashed
        where TEntry : unmanaged
    {
        if (!Snapshot.TryRead(row, out TKey key, out TEntry entry) || table.TryFind(key, out _))
        {
            return false;
        }

        table.FindOrAdd(key, out _) = entry;
        return true;
    }

    private bool TryRestore(ProfileRegion region, ReadOnlySpan<byte> row, ulong oldest)
    {
        Watch watch = default;
        if (!(Snapshot.TryRead(row, out Profile profile) || Snapshot.TryRead(row, out profile, out watch)) || profile.Phase > Phase.Trusted
            || profile.LastNanoseconds < oldest || sources.Table.TryFind(profile.Key, out _))
        {
            return false;
        }

        // Blocked sources are not restored from here: the board has them, and their next packet sets the phase.
        profile.CoveredUntilNanoseconds = 0;
        profile.Phase = profile.Phase is Phase.Blocked or Phase.Malicious ? Phase.Suspicious : profile.Phase;
        bool isWatched = profile.WatchSlot != 0;
        int slot = region.Add(in profile);
        if (isWatched)
        {
            ref Watch mine = ref region.Watch(slot);
            mine = watch;
            mine.Owner = slot;
        }

        return true;
    }

    private static void Save(Snapshot snapshot, byte mark, Subject subject)
    {
        ref Profile profile = ref subject.Profile;

        // Forged SYNs to a login port are counted here as well.
        bool isWorthIt = mark == ProvenMark || subject.IsWatched || profile.Suspicion > 0 || profile.Knocks >= FewKnocks;
        if (!isWorthIt || snapshot.Length >= MostBytes)
        {
            return;
        }

        if (subject.IsWatched)
        {
            snapshot.Row(mark, in profile, in subject.Watch);
        }
        else
        {
            // Most sources have no detailed record, which is much larger than the profile.
            snapshot.Row(mark, in profile);
        }
    }

    private void Slices<TKey, TEntry>(BoundedTable<TKey, TEntry> table, Snapshot snapshot, byte mark)
        where TKey : unmanaged, IEquatable<TKey>, IHashed
        where TEntry : unmanaged =>
        Slices(table.Chains, (from, to) => table.Visit(from, to, (in TKey key, in TEntry entry) =>
        {
            if (snapshot.Length < MostBytes)
            {
                snapshot.Row(mark, in key, in entry);
            }
        }));

    private void Slices(int chains, Action<int, int> visit)
    {
        for (int from = 0; from < chains; from += Slice)
        {
            lock (gate)
            {
                visit(from, from + Slice);
            }
        }
    }
}
